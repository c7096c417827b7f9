using SyncHop.Jobs.Snapshots;

namespace SyncHop.Jobs.Configuration;

/// <summary>A job, as its file describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Line">The line it begins in.</param>
public sealed record Job(string Name, int Line)
{
    /// <summary>The sources, as on the command line, at least one.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The destination, as on the command line.</summary>
    public required string Destination { get; init; }

    /// <summary>Options, as on the command line, word by word.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Private keys, each <c>[HOP=]FILE</c> or <c>[HOP=]credential:NAME</c>.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>How answers to questions for passwords and passphrases are come by.</summary>
    public IReadOnlyList<JobSecret> Secrets { get; init; } = [];

    /// <summary>Where credentials come from that systemd is to load: name and file; those without a file are in its credential store.</summary>
    public IReadOnlyDictionary<string, string> Credentials { get; init; } = new Dictionary<string, string>();

    /// <summary>How often a run that failed for the network's sake is tried again; null for the default.</summary>
    public int? Retries { get; init; }

    /// <summary>How long to wait before that; null for the default.</summary>
    public TimeSpan? RetryWait { get; init; }

    /// <summary>How long to wait for a run of the same job that is still going on.</summary>
    public TimeSpan LockWait { get; init; }

    /// <summary>How fast it may be at which time of day; where several match, the first counts.</summary>
    public IReadOnlyList<BandwidthWindow> Bandwidth { get; init; } = [];

    /// <summary>The command before the run; empty for none.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>The command after the run, however that ended; empty for none.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Whether each run makes a new directory in <see cref="Destination"/>.</summary>
    public bool Snapshots { get; init; }

    /// <summary>Which of them are kept; null for all.</summary>
    public KeepRule? Keep { get; init; }

    /// <summary>Whether a snapshot is complete although something could not be copied (exit code 23).</summary>
    public bool AcceptsErrors { get; init; }

    /// <summary>Where the outcome is written for Prometheus; null for nowhere.</summary>
    public string? MetricsFile { get; init; }
}

/// <summary>How the answer to a question is come by; it is never in the job file itself.</summary>
/// <param name="For">A part of who asks: of a hop's or proxy's <c>user@host</c>, or a key file's name; null for anybody.</param>
/// <param name="Command">A command that prints the answer; empty where it is a credential.</param>
/// <param name="Credential">The name of a credential (systemd.exec(5), CREDENTIALS_DIRECTORY); null where it is a command.</param>
public sealed record JobSecret(string? For, IReadOnlyList<string> Command, string? Credential);

/// <summary>A limit for a part of the day.</summary>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends; earlier than <paramref name="From"/> where it goes over midnight.</param>
/// <param name="Limit">The rate as <c>--bwlimit</c> takes it; <c>0</c> for none.</param>
public sealed record BandwidthWindow(TimeOnly From, TimeOnly To, string Limit)
{
    /// <summary>Whether it is in force at that time of day.</summary>
    public bool Contains(TimeOnly time) => From == To || (From < To ? time >= From && time < To : time >= From || time < To);
}
