using System.Globalization;

namespace SyncHop.Cli.Bench;

/// <summary>What limits a way to a host, concluded from what was measured.</summary>
internal static class Verdict
{
    /// <summary>From here on more connections have helped.</summary>
    private const double Gain = 1.4;

    /// <summary>This much of the processors, or of the best rate, counts as all of it.</summary>
    private const double NearlyAll = 0.85;

    /// <summary>A server that writes this much slower than it reads is held up by its disk.</summary>
    private const double DiskShare = 0.6;

    /// <summary>Below this many bytes under way no window is full: SSH's are 2 MiB, and some servers have a quarter of that.</summary>
    private const double SmallestWindow = 400e3;

    /// <summary>Says for both directions what limits and which options to use.</summary>
    /// <param name="result">What was measured.</param>
    /// <param name="processors">How many there are on this machine.</param>
    public static IReadOnlyList<string> Of(BenchResult result, int processors)
    {
        double roundTrip = (result.Hops[^1].RoundTripMilliseconds?.Median ?? 0) / 1000;
        double up = Best(result.Upload).BytesPerSecond, down = Best(result.Download).BytesPerSecond;
        return
        [
            "upload: " + Limit(result.Upload, roundTrip, processors, up < DiskShare * down),
            "download: " + Limit(result.Download, roundTrip, processors, down < DiskShare * up),
        ];
    }

    private static string Limit(IReadOnlyList<RateResult> rates, double roundTrip, int processors, bool isSlowerThanTheOther)
    {
        RateResult one = rates[0], best = Best(rates);
        int enough = rates.First(rate => rate.BytesPerSecond >= NearlyAll * best.BytesPerSecond).Connections;
        if (best.BytesPerSecond > Gain * one.BytesPerSecond)
        {
            string cause = one.BytesPerSecond * roundTrip >= SmallestWindow
                ? string.Create(CultureInfo.InvariantCulture, $"the window limits one connection: {one.BytesPerSecond * roundTrip / 1048576:F1} MiB in each round trip of {roundTrip * 1000:F0} ms")
                : one.ProcessorShare >= NearlyAll ? "CPU limits one connection: its cipher has one core" : "one connection is limited, on the server or on the way";
            return string.Create(CultureInfo.InvariantCulture,
                $"{cause}; {enough} connections are {best.BytesPerSecond / one.BytesPerSecond:F1} times as fast: --connections={enough}");
        }
        string shared = best.ProcessorShare >= NearlyAll * processors ? "CPU limits: this machine's processors are busy; another cipher may help (Ciphers in ssh_config)"
            : isSlowerThanTheOther ? "the server limits: its disk or file system, for the other direction is faster"
            : $"the rate of the link limits, at {BenchText.Rate(best.BytesPerSecond)}; if the data compress, -z helps";
        return $"{shared}; more connections do not help: --connections=1";
    }

    private static RateResult Best(IReadOnlyList<RateResult> rates) => rates.MaxBy(static rate => rate.BytesPerSecond)!;
}
