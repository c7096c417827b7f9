using System.Net.Sockets;
using Renci.SshNet;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Transport;

/// <summary>Why a gateway did not open a connection (RFC 4254, section 5.1).</summary>
internal sealed class ForwardRefusedException(uint reason, string description) : Exception(description)
{
    public const uint AdministrativelyProhibited = 1;

    public uint Reason => reason;
}

/// <summary>A connection that a gateway makes to a host that it resolves (RFC 4254, section 7.2).</summary>
internal sealed class ForwardLeg(HopConnection gateway, HopSettings hop) : Leg
{
    private Thread? _pump;

    public override string Via => gateway.Settings.Display;

    protected override async Task CarryAsync(Socket peer, CancellationToken cancellationToken)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pump = new Thread(() => Pump(gateway.Session, peer, hop.HostName, hop.Port, opened))
        {
            IsBackground = true,
            Name = "synchop forward",
        };
        _pump.Start();
        await opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Pump(Session gateway, Socket peer, string host, int port, TaskCompletionSource opened)
    {
        try
        {
            object channel = SshNetInternals.CreateDirectChannel(gateway);
            using var lifetime = (IDisposable)channel;
            using var owner = new ForwardedPortLocal("127.0.0.1", 0, host, (uint)port);
            SshNetInternals.OnOpenFailed(channel, (_, e) => opened.TrySetException(
                new ForwardRefusedException(
                    SshNetInternals.OpenFailureReason(e), Printable.Line(SshNetInternals.OpenFailureText(e)))));
            using (new Nudge(gateway)) SshNetInternals.OpenDirectChannel(channel, host, (uint)port, owner, peer);
            if (!SshNetInternals.IsOpen(channel)) return;
            ReceiveWindow.Widen(gateway, channel);
            opened.TrySetResult();
            SshNetInternals.BindDirectChannel(channel);
        }
        catch (Exception e)
        {
            // The gateway or the client is gone; whoever uses them reports it.
            opened.TrySetException(e);
        }
        finally
        {
            opened.TrySetException(new ForwardRefusedException(0, "the gateway closed the channel"));
            peer.Dispose();
        }
    }

    /// <summary>Closes the connection and waits a moment for its thread.</summary>
    public override void Dispose()
    {
        base.Dispose();
        _pump?.Join(TimeSpan.FromMilliseconds(100));
    }
}
