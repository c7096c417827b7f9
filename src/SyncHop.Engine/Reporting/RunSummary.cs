namespace SyncHop.Engine;

/// <summary>What a run did, in numbers.</summary>
public sealed record RunSummary
{
    /// <summary>Nothing at all: the run ended before it began.</summary>
    public static RunSummary Empty { get; } = new();

    /// <summary>Entries of the source.</summary>
    public EntryCounts Entries { get; init; }

    /// <summary>Entries made on the destination.</summary>
    public EntryCounts Created { get; init; }

    /// <summary>Entries removed from the destination.</summary>
    public EntryCounts Deleted { get; init; }

    /// <summary>How many regular files were sent.</summary>
    public long TransferredFiles { get; init; }

    /// <summary>Their lengths in bytes.</summary>
    public long TransferredBytes { get; init; }

    /// <summary>The lengths of all regular files and symlinks of the source in bytes.</summary>
    public long TotalBytes { get; init; }

    /// <summary>Bytes of content that were sent.</summary>
    public long LiteralBytes { get; init; }

    /// <summary>Bytes of content that the destination had.</summary>
    public long MatchedBytes { get; init; }

    /// <summary>Bytes of signatures fetched and stored.</summary>
    public long SignatureBytes { get; init; }

    /// <summary>Bytes on the wire.</summary>
    public WireBytes Wire { get; init; }
}

/// <summary>Counts by kind of entry, as rsync groups them.</summary>
/// <param name="Files">Regular files.</param>
/// <param name="Directories">Directories.</param>
/// <param name="Symlinks">Symlinks.</param>
/// <param name="Devices">Device nodes.</param>
/// <param name="Specials">Named pipes and sockets.</param>
public readonly record struct EntryCounts(long Files, long Directories, long Symlinks, long Devices, long Specials);
