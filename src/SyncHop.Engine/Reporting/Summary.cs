using System.Globalization;

namespace SyncHop.Engine.Reporting;

/// <summary>The closing lines: the <c>--stats</c> block and the totals.</summary>
internal sealed class Summary(SyncOptions options, Statistics statistics)
{
    /// <summary>How long the first listing took.</summary>
    public TimeSpan ListTime { get; set; }

    /// <summary>Writes the closing lines that the options ask for.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="wire">Bytes sent and received.</param>
    /// <param name="elapsed">The run's duration.</param>
    /// <param name="isLogged">Whether a log has the totals also where they are not printed: not when a pull had errors.</param>
    public void Write(Report report, WireBytes wire, TimeSpan elapsed, bool isLogged)
    {
        int stats = options.Info(InfoFlag.Stats);
        if (stats > 1) WriteBlock(report, wire);
        if (stats == 0)
        {
            if (isLogged) report.LogLine($"sent {wire.Sent} bytes  received {wire.Received} bytes  total size {statistics.TotalSize}");
            return;
        }
        int level = options.HumanReadable;
        double rate = (wire.Sent + wire.Received) / (0.5 + elapsed.TotalSeconds);
        double speedup = statistics.TotalSize / (double)Math.Max(1, wire.Sent + wire.Received);
        report.Line("");
        report.Line($"sent {Count(wire.Sent)} bytes  received {Count(wire.Received)} bytes  {NumberFormat.Fraction(rate, level)} bytes/sec");
        report.Line($"total size is {Count(statistics.TotalSize)}  speedup is {NumberFormat.Fraction(speedup, Math.Min(level, 1))}{(options.DryRun ? " (DRY RUN)" : "")}");
    }

    private void WriteBlock(Report report, WireBytes wire)
    {
        int level = options.HumanReadable;
        report.Line("");
        report.Line($"Number of files: {statistics.Files.Format(level)}");
        report.Line($"Number of created files: {statistics.Created.Format(level)}");
        // The side that removes tells of it only with one of these, so that --delete-missing-args counts nothing in rsync.
        report.Line($"Number of deleted files: {(options.Delete || options.Force ? statistics.Deleted.Format(level) : "0")}");
        report.Line($"Number of regular files transferred: {Count(statistics.Transferred)}");
        report.Line($"Total file size: {Count(statistics.TotalSize)} bytes");
        report.Line($"Total transferred file size: {Count(statistics.TransferredSize)} bytes");
        report.Line($"Literal data: {Count(statistics.Literal)} bytes");
        report.Line($"Matched data: {Count(statistics.Matched)} bytes");
        if (statistics.Signatures > 0) report.Line($"Signature data: {Count(statistics.Signatures)} bytes");
        report.Line($"File list size: {Count(0)}");
        report.Line($"File list generation time: {Seconds(ListTime)} seconds");
        report.Line($"File list transfer time: {Seconds(TimeSpan.Zero)} seconds");
        report.Line($"Total bytes sent: {Count(wire.Sent)}");
        report.Line($"Total bytes received: {Count(wire.Received)}");
    }

    private string Count(long value) => NumberFormat.Count(value, options.HumanReadable);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture);
}
