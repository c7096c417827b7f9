using SyncHop.Engine.Contract;

namespace SyncHop.Engine;

// How a file's content gets to its place.
public sealed partial record SyncOptions
{
    /// <summary><c>--insecure-links</c>: symlinks in the paths of the destination and of options are followed, whoever owns them.</summary>
    public bool InsecureLinks { get; init; }

    /// <summary><c>--inplace</c>: files are changed where they are, without a temporary file.</summary>
    public bool Inplace { get; init; }

    /// <summary><c>--append, --append-verify</c>; implies <see cref="Inplace"/>.</summary>
    public AppendMode Append { get; init; }

    /// <summary><c>--partial</c>: what has come of a file when the run is ended is kept.</summary>
    public bool Partial { get; init; }

    /// <summary><c>--partial-dir=DIR</c>: where it is kept, below each file's directory; null for the file's own name.</summary>
    public byte[]? PartialDir { get; init; }

    /// <summary><c>--temp-dir=DIR, -T</c>: where new files are written until they are complete; null for the directory of each file.</summary>
    public byte[]? TempDir { get; init; }

    /// <summary><c>--delay-updates</c>: new files wait in a directory of <see cref="HoldingDirectory"/>'s name until everything has come.</summary>
    public bool DelayUpdates { get; init; }

    /// <summary><c>--fsync</c>: every file is on stable storage before it gets its name.</summary>
    public bool Fsync { get; init; }

    /// <summary><c>--preallocate</c>: files get their space before their content.</summary>
    public bool Preallocate { get; init; }

    /// <summary><c>--sparse, -S</c>: runs of zeros become holes.</summary>
    public bool Sparse { get; init; }

    /// <summary><c>--bwlimit</c> in bytes a second, each way; 0 for none.</summary>
    public long BandwidthLimit { get; init; }

    /// <summary><c>--stop-after</c>: how long the run may take, whatever the clock says; null for any time, or where <see cref="StopAt"/> counts.</summary>
    public TimeSpan? StopAfter { get; init; }

    /// <summary><c>--stop-at</c>: when the run is to end by the clock, done or not.</summary>
    public DateTimeOffset? StopAt { get; init; }

    /// <summary>The name of the directories that delayed updates wait in.</summary>
    internal byte[] HoldingDirectory => PartialDir ?? ".~tmp~"u8.ToArray();

    /// <summary>Where a partial or delayed file is held.</summary>
    internal RelativePath HeldPathOf(RelativePath file) => file.Parent.Join(HoldingDirectory).Join(file.Name);
}

/// <summary>What is done with a file that is shorter than its source.</summary>
public enum AppendMode
{
    /// <summary>It is replaced like any other.</summary>
    None,

    /// <summary>What it lacks is appended; what it has is taken to be right.</summary>
    Unverified,

    /// <summary>What it lacks is appended if what it has is right.</summary>
    Verified,
}
