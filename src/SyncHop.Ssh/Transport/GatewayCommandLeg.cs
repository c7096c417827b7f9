using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.Transport;

/// <summary>
/// A command such as <c>nc %h %p</c> that runs on a gateway which forbids forwarding; its standard input and output
/// are the connection.
/// </summary>
internal sealed class GatewayCommandLeg : Leg
{
    // A packet of OpenSSH's channels.
    private const int BufferSize = 32 << 10;

    private readonly HopConnection _gateway;
    private readonly string _command;
    private readonly RemoteErrors _errors;
    private Thread? _pump;

    /// <exception cref="LegException">The command is wrong.</exception>
    public GatewayCommandLeg(HopConnection gateway, HopSettings hop, string command, IUserPrompt prompt)
    {
        (_gateway, _errors) = (gateway, new RemoteErrors(prompt, gateway.Settings.Display));
        _command = CommandTokens.Expand(command, hop);
    }

    public override string Via => _gateway.Settings.Display;

    public override string Description => $"{Via} by \"{Printable.Line(_command)}\"";

    public override bool IsProgram => true;

    protected override async Task CarryAsync(Socket peer, CancellationToken cancellationToken)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pump = new Thread(() => Pump(_gateway.Session, peer, opened)) { IsBackground = true, Name = "synchop command" };
        _pump.Start();
        await opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Pump(Session gateway, Socket peer, TaskCompletionSource opened)
    {
        try
        {
            object channel = SshNetInternals.CreateSessionChannel(gateway);
            using var lifetime = (IDisposable)channel;
            SshNetInternals.OnDataReceived(channel, (_, e) => Deliver(peer, SshNetInternals.ReceivedData(e)));
            SshNetInternals.OnExtendedData(channel, (_, e) => _errors.Add(SshNetInternals.ReceivedData(e)));
            SshNetInternals.OnEndOfData(channel, (_, _) => Shutdown(peer, SocketShutdown.Send));
            SshNetInternals.OnClosed(channel, (_, _) => Finish(peer));
            gateway.Disconnected += (_, _) => peer.Dispose();
            gateway.ErrorOccured += (_, _) => peer.Dispose();
            Open(gateway, channel);
            ReceiveWindow.Widen(gateway, channel);
            opened.TrySetResult();
            byte[] buffer = new byte[BufferSize];
            while (peer.Receive(buffer) is var count and > 0) SshNetInternals.SendData(channel, buffer, 0, count);
        }
        catch (Exception e)
        {
            // The gateway or the client is gone; whoever uses them reports it.
            opened.TrySetException(e);
        }
        finally
        {
            peer.Dispose();
        }
    }

    private void Open(Session gateway, object channel)
    {
        try
        {
            using (new Nudge(gateway)) SshNetInternals.OpenSessionChannel(channel);
        }
        catch (SshException) when (gateway.IsConnected)
        {
            throw new LegException(HopFailureKind.Forward, $"{Via} does not open a session for a command");
        }

        if (!SshNetInternals.SendExecRequest(channel, _command))
            throw new LegException(HopFailureKind.Forward, $"{Via} does not run \"{Printable.Line(_command)}\"");
    }

    // On the gateway's receive thread: when the client does not read, the gateway waits, as with a forward.
    private static void Deliver(Socket peer, ArraySegment<byte> data)
    {
        try
        {
            peer.Send(data);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client is gone; the pump ends the command.
        }
    }

    private void Finish(Socket peer)
    {
        _errors.Flush();
        End($"the command \"{Printable.Line(_command)}\" on {Via} ended");
        Shutdown(peer, SocketShutdown.Both);
    }

    private static void Shutdown(Socket peer, SocketShutdown how)
    {
        try
        {
            peer.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    /// <summary>Closes the connection and waits a moment for its thread.</summary>
    public override void Dispose()
    {
        base.Dispose();
        _pump?.Join(TimeSpan.FromMilliseconds(100));
    }
}
