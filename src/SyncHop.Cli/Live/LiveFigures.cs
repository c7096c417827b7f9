namespace SyncHop.Cli.Live;

/// <summary>What the display shows of a run at one moment.</summary>
internal sealed record LiveFigures
{
    /// <summary>The hosts that are being connected to; null where there are none, or all are reached.</summary>
    public string? Connecting { get; init; }

    /// <summary>How many entries of the source are known.</summary>
    public long Entries { get; init; }

    /// <summary>Whether these are all.</summary>
    public bool IsListComplete { get; init; }

    /// <summary>The bytes of the source's files that are known.</summary>
    public long Bytes { get; init; }

    /// <summary>Of <see cref="Bytes"/>, those that need nothing more.</summary>
    public long BytesDone { get; init; }

    /// <summary>How many files have been sent.</summary>
    public long FilesSent { get; init; }

    /// <summary>Bytes of content a second.</summary>
    public double Rate { get; init; }

    /// <summary>How many connections there are to remote hosts; 0 for a local run.</summary>
    public int Connections { get; init; }

    /// <summary>The names of files on their way, for a terminal.</summary>
    public IReadOnlyList<string> Current { get; init; } = [];

    /// <summary>What part is done, 0 to 1; null while it cannot be told.</summary>
    public double? Part => !IsListComplete ? null : Bytes <= 0 ? 1 : Math.Clamp((double)BytesDone / Bytes, 0, 1);

    /// <summary>How long the rest takes at <see cref="Rate"/>; null while it cannot be told.</summary>
    public TimeSpan? TimeLeft =>
        IsListComplete && Rate >= 1 && (Bytes - BytesDone) / Rate is >= 0 and < 360_000 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
}
