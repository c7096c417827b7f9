using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace SyncHop.Delta;

/// <summary>
/// Finds the block of the basis that a window equals. An open-addressed table with linear probing, keyed by the weak key; blocks with the
/// same key and different content are chained. Only blocks of the signature's block length are in it. It consists of parts that several
/// threads fill side by side (<see cref="Complete"/>), each small enough for a processor's cache; what is found does not depend on who
/// filled them.
/// </summary>
internal sealed class BlockIndex<TRoller>
    where TRoller : struct, IRoller<TRoller>
{
    /// <summary>
    /// Most different blocks under one key. Real data has a few; more is an attempt to make every position slow, and costs only matches.
    /// </summary>
    private const int LongestChain = 64;

    /// <summary>1 MiB: fits the cache while it is filled.</summary>
    private const int LargestPartBits = 17;

    /// <summary>Every part goes through all keys, so there are few.</summary>
    private const int MostPartBits = 3;

    private const int BatchLength = 512;

    /// <summary>(key &lt;&lt; 32) | (block + 1); 0 is a free slot.</summary>
    private readonly ulong[] _slots;
    private readonly int _shift;
    private readonly int _partBits;
    private readonly ulong _multiplier;
    private readonly Dictionary<int, int[]>[] _chains;
    private readonly FileSignature _signature;
    private readonly BlockTable _blocks;
    private readonly object _gate = new();
    private int _taken;
    private int _filled;
    private ExceptionDispatchInfo? _fault;

    /// <summary>Makes an empty index, for <see cref="Complete"/>.</summary>
    public BlockIndex(FileSignature signature)
    {
        _signature = signature;
        _blocks = signature.Blocks;
        int bits = BitOperations.Log2((uint)Math.Clamp(signature.BlockCount * 5L / 4, 16, int.MaxValue)) + 1;
        _slots = new ulong[1 << bits];
        _shift = 64 - bits;
        // Drawn at random, so that no signature can be prepared to fill one stretch of the table.
        _multiplier = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
        int parts = 1 << Math.Clamp(bits - LargestPartBits, 0, MostPartBits);
        _partBits = bits - BitOperations.Log2((uint)parts);
        _chains = [.. Enumerable.Range(0, parts).Select(_ => new Dictionary<int, int[]>())];
        Filter = new WeakFilter(signature.BlockCount, parts);
    }

    /// <summary>What is asked before <see cref="Find"/>.</summary>
    public WeakFilter Filter { get; }

    /// <summary>
    /// Returns when the index is filled. The first threads that call it fill it, a part each until none is left; so none waits while
    /// there is something to do, however few threads there are.
    /// </summary>
    public void Complete()
    {
        if (Volatile.Read(ref _filled) == _chains.Length) return;
        try
        {
            for (int part; (part = Interlocked.Increment(ref _taken) - 1) < _chains.Length;)
            {
                Fill(part);
                lock (_gate)
                {
                    _filled++;
                    Monitor.PulseAll(_gate);
                }
            }
        }
        catch (Exception fault)
        {
            lock (_gate)
            {
                _fault = ExceptionDispatchInfo.Capture(fault);
                Monitor.PulseAll(_gate);
            }
            throw;
        }
        lock (_gate)
        {
            while (_filled < _chains.Length && _fault is null) Monitor.Wait(_gate);
        }
        _fault?.Throw();
    }

    /// <summary>The first block with that key and the window's content; -1 if there is none.</summary>
    public int Find(uint key, ReadOnlySpan<byte> window)
    {
        uint slot = SlotOf(key);
        int block = First(key, slot);
        if (block < 0) return -1;
        Span<byte> hash = stackalloc byte[ContentHashes.MaxLength];
        ContentHashes.Compute(_blocks.Hash, window, hash);
        ReadOnlySpan<byte> strong = hash[.._blocks.HashLength];
        if (strong.SequenceEqual(_blocks.Strong(block))) return block;
        if (!_chains[slot >> _partBits].TryGetValue(block, out int[]? chain)) return -1;
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

    private int First(uint key, uint slot)
    {
        for (; ; slot = Next(slot))
        {
            ulong entry = _slots[slot];
            if (entry == 0) return -1;
            if ((uint)(entry >> 32) == key) return (int)(uint)entry - 1;
        }
    }

    private void Fill(int part)
    {
        Span<uint> keys = stackalloc uint[BatchLength];
        Span<int> mine = stackalloc int[BatchLength];
        // One slot stays free, so that every search ends.
        int room = (1 << _partBits) - 1;
        for (int start = 0; start < _signature.BlockCount; start += BatchLength)
        {
            // Which keys are this part's is random; collecting them without branches is several times as fast.
            int length = Math.Min(BatchLength, _signature.BlockCount - start);
            int count = 0;
            for (int i = 0; i < length; i++)
            {
                uint key = TRoller.KeyOf(_blocks.Weak(start + i), _signature.BlockLength);
                keys[i] = key;
                mine[count] = i;
                count += SlotOf(key) >> _partBits == (uint)part ? 1 : 0;
            }
            foreach (int i in mine[..count])
                if (_signature.LengthOf(start + i) == _signature.BlockLength) Add(start + i, keys[i], ref room);
            Filter.AddPart(part, keys[..length], mine);
        }
    }

    private void Add(int block, uint key, ref int room)
    {
        uint slot = SlotOf(key);
        for (; _slots[slot] != 0; slot = Next(slot))
        {
            if ((uint)(_slots[slot] >> 32) != key) continue;
            Chain((int)(slot >> _partBits), (int)(uint)_slots[slot] - 1, block);
            return;
        }
        if (room == 0) return;
        room--;
        _slots[slot] = ((ulong)key << 32) | (uint)(block + 1);
    }

    private void Chain(int part, int first, int block)
    {
        Dictionary<int, int[]> chains = _chains[part];
        ReadOnlySpan<byte> strong = _blocks.Strong(block);
        // The first of equal blocks is enough: the ones behind it are found as runs.
        if (strong.SequenceEqual(_blocks.Strong(first))) return;
        int[] chain = chains.GetValueOrDefault(first, []);
        if (chain.Length == LongestChain) return;
        foreach (int other in chain)
            if (strong.SequenceEqual(_blocks.Strong(other))) return;
        chains[first] = [.. chain, block];
    }

    private uint SlotOf(uint key)
    {
        // Twice: the keys' low halves are much alike, and one multiplication leaves them in clusters.
        ulong hash = key * _multiplier;
        return (uint)(((hash ^ (hash >> 32)) * _multiplier) >> _shift);
    }

    /// <summary>The next slot of the same part.</summary>
    private uint Next(uint slot)
    {
        uint within = (1u << _partBits) - 1;
        return (slot & ~within) | ((slot + 1) & within);
    }
}
