namespace SyncHop.Delta;

/// <summary>Weak and strong sums of blocks in two flat arrays: 12 bytes a block with 64-bit hashes.</summary>
internal sealed class BlockTable
{
    private uint[] _weak;
    private byte[] _strong;

    /// <summary>Makes a table with room for that many blocks.</summary>
    /// <exception cref="DeltaException">That many blocks cannot be held.</exception>
    public BlockTable(ContentHash hash, long capacity)
    {
        Hash = hash;
        HashLength = ContentHashes.Length(hash);
        if (capacity > MaxCount)
            throw DeltaException.Unsupported($"{capacity} blocks are more than can be held ({MaxCount}); larger blocks are needed");
        _weak = new uint[capacity];
        _strong = new byte[capacity * HashLength];
    }

    /// <summary>The strong hash.</summary>
    public ContentHash Hash { get; }

    /// <summary>Bytes of a strong hash.</summary>
    public int HashLength { get; }

    /// <summary>Number of blocks.</summary>
    public int Count { get; set; }

    private int MaxCount => Array.MaxLength / HashLength;

    /// <summary>The stored weak checksum.</summary>
    public uint Weak(int block) => _weak[block];

    /// <summary>The strong hash.</summary>
    public ReadOnlySpan<byte> Strong(int block) => _strong.AsSpan(block * HashLength, HashLength);

    /// <summary>Computes both sums of a block into its place.</summary>
    public void Set(int block, RollingChecksum rolling, ReadOnlySpan<byte> data)
    {
        _weak[block] = RollingChecksums.Compute(rolling, data);
        ContentHashes.Compute(Hash, data, _strong.AsSpan(block * HashLength, HashLength));
    }

    /// <summary>Adds a block with sums that are known.</summary>
    public void Add(uint weak, ReadOnlySpan<byte> strong)
    {
        Reserve();
        _weak[Count] = weak;
        strong.CopyTo(_strong.AsSpan(Count * HashLength));
        Count++;
    }

    /// <summary>Adds a block by its data.</summary>
    public void Add(RollingChecksum rolling, ReadOnlySpan<byte> data)
    {
        Reserve();
        Set(Count, rolling, data);
        Count++;
    }

    /// <summary>Whether the data has the block's strong hash.</summary>
    public bool Matches(int block, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[ContentHashes.MaxLength];
        ContentHashes.Compute(Hash, data, hash);
        return hash[..HashLength].SequenceEqual(Strong(block));
    }

    private void Reserve()
    {
        if (Count < _weak.Length) return;
        if (Count == MaxCount) throw DeltaException.Unsupported($"more than {MaxCount} blocks cannot be held");
        int capacity = (int)Math.Min(Math.Max(16, _weak.Length * 2L), MaxCount);
        Array.Resize(ref _weak, capacity);
        Array.Resize(ref _strong, capacity * HashLength);
    }
}
