using System.Globalization;
using System.Text;

namespace SyncHop.Compare.Reports;

/// <summary>Every run as a line, for other programs.</summary>
internal static class CsvReport
{
    /// <summary>The file's text (RFC 4180).</summary>
    public static string Write(IEnumerable<Result> results)
    {
        StringBuilder text = new("case,round_trip_ms,rate,program,run,seconds,cpu_seconds,peak_mib,wire_bytes,problem\n");
        foreach (Result result in results)
        {
            for (int run = 0; run < result.Costs.Count; run++)
            {
                Cost cost = result.Costs[run];
                Append(text, result, $"{run + 1}", $"{cost.Seconds:F3}", $"{cost.CpuSeconds:F3}", $"{cost.PeakBytes / 1048576.0:F1}", "");
            }
            if (result.Problem is { } problem) Append(text, result, "", "", "", "", problem);
        }
        return text.ToString();
    }

    private static void Append(
        StringBuilder text, Result result, string run, string seconds, string cpu, string peak, string problem)
    {
        string[] fields =
        [
            result.Case.Name, result.Link.RoundTrip.ToString(CultureInfo.InvariantCulture), result.Link.RateText, result.Program,
            run, seconds, cpu, peak,
            result.WireBytes?.ToString(CultureInfo.InvariantCulture) ?? "", problem,
        ];
        text.AppendJoin(',', fields.Select(field => field.Contains(',', StringComparison.Ordinal) ? $"\"{field}\"" : field)).Append('\n');
    }
}
