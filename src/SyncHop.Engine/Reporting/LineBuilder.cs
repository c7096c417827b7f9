using System.Buffers;
using System.Text;

namespace SyncHop.Engine.Reporting;

/// <summary>
/// Puts a line of output together from text and raw names. The line is escaped as a whole, as rsync does: so nothing a
/// name, a format or a server's message holds reaches the terminal, and no two parts make up a false escape.
/// </summary>
/// <param name="escaper">Escapes the line for display.</param>
/// <param name="logs">Whether the line goes to a log file too, which escapes in its own way.</param>
/// <param name="onlyLogs">Whether it goes nowhere else.</param>
internal sealed class LineBuilder(NameEscaper escaper, bool logs = false, bool onlyLogs = false)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(128);

    /// <summary>Adds text as UTF-8.</summary>
    public LineBuilder Text(string text)
    {
        Encoding.UTF8.GetBytes(text, _buffer);
        return this;
    }

    /// <summary>Adds raw bytes: a name, or a part of a format.</summary>
    public LineBuilder Bytes(ReadOnlySpan<byte> bytes)
    {
        _buffer.Write(bytes);
        return this;
    }

    /// <summary>The line, escaped for display, with a newline at the end; with the log's text behind it where that differs.</summary>
    public byte[] ToLine()
    {
        if (onlyLogs) return ReportLine.Of(null, logs ? ToLine(NameEscaper.ForLog) : [])!;
        byte[] text = ToLine(escaper);
        if (!logs) return text;
        byte[] logged = ToLine(NameEscaper.ForLog);
        return text.AsSpan().SequenceEqual(logged) ? text : ReportLine.Of(text, logged)!;
    }

    private byte[] ToLine(NameEscaper escaper)
    {
        ArrayBufferWriter<byte> line = new(_buffer.WrittenCount + 1);
        escaper.Escape(_buffer.WrittenSpan, line);
        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }
}
