using System.Buffers.Binary;

namespace SyncHop.Sftp;

/// <summary>
/// Encodes one request into a buffer that is used again for the next. The id is filled in when the request is sent.
/// </summary>
internal sealed class PacketBuilder
{
    /// <summary>A larger buffer (a long path) is not kept for the next request.</summary>
    private const int KeptCapacity = 1024;

    private const int IdOffset = 5;

    private byte[] _buffer = new byte[128];
    private int _length;
    private int _pathStart;
    private int _pathLength;

    /// <summary>The encoded bytes so far; complete after <see cref="End"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Number of encoded bytes.</summary>
    public int Length => _length;

    /// <summary>The first path of the request, for error messages; empty if it has none.</summary>
    public ReadOnlySpan<byte> Path => _buffer.AsSpan(_pathStart, _pathLength);

    /// <summary>A path held a NUL byte. OpenSSH's server ends the session on one, so it must not be sent.</summary>
    public bool HasNulInPath { get; private set; }

    /// <summary>Starts a request of <paramref name="type"/>.</summary>
    public void Begin(PacketType type)
    {
        if (_buffer.Length > KeptCapacity)
            _buffer = new byte[128];
        _length = PacketBounds.Header;
        _pathStart = _pathLength = 0;
        HasNulInPath = false;
        _buffer[4] = (byte)type;
    }

    /// <summary>Starts an EXTENDED request called <paramref name="name"/>.</summary>
    public void BeginExtended(SftpExtension name) => BeginExtended(name.WireName);

    /// <summary>Starts an EXTENDED request called <paramref name="name"/>.</summary>
    public void BeginExtended(ReadOnlySpan<byte> name)
    {
        Begin(PacketType.Extended);
        WriteString(name);
    }

    /// <summary>Writes the packet's length; <paramref name="payloadLength"/> more bytes follow the encoded ones.</summary>
    public void End(int payloadLength = 0) =>
        BinaryPrimitives.WriteUInt32BigEndian(_buffer, (uint)(_length - sizeof(uint) + payloadLength));

    /// <summary>Fills in the request id.</summary>
    public void SetId(uint id) => BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(IdOffset), id);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Extend(sizeof(uint)), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Extend(sizeof(ulong)), value);

    public void WriteString(ReadOnlySpan<byte> value)
    {
        WriteUInt32((uint)value.Length);
        value.CopyTo(Extend(value.Length));
    }

    public void WritePath(ReadOnlySpan<byte> path)
    {
        HasNulInPath |= path.Contains((byte)0);
        WriteString(path);
        if (_pathStart == 0)
        {
            _pathStart = _length - path.Length;
            _pathLength = path.Length;
        }
    }

    /// <summary>Makes room for <paramref name="count"/> bytes and returns them for writing.</summary>
    private Span<byte> Extend(int count)
    {
        int start = _length;
        int needed = checked(start + count);
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Max(needed, Math.Min(2L * _buffer.Length, Array.MaxLength)));
        _length = needed;
        return _buffer.AsSpan(start, count);
    }
}
