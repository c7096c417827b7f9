using SyncHop.Cli.Options;
using SyncHop.Jobs.Configuration;

namespace SyncHop.Cli.Jobs;

/// <summary>How fast a job may be at which time of day.</summary>
internal sealed class BandwidthSchedule
{
    private const int LooksAtClock = 1000; // Milliseconds between two.

    private readonly (BandwidthWindow Window, long Rate)[] _windows;
    private readonly long _otherwise;
    private readonly Func<DateTime> _clock;
    private long _rate, _lookedAt = long.MinValue;

    /// <param name="windows">The parts of the day, the first that matches counts.</param>
    /// <param name="otherwise">Bytes a second at other times; 0 for any number.</param>
    /// <param name="clock">The local time; null for the system's.</param>
    /// <exception cref="CommandException">A limit is none.</exception>
    public BandwidthSchedule(IReadOnlyList<BandwidthWindow> windows, long otherwise, Func<DateTime>? clock = null)
    {
        _windows = [.. windows.Select(static window => (window, SizeText.Bandwidth(window.Limit)))];
        (_otherwise, _clock) = (otherwise, clock ?? (static () => DateTime.Now));
    }

    /// <summary>Bytes a second right now; 0 for any number.</summary>
    public long Now()
    {
        long tick = Environment.TickCount64;
        long looked = Interlocked.Read(ref _lookedAt);
        if (looked != long.MinValue && tick - looked < LooksAtClock) return Interlocked.Read(ref _rate);
        long rate = At(TimeOnly.FromDateTime(_clock()));
        Interlocked.Exchange(ref _rate, rate);
        Interlocked.Exchange(ref _lookedAt, tick);
        return rate;
    }

    /// <summary>Bytes a second at a time of day; 0 for any number.</summary>
    internal long At(TimeOnly time)
    {
        foreach ((BandwidthWindow window, long rate) in _windows)
        {
            if (window.Contains(time)) return rate;
        }
        return _otherwise;
    }
}
