using SyncHop.Cli.Jobs;

namespace SyncHop.Cli.Options;

/// <summary>Who watches a run, and what it needs when nobody does: a lock, and reports that programs read.</summary>
internal sealed record UnattendedOptions
{
    /// <summary><c>--lock[=FILE]</c>: the lock's file; empty for the destination's own, null for no lock.</summary>
    public string? Lock { get; init; }

    /// <summary><c>--lock-wait=SECONDS</c>: how long to wait for it, and for the job's own; null where it was not given.</summary>
    public TimeSpan? LockWait { get; init; }

    /// <summary>The job that this is a run of; null for none.</summary>
    public string? Job { get; init; }

    /// <summary>That the run makes a snapshot; null where it does not.</summary>
    public SnapshotSettings? Snapshots { get; init; }

    /// <summary>Answers the questions for passwords and passphrases; null for nobody.</summary>
    public JobAnswers? Answers { get; init; }

    /// <summary>How many bytes a second may pass right now, 0 for any number; null where <c>--bwlimit</c> says it all.</summary>
    public Func<long>? Bandwidth { get; init; }

    /// <summary><c>--live</c> and <c>--no-live</c>: whether the run is shown on the terminal; null where its options decide.</summary>
    public bool? Live { get; init; }

    /// <summary><c>--metrics-file=FILE</c>; null for none.</summary>
    public string? MetricsFile { get; init; }
}
