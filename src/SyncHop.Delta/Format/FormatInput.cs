using System.Text;

namespace SyncHop.Delta;

/// <summary>Reads a foreign file: buffered, and with one clear message wherever it ends too early.</summary>
/// <param name="stream">The file.</param>
/// <param name="kind">"signature" or "delta", for messages.</param>
internal sealed class FormatInput(Stream stream, string kind)
{
    /// <summary>Most bytes of a string. FastRsyncNet's metadata has about 300.</summary>
    private const int MaxString = 1 << 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>An exception of kind <see cref="DeltaError.Malformed"/> that names the file.</summary>
    public DeltaException Malformed(string what) => DeltaException.Malformed($"the {kind} file is damaged: {what}");

    /// <summary>The next byte; false at the end.</summary>
    public bool TryReadByte(out byte value)
    {
        if (_start == _end && !Fill())
        {
            value = 0;
            return false;
        }
        value = _buffer[_start++];
        return true;
    }

    /// <summary>Some of the next bytes; 0 at the end.</summary>
    public int Read(Span<byte> target)
    {
        if (_start == _end)
        {
            // Large reads go around the buffer.
            if (target.Length >= _buffer.Length) return stream.Read(target);
            if (!Fill()) return 0;
        }
        int count = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(target);
        _start += count;
        return count;
    }

    /// <summary>As many of the next bytes as the target takes; fewer only at the end.</summary>
    public int ReadUpTo(Span<byte> target)
    {
        int total = 0;
        while (total < target.Length)
        {
            int count = Read(target[total..]);
            if (count == 0) break;
            total += count;
        }
        return total;
    }

    /// <summary>Fills the target.</summary>
    /// <exception cref="DeltaException">The file ends before.</exception>
    public void ReadExactly(Span<byte> target, string what)
    {
        if (ReadUpTo(target) < target.Length) throw Malformed($"{what} is cut off");
    }

    /// <summary>A length-prefixed string's bytes (.NET's BinaryWriter).</summary>
    /// <exception cref="DeltaException">The file ends before, or the length is absurd.</exception>
    public byte[] ReadStringBytes(string what)
    {
        uint length = 0;
        for (int shift = 0; ; shift += 7)
        {
            if (!TryReadByte(out byte part)) throw Malformed($"{what} is cut off");
            length |= (uint)(part & 0x7F) << shift;
            if (part < 0x80) break;
            if (shift == 28) throw Malformed($"the length of {what} is not a number");
        }
        if (length > MaxString) throw Malformed($"{what} has {length} bytes");
        byte[] bytes = new byte[length];
        ReadExactly(bytes, what);
        return bytes;
    }

    /// <summary>A length-prefixed string.</summary>
    /// <exception cref="DeltaException">The file ends before, or this is no UTF-8.</exception>
    public string ReadString(string what)
    {
        try
        {
            return Strict.GetString(ReadStringBytes(what));
        }
        catch (DecoderFallbackException)
        {
            throw Malformed($"{what} is not UTF-8");
        }
    }

    /// <summary>Reads the magic and the version byte.</summary>
    /// <returns>True for FastRsyncNet's format, false for Octodiff's.</returns>
    /// <exception cref="DeltaException">Neither, or a version other than 1.</exception>
    public bool ReadHeader(ReadOnlySpan<byte> magic, ReadOnlySpan<byte> octodiffMagic)
    {
        Span<byte> header = stackalloc byte[magic.Length + 1];
        int count = ReadUpTo(header);
        bool own = header.StartsWith(magic);
        if (count < header.Length || (!own && !header.StartsWith(octodiffMagic)))
            throw DeltaException.Malformed($"this is not a {kind} file: it begins neither as FastRsyncNet's nor as Octodiff's");
        if (header[^1] != FormatConstants.Version)
            throw DeltaException.Unsupported($"the {kind} file has version {header[^1]}; only version 1 is known");
        return own;
    }

    /// <summary>Reads Octodiff's end of the metadata.</summary>
    /// <exception cref="DeltaException">It is not there.</exception>
    public void ReadOctodiffMetadataEnd()
    {
        Span<byte> end = stackalloc byte[3];
        ReadExactly(end, "the end of the metadata");
        if (!end.SequenceEqual(FormatConstants.OctodiffMetadataEnd)) throw Malformed("the metadata does not end with '>>>'");
    }

    private bool Fill()
    {
        _start = 0;
        _end = stream.Read(_buffer);
        return _end > 0;
    }
}
