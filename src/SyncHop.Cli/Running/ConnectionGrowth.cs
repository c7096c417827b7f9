using System.Diagnostics;
using SyncHop.Engine;

namespace SyncHop.Cli.Running;

/// <summary>Opens further connections to a final host while a run goes on, one after another.</summary>
/// <param name="side">The side with that host.</param>
internal sealed class ConnectionGrowth(IGrowingSide side)
{
    /// <summary>Samples that have to say so before the second connection is opened: a run that is over by then needs none.</summary>
    private const int FirstSamples = 2;

    /// <summary>Round trips in a sample, so that what is under way at its ends does not count.</summary>
    private const int TripsPerSample = 3;

    /// <summary>From this round trip on one sample is enough: each one costs as much as many small files.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan s_shortestSample = TimeSpan.FromMilliseconds(300);

    /// <summary>Opens as many as the user wants.</summary>
    public async Task ReachAsync(int wanted, CancellationToken cancellation)
    {
        for (int opened = 1; opened < wanted; opened++)
        {
            if (!await side.AddConnectionAsync("--connections", cancellation).ConfigureAwait(false)) return;
        }
    }

    /// <summary>
    /// Opens a second channel on a long link as soon as more is to be sent than the first lets be under way. It is there after two round
    /// trips, where a connection takes eight or more, and has a window of its own, though it shares the gateways'.
    /// </summary>
    /// <param name="roundTrip">The round trip; null when the host does not answer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task WidenAsync(TimeSpan? roundTrip, CancellationToken cancellation)
    {
        if (roundTrip is not { } time || time < s_long) return;
        while (side.BytesUnderWay < ConnectionRule.Window || side.WireBytes.Sent < ConnectionRule.Window / 2)
            await Task.Delay(time / 4, cancellation).ConfigureAwait(false);
        await side.AddChannelAsync($"more is to be sent than the {ConnectionRule.Window >> 20} MiB of its window", cancellation).ConfigureAwait(false);
    }

    /// <summary>Opens one more whenever the measured throughput says that it may help, until one does not.</summary>
    /// <param name="roundTrip">The round trip; null when the host does not answer.</param>
    /// <param name="cancellation">Ends the growth.</param>
    /// <returns>Why there are no more; null when the host refused one.</returns>
    public async Task<string?> GrowAsync(TimeSpan? roundTrip, CancellationToken cancellation)
    {
        ConnectionRule rule = new(roundTrip, Environment.ProcessorCount);
        TimeSpan length = roundTrip * TripsPerSample is { } trips && trips > s_shortestSample ? trips : s_shortestSample;
        int wanted = roundTrip >= s_long ? 1 : FirstSamples;
        int inFavour = 0;
        while (rule.Ended is null)
        {
            string? obstacle = rule.Obstacle(await SampleAsync(length, cancellation).ConfigureAwait(false));
            inFavour = obstacle is null ? 0 : inFavour + 1;
            // While each one helps the next is opened at once, and what the last one brought is measured meanwhile.
            while (obstacle is not null && side.Connections < ConnectionRule.Most && (inFavour >= wanted || side.Connections > 1))
            {
                Task<bool> opening = side.AddConnectionAsync(obstacle, cancellation);
                ConnectionSample? sample = null;
                while (!opening.IsCompleted || sample is null)
                {
                    Task<ConnectionSample> next = SampleAsync(length, cancellation);
                    await Task.WhenAny(next, opening).ConfigureAwait(false);
                    // One that is cut short by the new connection counts only where there is no other.
                    if (next.IsCompleted || sample is null) sample = await next.ConfigureAwait(false);
                }
                if (!await opening.ConfigureAwait(false)) return null;
                obstacle = rule.Obstacle(sample.Value);
            }
        }
        return rule.Ended;
    }

    private async Task<ConnectionSample> SampleAsync(TimeSpan length, CancellationToken cancellation)
    {
        int count = side.Connections;
        WireBytes before = side.WireBytes;
        TimeSpan processor = ProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(length, cancellation).ConfigureAwait(false);
        WireBytes after = side.WireBytes;
        return new ConnectionSample(
            count, Stopwatch.GetElapsedTime(start), Math.Max(after.Sent - before.Sent, after.Received - before.Received), ProcessorTime - processor);
    }

    // The documented calls do not know every system; there the cipher is never what limits.
    private static TimeSpan ProcessorTime =>
        OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime;
}
