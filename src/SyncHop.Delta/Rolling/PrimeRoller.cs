using System.Runtime.CompilerServices;

namespace SyncHop.Delta;

/// <summary>Rolls <see cref="RollingChecksum.Adler32V3"/>, and V2 as it should have been: modulo 65521.</summary>
internal struct PrimeRoller : IRoller<PrimeRoller>
{
    private const uint Prime = RollingChecksums.Prime;

    private readonly uint _length;
    private uint _sum;
    private uint _weighted;

    private PrimeRoller(uint length, uint sum, uint weighted) => (_length, _sum, _weighted) = (length, sum, weighted);

    public readonly uint Key
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_weighted << 16) | _sum;
    }

    public static uint KeyOf(uint checksum, int length)
    {
        // A foreign file may hold halves of 65521 and more; such a checksum matches nothing, whatever its key.
        uint sum = ((checksum & 0xFFFF) + Prime - 1) % Prime;
        uint weighted = ((checksum >> 16) + Prime - ((uint)length % Prime)) % Prime;
        return (weighted << 16) | sum;
    }

    public static PrimeRoller Start(ReadOnlySpan<byte> window)
    {
        (ulong sum, ulong weighted) = BlockSum.Compute(window);
        return new PrimeRoller((uint)window.Length, (uint)(sum % Prime), (uint)(weighted % Prime));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Roll(byte leaving, byte entering)
    {
        // Sums below 2 · Prime, then one conditional subtraction: smaller by it or wrapped around to a huge value.
        uint sum = _sum + Prime - leaving + entering;
        sum = Math.Min(sum, sum - Prime);
        _sum = Math.Min(sum, sum - Prime);
        // length · leaving is below 2^23, so 128 · Prime (above 2^22.99) keeps the difference positive.
        _weighted = (_weighted + (128 * Prime) - (_length * leaving) + _sum) % Prime;
    }

    public static void RollAll(ref PrimeRoller window, ReadOnlySpan<byte> leaving, ReadOnlySpan<byte> entering, Span<uint> keys)
    {
        // A copy, so that the sums stay in registers.
        PrimeRoller roller = window;
        keys[0] = roller.Key;
        keys = keys.Slice(1, leaving.Length);
        for (int i = 0; i < leaving.Length && i < entering.Length && i < keys.Length; i++)
        {
            roller.Roll(leaving[i], entering[i]);
            keys[i] = roller.Key;
        }
        window = roller;
    }
}
