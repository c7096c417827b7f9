namespace SyncHop.Cli.Running;

/// <summary>How often and when a lost connection is made again: exponential backoff with jitter, so that many clients of one host do not come back at once.</summary>
/// <param name="retries">How many attempts may follow one that got nowhere.</param>
/// <param name="firstWait">The wait before the first of them.</param>
internal sealed class RetryPolicy(int retries, TimeSpan firstWait)
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(5);
    private const double Jitter = 0.25; // of the wait, either way

    private int _used;

    /// <summary>How many attempts may follow one that got nowhere.</summary>
    public int Retries => retries;

    /// <summary>How many attempts have followed the last one that got on.</summary>
    public int Used => _used;

    /// <summary>Whether another attempt may be made; if so it is counted.</summary>
    /// <param name="progressed">Whether the last one got on: then the count begins anew.</param>
    /// <param name="wait">How long to wait before it.</param>
    public bool TryNext(bool progressed, out TimeSpan wait)
    {
        wait = default;
        if (progressed) _used = 0;
        if (_used >= retries) return false;
        wait = WaitBefore(_used++, Random.Shared.NextDouble());
        return true;
    }

    /// <summary>The wait before an attempt.</summary>
    /// <param name="earlier">How many there were before it.</param>
    /// <param name="random">From 0 to 1.</param>
    internal TimeSpan WaitBefore(int earlier, double random)
    {
        double wait = Math.Min(firstWait.TotalSeconds * Math.Pow(2, Math.Min(earlier, 30)), s_longestWait.TotalSeconds);
        return TimeSpan.FromSeconds(wait * (1 - Jitter + (2 * Jitter * random)));
    }
}
