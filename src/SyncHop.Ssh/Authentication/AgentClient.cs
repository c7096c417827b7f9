using System.Buffers.Binary;
using System.Net.Sockets;

namespace SyncHop.Ssh.Authentication;

/// <summary>A key that the agent holds.</summary>
/// <param name="Blob">The public key or certificate.</param>
/// <param name="Comment">What the user calls it.</param>
internal sealed record AgentKey(byte[] Blob, string Comment);

/// <summary>Asks ssh-agent over its socket (draft-miller-ssh-agent); one connection for each question.</summary>
internal sealed class AgentClient(string socketPath)
{
    private const byte RequestIdentities = 11;
    private const byte IdentitiesAnswer = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;
    private const uint RsaSha256 = 2;
    private const uint RsaSha512 = 4;

    // OpenSSH's limits on an agent's answer.
    private const int MaximumReply = 256 * 1024;
    private const int MaximumKeys = 2048;

    public string Path => socketPath;

    /// <summary>The keys it holds, in its order.</summary>
    /// <exception cref="IOException">There is no agent, or it does not answer as one.</exception>
    public IReadOnlyList<AgentKey> List()
    {
        var reader = new WireReader(Ask([RequestIdentities]));
        if (!reader.TryReadByte(out byte type) || type != IdentitiesAnswer || !reader.TryReadUInt32(out uint count))
            throw new IOException("the agent does not list its keys");
        var keys = new List<AgentKey>();
        for (; count > 0; count--)
        {
            if (keys.Count == MaximumKeys
                || !reader.TryReadString(out ReadOnlySpan<byte> blob)
                || !reader.TryReadText(out string comment))
                throw new IOException("the agent's list of keys is malformed");
            keys.Add(new AgentKey(blob.ToArray(), comment));
        }

        return keys;
    }

    /// <summary>Has the agent sign; it may ask the user to confirm or to touch a token, and that may take long.</summary>
    /// <returns>The signature in the encoding of its algorithm; null when the agent refuses.</returns>
    /// <exception cref="IOException">There is no agent any more, or it does not answer as one.</exception>
    public byte[]? Sign(byte[] keyBlob, byte[] data, string algorithm)
    {
        uint flags = algorithm.StartsWith("rsa-sha2-512", StringComparison.Ordinal) ? RsaSha512
            : algorithm.StartsWith("rsa-sha2-256", StringComparison.Ordinal) ? RsaSha256 : 0;
        var reader = new WireReader(Ask([SignRequest, .. Prefixed(keyBlob), .. Prefixed(data), .. Number(flags)]));
        if (!reader.TryReadByte(out byte type) || type != SignResponse) return null;
        return reader.TryReadString(out ReadOnlySpan<byte> signature)
            ? signature.ToArray()
            : throw new IOException("the agent's signature is malformed");
    }

    private byte[] Ask(byte[] request)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            using var stream = new NetworkStream(socket);
            stream.Write(Prefixed(request));
            byte[] head = new byte[4];
            stream.ReadExactly(head);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (length is 0 or > MaximumReply) throw new IOException("the agent's answer has an impossible length");
            byte[] reply = new byte[length];
            stream.ReadExactly(reply);
            return reply;
        }
        catch (Exception e) when (e is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static byte[] Prefixed(byte[] data) => [.. Number((uint)data.Length), .. data];

    private static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
