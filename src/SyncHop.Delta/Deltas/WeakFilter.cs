using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SyncHop.Delta;

/// <summary>
/// A bitmap with four bits, in one word, for each weak key of the basis (a blocked Bloom filter). It is asked at every byte of unmatched
/// data and, unlike the table behind it, nearly fits the processor's cache: 11 to 21 bits a block let about one in 200 foreign keys
/// through.
/// </summary>
internal sealed class WeakFilter
{
    private const double BlocksPerWord = 1.5;
    private const int LargestBits = 28;
    private const uint WordMultiplier = 0x9E3779B1;
    private const uint MaskMultiplier = 0x85EBCA77;

    private readonly uint[] _words;
    private readonly int _shift;

    public WeakFilter(int blocks)
    {
        int bits = Math.Clamp(BitOperations.Log2((uint)(blocks / BlocksPerWord) | 1), 4, LargestBits);
        _words = new uint[1 << bits];
        _shift = 32 - bits;
    }

    public void Add(uint key) => _words[(key * WordMultiplier) >> _shift] |= Mask(key);

    public bool MayContain(uint key) => (_words[(key * WordMultiplier) >> _shift] & Mask(key)) == Mask(key);

    /// <summary>Lists the places of the keys that may be contained.</summary>
    /// <returns>How many there are.</returns>
    public int FindCandidates(ReadOnlySpan<uint> keys, Span<int> candidates)
    {
        int count = 0;
        int i = 0;
        if (Avx2.IsSupported)
        {
            for (; i + Vector256<uint>.Count <= keys.Length; i += Vector256<uint>.Count)
            {
                for (uint hits = Ask(Vector256.Create(keys[i..])); hits != 0; hits &= hits - 1)
                    candidates[count++] = i + BitOperations.TrailingZeroCount(hits);
            }
        }
        for (; i < keys.Length; i++)
            if (MayContain(keys[i])) candidates[count++] = i;
        return count;
    }

    private static uint Mask(uint key)
    {
        uint hash = key * MaskMultiplier;
        return (1u << (int)(hash >> 27)) | (1u << (int)((hash >> 22) & 31)) | (1u << (int)((hash >> 17) & 31))
            | (1u << (int)((hash >> 12) & 31));
    }

    /// <summary><see cref="MayContain"/> for eight keys, as a bit each.</summary>
    private unsafe uint Ask(Vector256<uint> keys)
    {
        Vector256<uint> place = keys * WordMultiplier >>> _shift;
        Vector256<uint> hash = keys * MaskMultiplier;
        Vector256<uint> five = Vector256.Create(31u);
        Vector256<uint> one = Vector256<uint>.One;
        Vector256<uint> mask = Avx2.ShiftLeftLogicalVariable(one, hash >>> 27)
            | Avx2.ShiftLeftLogicalVariable(one, (hash >>> 22) & five)
            | Avx2.ShiftLeftLogicalVariable(one, (hash >>> 17) & five)
            | Avx2.ShiftLeftLogicalVariable(one, (hash >>> 12) & five);
        fixed (uint* words = &MemoryMarshal.GetArrayDataReference(_words))
        {
            // The shift gives less than the number of words, whatever the key.
            Vector256<uint> found = Avx2.GatherVector256(words, place.AsInt32(), sizeof(uint));
            return Vector256.Equals(found & mask, mask).ExtractMostSignificantBits();
        }
    }
}
