using SyncHop.Engine.Contract;
using SyncHop.Engine.Reporting.Json;

namespace SyncHop.Engine.Reporting;

/// <summary>The lines of <c>--list-only</c>, in the manner of ls -l.</summary>
internal sealed class ListingLines(SyncOptions options, Report report)
{
    /// <summary>Adds one entry's line.</summary>
    public void Add(RelativePath path, in FileStat stat, ReadOnlySpan<byte> target)
    {
        if (options.Json)
        {
            report.Add(JsonItems.Entry(path, stat, target));
            return;
        }
        int width = options.HumanReadable > 0 ? 14 : 11;
        string size = NumberFormat.Count(stat.Size, options.HumanReadable).PadLeft(width);
        LineBuilder line = report.NewLine()
            .Text($"{ModeText.Full(stat.Mode)} {size} {ModeText.LocalTime(stat.MtimeSeconds, ' ')} ")
            .Text(options.Atimes == 0 ? "" : (stat.IsDirectory ? "" : ModeText.LocalTime(stat.AtimeSeconds, ' ')).PadRight(20))
            .Bytes(path.IsRoot ? "."u8 : path.Bytes);
        if (stat.IsSymlink && options.Links) line.Text(" -> ").Bytes(target);
        report.Add(line.ToLine());
    }
}
