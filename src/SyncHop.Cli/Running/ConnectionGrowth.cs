using System.Diagnostics;
using SyncHop.Engine;

namespace SyncHop.Cli.Running;

/// <summary>Opens further connections to a final host while a run goes on, one after another.</summary>
/// <param name="open">Opens one more and puts it to use; false when there are no more.</param>
/// <param name="moved">Bytes sent and received so far.</param>
/// <param name="connections">How many there are.</param>
internal sealed class ConnectionGrowth(Func<CancellationToken, Task<bool>> open, Func<WireBytes> moved, Func<int> connections)
{
    private static readonly TimeSpan ShortestSample = TimeSpan.FromMilliseconds(400);

    /// <summary>Opens as many as the user wants.</summary>
    public async Task ReachAsync(int wanted, CancellationToken cancellation)
    {
        for (int opened = 1; opened < wanted; opened++)
        {
            if (!await open(cancellation).ConfigureAwait(false)) return;
        }
    }

    /// <summary>Opens one more whenever the measured throughput says that it may help, until one does not.</summary>
    /// <param name="measure">Measures the round trip; null when the host does not answer.</param>
    /// <param name="cancellation">Ends the growth.</param>
    public async Task GrowAsync(Func<CancellationToken, Task<TimeSpan?>> measure, CancellationToken cancellation)
    {
        TimeSpan? roundTrip = await measure(cancellation).ConfigureAwait(false);
        ConnectionRule rule = new(roundTrip, Environment.ProcessorCount);
        // Several round trips, so that what is under way at the ends of the sample does not count.
        TimeSpan length = roundTrip * 5 is { } trips && trips > ShortestSample ? trips : ShortestSample;
        while (!rule.HasEnded)
        {
            ConnectionSample sample = await SampleAsync(length, cancellation).ConfigureAwait(false);
            if (!rule.WantsMore(connections(), sample)) continue;
            if (!await open(cancellation).ConfigureAwait(false)) return;
            // The new one has to open its files and to fill its window first.
            await Task.Delay(length, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<ConnectionSample> SampleAsync(TimeSpan length, CancellationToken cancellation)
    {
        WireBytes before = moved();
        TimeSpan processor = ProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(length, cancellation).ConfigureAwait(false);
        WireBytes after = moved();
        return new ConnectionSample(
            Stopwatch.GetElapsedTime(start), Math.Max(after.Sent - before.Sent, after.Received - before.Received), ProcessorTime - processor);
    }

    // The documented calls do not know every system; there the cipher is never what limits.
    private static TimeSpan ProcessorTime =>
        OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime;
}
