using System.Net.Sockets;
using System.Text;

namespace SyncHop.Jobs.Units;

/// <summary>Tells the service manager how a service does (sd_notify(3)): datagrams to the socket that NOTIFY_SOCKET names.</summary>
public sealed class ServiceNotifier : IDisposable
{
    private readonly Socket _socket;

    private ServiceNotifier(Socket socket) => _socket = socket;

    /// <summary>The manager that started this process; null where none wants to be told.</summary>
    public static ServiceNotifier? FromEnvironment()
    {
        string? name = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (name is not ['/' or '@', _, ..]) return null;
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            // An @ stands for the NUL of an abstract name (unix(7)).
            socket.Connect(new UnixDomainSocketEndPoint(name[0] == '@' ? '\0' + name[1..] : name));
            return new ServiceNotifier(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>The service has begun its work.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>What the service is doing, in one line.</summary>
    public void Status(string status) => Send($"STATUS={status}");

    /// <summary>The service is about to end.</summary>
    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={status}");

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Send(string state)
    {
        try
        {
            _socket.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody listens any more; the work goes on.
        }
    }
}
