using System.Buffers.Binary;
using System.Text;

namespace SyncHop.Ssh;

/// <summary>Reads the data types of RFC 4251, section 5; no length is believed beyond the data's end.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>How many bytes were read.</summary>
    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position == _data.Length;

    public bool TryReadByte(out byte value)
    {
        value = 0;
        if (IsAtEnd) return false;
        value = _data[Position++];
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        bool enough = BinaryPrimitives.TryReadUInt32BigEndian(_data[Position..], out value);
        if (enough) Position += 4;
        return enough;
    }

    public bool TryReadUInt64(out ulong value)
    {
        bool enough = BinaryPrimitives.TryReadUInt64BigEndian(_data[Position..], out value);
        if (enough) Position += 8;
        return enough;
    }

    /// <summary>A string of bytes; it stays part of the data.</summary>
    public bool TryReadString(out ReadOnlySpan<byte> value)
    {
        value = [];
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_data[Position..], out uint length)
            || length > _data.Length - Position - 4) return false;
        value = _data.Slice(Position + 4, (int)length);
        Position += 4 + (int)length;
        return true;
    }

    public bool TryReadText(out string value)
    {
        bool read = TryReadString(out ReadOnlySpan<byte> bytes);
        value = Encoding.UTF8.GetString(bytes);
        return read;
    }
}
