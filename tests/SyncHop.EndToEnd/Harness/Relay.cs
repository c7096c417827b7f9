using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SyncHop.EndToEnd.Harness;

/// <summary>A stretch of the way that can be cut: a TCP relay on loopback.</summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly IPEndPoint _to;
    private volatile int _silent; // connections up to this one carry nothing any more

    public Relay(int toPort)
    {
        _to = new IPEndPoint(IPAddress.Loopback, toPort);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Resets all connections (RST).</summary>
    public void Cut()
    {
        foreach (var socket in _sockets.Keys)
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
        _sockets.Clear();
    }

    /// <summary>From now on nothing goes through the connections there are; new ones work.</summary>
    public void Silence() => _silent = Connections;

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                Connections++;
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(_to);
                _sockets[client] = _sockets[server] = true;
                var connection = Connections;
                _ = PumpAsync(client, server, connection);
                _ = PumpAsync(server, client, connection);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task PumpAsync(Socket from, Socket to, int connection)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                if (connection <= _silent) await Task.Delay(Timeout.Infinite);
                for (var done = 0; done < read;) done += await to.SendAsync(buffer.AsMemory(done, read - done));
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }
}
