namespace SyncHop.Delta;

/// <summary>
/// The signature of a file (the basis): for each of its blocks a weak and a strong sum, and what is known of the whole.
/// Immutable, safe for several threads.
/// </summary>
public sealed class FileSignature
{
    private readonly long[]? _starts;

    internal FileSignature(
        BlockTable blocks, RollingChecksum rolling, int blockLength, long length, long[]? starts, FileHash? hash, long? statedLength)
    {
        Blocks = blocks;
        Rolling = rolling;
        BlockLength = blockLength;
        Length = length;
        _starts = starts;
        Hash = hash;
        StatedLength = statedLength;
    }

    /// <summary>The strong hash of the blocks.</summary>
    public ContentHash BlockHash => Blocks.Hash;

    /// <summary>The weak checksum of the blocks.</summary>
    public RollingChecksum Rolling { get; }

    /// <summary>Bytes of the largest block; 0 when there is none.</summary>
    public int BlockLength { get; }

    /// <summary>Number of blocks.</summary>
    public int BlockCount => Blocks.Count;

    /// <summary>Bytes of the file: the sum of its blocks.</summary>
    public long Length { get; }

    /// <summary>The hash of the whole file; null when the signature has none (Octodiff).</summary>
    public FileHash? Hash { get; }

    /// <summary>The file's length if the metadata had it (FastRsyncNet since 2.4.6).</summary>
    internal long? StatedLength { get; }

    internal BlockTable Blocks { get; }

    /// <summary>Where a block begins in the file, in bytes.</summary>
    public long StartOf(int block) => _starts is null ? (long)block * BlockLength : _starts[block];

    /// <summary>Bytes of a block; all but the last are <see cref="BlockLength"/> unless the signature was made with varying blocks.</summary>
    public int LengthOf(int block) => (int)((block + 1 < BlockCount ? StartOf(block + 1) : Length) - StartOf(block));

    /// <summary>The weak checksum of a block.</summary>
    public uint WeakOf(int block) => Blocks.Weak(block);

    /// <summary>The strong hash of a block.</summary>
    public ReadOnlySpan<byte> StrongOf(int block) => Blocks.Strong(block);
}
