using System.Buffers.Binary;

namespace SyncHop.Sftp;

/// <summary>
/// Reads the fields of one complete packet. Every read is checked against the bytes that are really there;
/// a field beyond them is a <see cref="SftpProtocolException"/>.
/// </summary>
internal ref struct PacketReader(ReadOnlySpan<byte> fields)
{
    private ReadOnlySpan<byte> _rest = fields;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads an unsigned 32-bit integer in network byte order.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    /// <summary>Reads an unsigned 64-bit integer in network byte order.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(sizeof(ulong)));

    /// <summary>Reads a string: its length, then its bytes. The result lives as long as the packet's buffer.</summary>
    public ReadOnlySpan<byte> ReadString() => Take(ReadUInt32());

    /// <summary>Reads everything that is left. The result lives as long as the packet's buffer.</summary>
    public ReadOnlySpan<byte> ReadRest() => Take((uint)_rest.Length);

    /// <summary>
    /// Reads the number of items that follow, each at least <paramref name="minimumSize"/> bytes long;
    /// a number that the packet cannot hold is refused before anything is sized by it.
    /// </summary>
    public int ReadCount(int minimumSize)
    {
        uint count = ReadUInt32();
        if (count > (uint)(_rest.Length / minimumSize))
            throw new SftpProtocolException($"the server announced {count} items in {_rest.Length} bytes");
        return (int)count;
    }

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > (uint)_rest.Length)
            throw new SftpProtocolException($"truncated packet: a field of {length} bytes where {_rest.Length} are left");
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
