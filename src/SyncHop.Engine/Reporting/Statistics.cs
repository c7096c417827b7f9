using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Reporting;

/// <summary>What <c>--stats</c> and the closing lines count.</summary>
internal sealed class Statistics
{
    private long _transferred, _transferredSize, _literal, _matched, _matches, _signatures;

    /// <param name="earlier">The counts of an earlier attempt, whose work counts too; null for none.</param>
    public Statistics(Statistics? earlier = null)
    {
        Created = new TypeCounts(earlier?.Created);
        Deleted = new TypeCounts(earlier?.Deleted);
        if (earlier is null) return;
        (_transferred, _transferredSize, _literal) = (earlier.Transferred, earlier.TransferredSize, earlier.Literal);
        (_matched, _matches, _signatures) = (earlier.Matched, earlier.Matches, earlier.Signatures);
    }

    /// <summary>Entries of the source's file list.</summary>
    public TypeCounts Files { get; } = new();

    /// <summary>Entries made on the destination.</summary>
    public TypeCounts Created { get; }

    /// <summary>Entries removed from the destination.</summary>
    public TypeCounts Deleted { get; }

    /// <summary>Lengths of all regular files and symlinks of the source.</summary>
    public long TotalSize { get; private set; }

    /// <summary>How many regular files were sent.</summary>
    public long Transferred => Interlocked.Read(ref _transferred);

    /// <summary>The lengths of the files that were sent.</summary>
    public long TransferredSize => Interlocked.Read(ref _transferredSize);

    /// <summary>Bytes of content that were sent.</summary>
    public long Literal => Interlocked.Read(ref _literal);

    /// <summary>Bytes of content that the destination had.</summary>
    public long Matched => Interlocked.Read(ref _matched);

    /// <summary>Blocks of content that the destination had.</summary>
    public long Matches => Interlocked.Read(ref _matches);

    /// <summary>Bytes of signatures that were fetched and stored.</summary>
    public long Signatures => Interlocked.Read(ref _signatures);

    /// <summary>Counts an entry of the source; called by one task only.</summary>
    public void CountSource(in FileStat stat)
    {
        Files.Add(stat.Type);
        if (stat.IsRegular || stat.IsSymlink) TotalSize += stat.Size;
    }

    /// <summary>Counts a file whose content is sent; takes it back with <paramref name="count"/> -1.</summary>
    public void CountTransfer(long size, int count = 1)
    {
        Interlocked.Add(ref _transferred, count);
        Interlocked.Add(ref _transferredSize, count * size);
    }

    /// <summary>Counts bytes of content.</summary>
    public void CountLiteral(long bytes) => Interlocked.Add(ref _literal, bytes);

    /// <summary>Counts bytes of content that the destination had.</summary>
    public void CountMatched(long bytes, int blockLength)
    {
        Interlocked.Add(ref _matched, bytes);
        Interlocked.Add(ref _matches, (bytes + blockLength - 1) / Math.Max(1, blockLength));
    }

    /// <summary>Counts bytes of a signature that was fetched or stored.</summary>
    public void CountSignature(long bytes) => Interlocked.Add(ref _signatures, bytes);
}

/// <summary>Counts by kind of entry, as rsync groups them.</summary>
internal sealed class TypeCounts(TypeCounts? earlier = null)
{
    private readonly long[] _counts = earlier is null ? new long[5] : [.. earlier._counts];
    private static readonly string[] Names = ["reg", "dir", "link", "dev", "special"];

    /// <summary>Counts one entry, or takes it back with <paramref name="count"/> -1; any task may call.</summary>
    public void Add(FileType type, int count = 1) => Interlocked.Add(ref _counts[type switch
    {
        FileType.Regular => 0,
        FileType.Directory => 1,
        FileType.Symlink => 2,
        FileType.CharacterDevice or FileType.BlockDevice => 3,
        _ => 4,
    }], count);

    /// <summary>All together.</summary>
    public long Total => _counts.Sum();

    /// <summary>The counts of each kind.</summary>
    public EntryCounts Counts => new(
        Interlocked.Read(ref _counts[0]), Interlocked.Read(ref _counts[1]), Interlocked.Read(ref _counts[2]),
        Interlocked.Read(ref _counts[3]), Interlocked.Read(ref _counts[4]));

    /// <summary><c>19 (reg: 9, dir: 7, link: 2, special: 1)</c>.</summary>
    public string Format(int humanReadable)
    {
        List<string> parts = [];
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0) parts.Add($"{Names[i]}: {NumberFormat.Count(_counts[i], humanReadable)}");
        }
        string sum = NumberFormat.Count(Total, humanReadable);
        return parts.Count == 0 ? sum : $"{sum} ({string.Join(", ", parts)})";
    }
}
