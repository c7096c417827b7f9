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
    public static byte[]? Of(byte[]? text, byte[]? log) => text is null && log is null ? null : [.. text ?? [], 0, .. log ?? []];

    /// <summary>The parts of a line.</summary>
    public static (ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> Log) Split(byte[] line)
    {
        int end = Array.IndexOf(line, (byte)0);
        return end < 0 ? (line, line) : (line.AsMemory(0, end), line.AsMemory(end + 1));
    }
}
