namespace SyncHop.Cli.Jobs;

/// <summary>What is to be done with jobs.</summary>
internal enum JobAction
{
    /// <summary><c>--job</c>: run it.</summary>
    Run,
    /// <summary><c>--job-check</c>: connect, and say what a run would do.</summary>
    Check,
    /// <summary><c>--job-list</c>: name all jobs.</summary>
    List,
    /// <summary><c>--job-status</c>: say how the last runs ended.</summary>
    Status,
    /// <summary><c>--job-install</c>: write its systemd units.</summary>
    Install,
    /// <summary><c>--job-uninstall</c>: remove them.</summary>
    Uninstall,
}

/// <summary>A command line about jobs.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Name">The job's name; null for all.</param>
/// <param name="File">The job file; null for the usual one.</param>
internal sealed record JobRequest(JobAction Action, string? Name, string? File)
{
    /// <summary>When an installed job runs; null for once a day.</summary>
    public string? Calendar { get; init; }

    /// <summary>The options that were given beside, word by word; they come after the job's own.</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];
}
