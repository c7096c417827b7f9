using System.Net;
using System.Net.Sockets;

namespace SyncHop.LinkEmulator;

/// <summary>
/// A relay that makes a loopback connection as slow as a long link: whoever connects to <see cref="Port"/> talks to the
/// server behind it over that link. Bytes are carried in user space, without privileges.
/// </summary>
public sealed class Link : IDisposable
{
    /// <summary>What the kernel may hold for us on either side: bytes there count as not sent yet.</summary>
    private const int SocketBuffer = 256 * 1024;

    private readonly LinkSettings _settings;
    private readonly IPEndPoint _server;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly LinkDirection _up;
    private readonly LinkDirection _down;

    /// <summary>Opens the link.</summary>
    /// <param name="settings">What it is like.</param>
    /// <param name="server">The server at its far end.</param>
    /// <param name="port">The port on 127.0.0.1 of its near end; 0 for any.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public Link(LinkSettings settings, IPEndPoint server, int port = 0)
    {
        _settings = settings;
        _server = server;
        _up = new LinkDirection(settings);
        _down = new LinkDirection(settings);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(128);
        new Thread(Accept) { IsBackground = true, Name = "accept" }.Start();
    }

    /// <summary>The port of the near end, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Payload bytes carried from the near end to the server.</summary>
    public long BytesUp => _up.Bytes;

    /// <summary>Payload bytes carried from the server to the near end.</summary>
    public long BytesDown => _down.Bytes;

    /// <summary>Accepts no more connections; those that are open live on.</summary>
    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        while (true)
        {
            Socket near;
            try
            {
                near = _listener.Accept();
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                return;
            }
            long now = MonotonicClock.Now;
            new Thread(() => Connect(near, now)) { IsBackground = true, Name = "connect" }.Start();
        }
    }

    /// <summary>The SYN arrives after one delay, its answer after two; only then does the client send.</summary>
    private void Connect(Socket near, long started)
    {
        long delay = MonotonicClock.Nanoseconds(_settings.Delay);
        MonotonicClock.BePrecise();
        MonotonicClock.SleepUntil(started + delay);
        Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Tune(near);
            Tune(far);
            far.Connect(_server);
        }
        catch (SocketException)
        {
            // What a refused connection looks like from here: closed at once.
            near.Dispose();
            far.Dispose();
            return;
        }
        int open = 2;
        new Pipe(near, far, _up, _settings, started + 2 * delay).Start(Ended);
        new Pipe(far, near, _down, _settings, started + delay).Start(Ended);

        void Ended()
        {
            if (Interlocked.Decrement(ref open) > 0) return;
            near.Dispose();
            far.Dispose();
        }
    }

    private static void Tune(Socket socket)
    {
        socket.NoDelay = true;
        socket.ReceiveBufferSize = SocketBuffer;
        socket.SendBufferSize = SocketBuffer;
    }
}
