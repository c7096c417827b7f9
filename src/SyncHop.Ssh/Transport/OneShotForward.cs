using System.Net;
using System.Net.Sockets;
using Renci.SshNet;

namespace SyncHop.Ssh.Transport;

/// <summary>Why a gateway did not open a connection (RFC 4254, section 5.1).</summary>
internal sealed class ForwardRefusedException(uint reason, string description) : Exception(description)
{
    public const uint AdministrativelyProhibited = 1;

    public uint Reason => reason;
}

/// <summary>
/// Carries exactly one connection from 127.0.0.1 through a gateway. The listener takes the one peer it is for and
/// is closed before a byte flows.
/// </summary>
internal sealed class OneShotForward : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Socket? _peer;
    private Thread? _pump;

    /// <exception cref="SocketException">No port is free.</exception>
    public OneShotForward()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Waits for the client's connection and has the gateway connect it to a host that it resolves.</summary>
    /// <exception cref="ForwardRefusedException">The gateway does not.</exception>
    public async Task OpenAsync(
        Session gateway, Session client, string host, int port, CancellationToken cancellationToken)
    {
        _peer = await AcceptAsync(client, cancellationToken).ConfigureAwait(false);
        _listener.Dispose();
        _peer.NoDelay = true;

        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pump = new Thread(() => Pump(gateway, _peer, host, port, opened))
        {
            IsBackground = true,
            Name = "synchop forward",
        };
        _pump.Start();
        await opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // Another local process could connect first; it is turned away, since its port is not our client's.
    private async Task<Socket> AcceptAsync(Session client, CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket peer = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            int? clientPort;
            // The client's connect has completed in the kernel; SSH.NET is about to publish its socket.
            while ((clientPort = LocalPort(client)) is null) await Task.Delay(1, cancellationToken).ConfigureAwait(false);
            if ((peer.RemoteEndPoint as IPEndPoint)?.Port == clientPort) return peer;
            peer.Dispose();
        }
    }

    private static int? LocalPort(Session client)
    {
        try
        {
            return (SshNetInternals.SocketOf(client)?.LocalEndPoint as IPEndPoint)?.Port;
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
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
    public void Dispose()
    {
        _listener.Dispose();
        _peer?.Dispose();
        _pump?.Join(TimeSpan.FromMilliseconds(100));
    }
}
