namespace SyncHop.Engine.Reporting;

/// <summary>
/// A line that may read differently in the log file: standard output's text, and, behind a NUL, which no escaped line has,
/// the log's. Without a NUL both get the same.
/// </summary>
internal static class ReportLine
{
    /// <summary>Joins the texts; null where neither is shown.</summary>
    /// <param name="text">For standard output; null for none.</param>
    /// <param name="log">For the log file; null for none.</param>
    /// <remarks>Of lines that have both texts the right one is taken.</remarks>
    public static byte[]? Of(byte[]? text, byte[]? log)
    {
        if (text is null && log is null) return null;
        ReadOnlyMemory<byte> shown = text is null ? default : Split(text).Text;
        ReadOnlyMemory<byte> logged = log is null ? default : Split(log).Log;
        return [.. shown.Span, 0, .. logged.Span];
    }

    /// <summary>The parts of a line.</summary>
    public static (ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> Log) Split(byte[] line)
    {
        int end = Array.IndexOf(line, (byte)0);
        return end < 0 ? (line, line) : (line.AsMemory(0, end), line.AsMemory(end + 1));
    }
}
