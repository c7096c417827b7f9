using System.Diagnostics;

namespace SyncHop.Engine;

/// <summary>Lets bytes pass at a rate. Bytes not used up are saved for no longer than a tenth of a second, so that bursts stay small.</summary>
/// <param name="bytesPerSecond">The rate, asked for again and again, as it may change; 0 for no limit.</param>
public sealed class RateLimit(Func<long> bytesPerSecond)
{
    private const int StepsPerSecond = 10;
    private const int LargestStep = 64 * 1024;

    private readonly Lock _lock = new();
    private long _free = Stopwatch.GetTimestamp();

    /// <param name="bytesPerSecond">The rate, which stays.</param>
    public RateLimit(long bytesPerSecond) : this(() => bytesPerSecond)
    {
    }

    /// <summary>How many bytes to let pass at once, so that it is smooth.</summary>
    public int Step => bytesPerSecond() is var rate && rate > 0 ? (int)Math.Clamp(rate / StepsPerSecond, 1, LargestStep) : LargestStep;

    /// <summary>Waits until <paramref name="bytes"/> more may pass.</summary>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellation = default)
    {
        long rate = bytesPerSecond();
        if (rate <= 0) return;
        long now = Stopwatch.GetTimestamp();
        long due;
        lock (_lock)
        {
            due = _free = Math.Max(_free, now - (Stopwatch.Frequency / StepsPerSecond));
            _free += (long)((double)bytes / rate * Stopwatch.Frequency);
        }
        TimeSpan wait = Stopwatch.GetElapsedTime(now, due);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellation).ConfigureAwait(false);
    }
}
