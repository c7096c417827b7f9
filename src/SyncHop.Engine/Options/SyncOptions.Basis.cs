namespace SyncHop.Engine;

/// <summary>What is done with files that a directory of <c>--compare-dest</c>, <c>--copy-dest</c> or <c>--link-dest</c> has.</summary>
public enum BasisUse
{
    /// <summary><c>--compare-dest</c>: the destination need not have them.</summary>
    Compare,
    /// <summary><c>--copy-dest</c>: they are copied from there.</summary>
    Copy,
    /// <summary><c>--link-dest</c>: they become hard links to those.</summary>
    Link,
}

// What is kept of the past: backups, and directories with earlier copies.
public sealed partial record SyncOptions
{
    /// <summary><c>--backup, -b</c>: what is replaced or removed gets another name.</summary>
    public bool Backup { get; init; }

    /// <summary><c>--backup-dir=DIR</c>, as typed: where that is; relative to the destination. null: beside the file.</summary>
    public byte[]? BackupDirectory { get; init; }

    /// <summary><c>--suffix=SUFFIX</c>: what is appended to the names of backups; empty for nothing.</summary>
    public byte[] BackupSuffix { get; init; } = [];

    /// <summary>Directories with earlier copies, as typed, relative to the destination; the best match counts.</summary>
    public IReadOnlyList<byte[]> BasisDirectories { get; init; } = [];

    /// <summary>What <see cref="BasisDirectories"/> are for.</summary>
    public BasisUse BasisUse { get; init; }

    /// <summary>
    /// A file of which only attributes differ, and that may have other names, is made anew: those, which are names of an earlier copy,
    /// stay what they were. No option of rsync, but what its <c>--link-dest</c> lacks where the destination is there already.
    /// </summary>
    public bool SparesOtherNames { get; init; }

    /// <summary><c>--mkpath</c>: missing directories above the destination are made.</summary>
    public bool MakePath { get; init; }

    /// <summary><c>--fuzzy, -y</c>: a file of a similar name may serve as the basis of a new one; how often it was given.</summary>
    public int Fuzzy { get; init; }
}
