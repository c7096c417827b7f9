using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SyncHop.Delta;

/// <summary>
/// A bitmap with one bit for each weak key of the basis. It is asked at every byte of unmatched data and, unlike the table behind it,
/// fits the processor's cache: 16 bits a block, so about one in 16 foreign keys gets through.
/// </summary>
internal sealed class WeakFilter
{
    private const int BitsPerBlock = 16;
    private const int SmallestBits = 10;
    private const int LargestBits = 31;

    private readonly uint[] _words;
    private readonly int _shift;

    public WeakFilter(int blocks)
    {
        int bits = Math.Clamp(BitOperations.Log2((uint)Math.Max(1, Math.Min((long)blocks * BitsPerBlock, int.MaxValue))) + 1, SmallestBits, LargestBits);
        _words = new uint[1 << (bits - 5)];
        _shift = 32 - bits;
    }

    public void Add(uint key)
    {
        uint bit = Position(key);
        _words[bit >> 5] |= 1u << (int)(bit & 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayContain(uint key)
    {
        uint bit = Position(key);
        // Position gives less than 32 times the number of words, whatever the key.
        return (Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), bit >> 5) & (1u << (int)(bit & 31))) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Position(uint key) => (key * 0x9E3779B1) >> _shift;
}
