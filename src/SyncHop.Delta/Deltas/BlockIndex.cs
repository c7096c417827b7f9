using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace SyncHop.Delta;

/// <summary>
/// Finds the block of the basis that a window equals. An open-addressed table with linear probing, keyed by the weak key; blocks with the
/// same key and different content are chained. Only blocks of the signature's block length are in it. Safe for several threads once made.
/// </summary>
internal sealed class BlockIndex
{
    /// <summary>
    /// Most different blocks under one key. Real data has a few; more is an attempt to make every position slow, and costs only matches.
    /// </summary>
    private const int LongestChain = 64;

    /// <summary>(key &lt;&lt; 32) | (block + 1); 0 is a free slot.</summary>
    private readonly ulong[] _slots;
    private readonly int _shift;
    private readonly ulong _multiplier;
    private readonly Dictionary<int, int[]> _chains = [];
    private readonly BlockTable _blocks;

    public BlockIndex(FileSignature signature, Func<uint, int, uint> keyOf)
    {
        _blocks = signature.Blocks;
        Filter = new WeakFilter(signature.BlockCount);
        int bits = BitOperations.Log2((uint)Math.Clamp(signature.BlockCount * 5L / 4, 16, int.MaxValue)) + 1;
        _slots = new ulong[1 << bits];
        _shift = 64 - bits;
        // Drawn at random, so that no signature can be prepared to fill one stretch of the table.
        _multiplier = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
        for (int block = 0; block < signature.BlockCount; block++)
            if (signature.LengthOf(block) == signature.BlockLength)
                Add(block, keyOf(signature.WeakOf(block), signature.BlockLength));
    }

    /// <summary>What is asked before <see cref="Find"/>.</summary>
    public WeakFilter Filter { get; }

    /// <summary>The first block with that key and the window's content; -1 if there is none.</summary>
    public int Find(uint key, ReadOnlySpan<byte> window)
    {
        int block = First(key);
        if (block < 0) return -1;
        Span<byte> hash = stackalloc byte[ContentHashes.MaxLength];
        ContentHashes.Compute(_blocks.Hash, window, hash);
        ReadOnlySpan<byte> strong = hash[.._blocks.HashLength];
        if (strong.SequenceEqual(_blocks.Strong(block))) return block;
        if (!_chains.TryGetValue(block, out int[]? chain)) return -1;
        foreach (int other in chain)
            if (strong.SequenceEqual(_blocks.Strong(other))) return other;
        return -1;
    }

    /// <summary>Has the key's slot fetched into the cache, for <see cref="Find"/> a little later.</summary>
    public unsafe void Prefetch(uint key)
    {
        // Only a hint: an address that is stale because the array has moved does no harm.
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), SlotOf(key))));
    }

    private int First(uint key)
    {
        for (uint slot = SlotOf(key); ; slot = Next(slot))
        {
            ulong entry = _slots[slot];
            if (entry == 0) return -1;
            if ((uint)(entry >> 32) == key) return (int)(uint)entry - 1;
        }
    }

    private void Add(int block, uint key)
    {
        int first = First(key);
        if (first >= 0)
        {
            Chain(first, block);
            return;
        }
        uint slot = SlotOf(key);
        while (_slots[slot] != 0) slot = Next(slot);
        _slots[slot] = ((ulong)key << 32) | (uint)(block + 1);
        Filter.Add(key);
    }

    private void Chain(int first, int block)
    {
        ReadOnlySpan<byte> strong = _blocks.Strong(block);
        // The first of equal blocks is enough: the ones behind it are found as runs.
        if (strong.SequenceEqual(_blocks.Strong(first))) return;
        int[] chain = _chains.GetValueOrDefault(first, []);
        if (chain.Length == LongestChain) return;
        foreach (int other in chain)
            if (strong.SequenceEqual(_blocks.Strong(other))) return;
        _chains[first] = [.. chain, block];
    }

    private uint SlotOf(uint key)
    {
        // Twice: the keys' low halves are much alike, and one multiplication leaves them in clusters.
        ulong hash = key * _multiplier;
        return (uint)(((hash ^ (hash >> 32)) * _multiplier) >> _shift);
    }

    private uint Next(uint slot) => (slot + 1) & (uint)(_slots.Length - 1);
}
