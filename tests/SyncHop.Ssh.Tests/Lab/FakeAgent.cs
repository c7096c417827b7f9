using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace SyncHop.Ssh.Tests.Lab;

/// <summary>An agent that answers as a test says: with keys of security tokens, or with garbage.</summary>
internal sealed class FakeAgent : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <param name="lab">Where the socket goes.</param>
    /// <param name="answer">The whole answer, length included, to a request without its length.</param>
    public FakeAgent(SshLab lab, Func<byte[], byte[]> answer)
    {
        Socket = Path.Combine(lab.Directory, "fake-agent.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(Socket));
        _listener.Listen();
        _ = Task.Run(() => Serve(answer));
    }

    public string Socket { get; }

    public static byte[] Text(string value) => Blob(Encoding.ASCII.GetBytes(value));

    public static byte[] Blob(byte[] value) => [.. Number((uint)value.Length), .. value];

    public static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public void Dispose() => _listener.Dispose();

    private void Serve(Func<byte[], byte[]> answer)
    {
        try
        {
            while (true)
            {
                using Socket client = _listener.Accept();
                using var stream = new NetworkStream(client);
                byte[] head = new byte[4];
                stream.ReadExactly(head);
                byte[] request = new byte[BinaryPrimitives.ReadUInt32BigEndian(head)];
                stream.ReadExactly(request);
                stream.Write(answer(request));
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
