namespace SyncHop.Cli.Options;

/// <summary>What a run that nobody watches needs: a lock, and reports that programs read.</summary>
internal sealed record UnattendedOptions
{
    /// <summary><c>--lock[=FILE]</c>: the lock's file; empty for the destination's own, null for no lock.</summary>
    public string? Lock { get; init; }

    /// <summary><c>--lock-wait=SECONDS</c>: how long to wait for it.</summary>
    public TimeSpan LockWait { get; init; }

    /// <summary><c>--metrics-file=FILE</c>; null for none.</summary>
    public string? MetricsFile { get; init; }
}
