namespace SyncHop.Delta;

/// <summary>How a signature is made.</summary>
public sealed record SignatureOptions
{
    private readonly int? _blockLength;
    private readonly int _workers = Environment.ProcessorCount;

    /// <summary>
    /// Bytes of a block, 1 to <see cref="BlockSize.FormatLimit"/>; null for <see cref="BlockSize.For"/>. FastRsyncNet itself writes
    /// <see cref="BlockSize.Shortest"/> to <see cref="BlockSize.Longest"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public int? BlockLength
    {
        get => _blockLength;
        init => _blockLength = value is null or (>= 1 and <= BlockSize.FormatLimit)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "a block has 1 to 32767 bytes");
    }

    /// <summary>The strong hash of the blocks.</summary>
    public ContentHash BlockHash { get; init; } = ContentHash.XxHash3;

    /// <summary>The weak checksum of the blocks.</summary>
    public RollingChecksum Rolling { get; init; } = RollingChecksum.Adler32;

    /// <summary>
    /// The hash of the whole file. FastRsyncNet writes MD5; with another it merely cannot skip building a delta of an unchanged file.
    /// </summary>
    public ContentHash FileHash { get; init; } = ContentHash.XxHash128;

    /// <summary>Most threads to use, at least 1; the number of processors unless set.</summary>
    public int Workers
    {
        get => _workers;
        init => _workers = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }
}
