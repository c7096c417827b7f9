using System.Numerics;
using System.Runtime.CompilerServices;
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
    private readonly int _partShift;

    /// <param name="blocks">Number of keys, at most.</param>
    /// <param name="parts">In how many parts of the bitmap keys are put side by side: a power of two, at most 16.</param>
    public WeakFilter(int blocks, int parts)
    {
        int bits = Math.Clamp(BitOperations.Log2((uint)(blocks / BlocksPerWord) | 1), 4, LargestBits);
        _words = new uint[1 << bits];
        _shift = 32 - bits;
        _partShift = bits - BitOperations.Log2((uint)parts);
    }

    /// <summary>Adds those of the keys whose word is in a part. Safe beside calls for other parts.</summary>
    /// <param name="part">The part.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="mine">Room for as many numbers.</param>
    public void AddPart(int part, ReadOnlySpan<uint> keys, Span<int> mine)
    {
        int count = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            mine[count] = i;
            count += keys[i] * WordMultiplier >> _shift >> _partShift == (uint)part ? 1 : 0;
        }
        foreach (int i in mine[..count]) _words[(keys[i] * WordMultiplier) >> _shift] |= Mask(keys[i]);
    }

    public bool MayContain(uint key) => (_words[(key * WordMultiplier) >> _shift] & Mask(key)) == Mask(key);

    /// <summary>Lists the places of the keys that may be contained.</summary>
    /// <returns>How many there are.</returns>
    public unsafe int FindCandidates(ReadOnlySpan<uint> keys, Span<int> candidates)
    {
        int count = 0;
        int i = 0;
        if (Avx2.IsSupported)
        {
            fixed (uint* words = _words, key = keys)
            {
                for (; i + (2 * Vector256<uint>.Count) <= keys.Length; i += 2 * Vector256<uint>.Count)
                {
                    uint hits = Ask(words, Vector256.Load(key + i)).ExtractMostSignificantBits()
                        | (Ask(words, Vector256.Load(key + i + Vector256<uint>.Count)).ExtractMostSignificantBits() << Vector256<uint>.Count);
                    for (; hits != 0; hits &= hits - 1)
                        candidates[count++] = i + BitOperations.TrailingZeroCount(hits);
                }
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

    /// <summary><see cref="MayContain"/> for eight keys: all bits of an element are set for yes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe Vector256<uint> Ask(uint* words, Vector256<uint> keys)
    {
        Vector256<uint> hash = keys * MaskMultiplier;
        Vector256<uint> one = Vector256<uint>.One;
        Vector256<uint> five = Vector256.Create(31u);
        Vector256<uint> mask = Avx2.ShiftLeftLogicalVariable(one, hash >>> 27)
            | Avx2.ShiftLeftLogicalVariable(one, (hash >>> 22) & five)
            | Avx2.ShiftLeftLogicalVariable(one, (hash >>> 17) & five)
            | Avx2.ShiftLeftLogicalVariable(one, (hash >>> 12) & five);
        // The shift gives less than the number of words, whatever the key.
        Vector256<uint> found = Avx2.GatherVector256(words, (keys * WordMultiplier >>> _shift).AsInt32(), sizeof(uint));
        return Vector256.Equals(found & mask, mask);
    }
}
