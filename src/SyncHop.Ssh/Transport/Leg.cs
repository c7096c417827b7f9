using System.Net;
using System.Net.Sockets;
using Renci.SshNet;

namespace SyncHop.Ssh.Transport;

/// <summary>A leg that could not be made; the message says why.</summary>
internal sealed class LegException(HopFailureKind kind, string reason) : Exception(reason)
{
    public HopFailureKind Kind => kind;
}

/// <summary>
/// What carries a hop's connection where no TCP connection of ours can: SSH.NET connects to 127.0.0.1, and the leg
/// takes that one connection on. The listener takes the one peer it is for and is closed before a byte flows.
/// </summary>
internal abstract class Leg : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _peer;

    /// <exception cref="SocketException">No port is free.</exception>
    protected Leg()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>What the connection goes through, for messages.</summary>
    public abstract string Via { get; }

    /// <summary>What the connection goes through and how, for <c>-vv</c> and <c>--check</c>.</summary>
    public virtual string Description => Via;

    /// <summary>True when a program carries the connection, which may end by itself and says why.</summary>
    public virtual bool IsProgram => false;

    /// <summary>Completes with the reason when the leg ends by itself and can say why.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Takes the client's connection and carries it on.</summary>
    /// <exception cref="LegException">It cannot.</exception>
    /// <exception cref="ForwardRefusedException">The gateway does not open the connection.</exception>
    public async Task OpenAsync(Session client, CancellationToken cancellationToken)
    {
        _peer = await AcceptAsync(client, cancellationToken).ConfigureAwait(false);
        _listener.Dispose();
        _peer.NoDelay = true;
        await CarryAsync(_peer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Completes when bytes flow between the client's connection and the host.</summary>
    protected abstract Task CarryAsync(Socket peer, CancellationToken cancellationToken);

    protected void End(string reason) => _ended.TrySetResult(reason);

    /// <summary>Closes the connection.</summary>
    public virtual void Dispose()
    {
        _listener.Dispose();
        _peer?.Dispose();
    }

    // Another local process could connect first; it is turned away, since its address is not our client's.
    private async Task<Socket> AcceptAsync(Session client, CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket peer = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            int? clientPort;
            // The client's connect has completed in the kernel; SSH.NET is about to publish its socket.
            while ((clientPort = LocalPort(client)) is null) await Task.Delay(1, cancellationToken).ConfigureAwait(false);
            if (IsAt(peer, clientPort.Value)) return peer;
            peer.Dispose();
        }
    }

    // The same port of 127.0.0.2 is somebody else's.
    internal static bool IsAt(Socket peer, int port) =>
        peer.RemoteEndPoint is IPEndPoint address && address.Port == port && address.Address.Equals(IPAddress.Loopback);

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
}
