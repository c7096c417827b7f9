using System.Buffers;
using System.Globalization;
using System.Text;

namespace SyncHop.Engine.Reporting;

/// <summary>Puts a line of output together from text and raw names; names are escaped on the way.</summary>
internal sealed class LineBuilder(NameEscaper escaper)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(128);

    /// <summary>Adds text as UTF-8.</summary>
    public LineBuilder Text(string text)
    {
        Encoding.UTF8.GetBytes(text, _buffer);
        return this;
    }

    /// <summary>Adds ready bytes.</summary>
    public LineBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        _buffer.Write(bytes);
        return this;
    }

    /// <summary>Adds a name, escaped for display.</summary>
    public LineBuilder Name(ReadOnlySpan<byte> name)
    {
        escaper.Escape(name, _buffer);
        return this;
    }

    /// <summary>Adds a number in plain digits.</summary>
    public LineBuilder Number(long value) => Text(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The length in bytes so far.</summary>
    public int Length => _buffer.WrittenCount;

    /// <summary>What was added so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>The bytes with a newline at the end.</summary>
    public byte[] ToLine()
    {
        _buffer.Write("\n"u8);
        return _buffer.WrittenSpan.ToArray();
    }
}
