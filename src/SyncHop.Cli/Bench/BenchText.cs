using System.Globalization;
using System.Text;

namespace SyncHop.Cli.Bench;

/// <summary>The words of <c>--bench</c>.</summary>
internal static class BenchText
{
    /// <summary>A rate with its unit.</summary>
    public static string Rate(double bytesPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{bytesPerSecond / 1e6:F1} MB/s");

    /// <summary>All that was measured.</summary>
    public static string Of(BenchResult result)
    {
        StringBuilder text = new();
        for (int i = 0; i < result.Hops.Count; i++)
        {
            HopResult hop = result.Hops[i];
            string trip = hop.RoundTripMilliseconds is { } time
                ? $"round trip {time.Minimum:F1} / {time.Median:F1} / {time.Percentile95:F1} ms (minimum, median, 95 %)"
                : "round trip unknown: it does not answer";
            Line(text, $"hop {i + 1} of {result.Hops.Count}: {hop.Name}: handshake {hop.HandshakeMilliseconds:F0} ms, {trip}");
        }
        Line(text, $"path {result.Path}");
        Line(text, $"{"connections",-14}{"upload",14}{"download",14}");
        foreach ((RateResult up, RateResult down) in result.Upload.Zip(result.Download))
            Line(text, $"{up.Connections,-14}{Rate(up.BytesPerSecond),14}{Rate(down.BytesPerSecond),14}");
        if (result.ConnectionRefusal is { } refusal) Line(text, $"no more connections: {refusal}");
        Line(text, $"small files   {result.SmallFilesPerSecond:F0} per second");
        Line(text, $"listing       {result.EntriesPerSecond:F0} entries per second");
        foreach (string finding in result.Findings) Line(text, $"{finding}");
        return text.ToString();
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
