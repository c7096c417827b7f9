using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SyncHop.Delta;

/// <summary>Rolls <see cref="RollingChecksum.Adler32"/>: modulo 2^16 is what remains of wrapping 32-bit arithmetic.</summary>
internal struct PowerOfTwoRoller : IRoller<PowerOfTwoRoller>
{
    private readonly uint _length;
    private uint _sum;
    private uint _weighted;

    private PowerOfTwoRoller(uint length, uint sum, uint weighted) => (_length, _sum, _weighted) = (length, sum, weighted);

    public readonly uint Key
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_weighted << 16) | (ushort)_sum;
    }

    public static uint KeyOf(uint checksum, int length) =>
        (((checksum >> 16) - (uint)length) << 16) | (ushort)(checksum - 1);

    public static PowerOfTwoRoller Start(ReadOnlySpan<byte> window)
    {
        (ulong sum, ulong weighted) = BlockSum.Compute(window);
        return new PowerOfTwoRoller((uint)window.Length, (uint)sum, (uint)weighted);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Roll(byte leaving, byte entering)
    {
        _sum = _sum - leaving + entering;
        _weighted = _weighted - (_length * leaving) + _sum;
    }

    public static void RollAll(ref PowerOfTwoRoller window, ReadOnlySpan<byte> leaving, ReadOnlySpan<byte> entering, Span<uint> keys)
    {
        // A copy, so that the sums stay in registers.
        PowerOfTwoRoller roller = window;
        keys[0] = roller.Key;
        keys = keys.Slice(1, leaving.Length);
        int i = Avx2.IsSupported ? RollWide(ref roller, leaving, entering, keys) : 0;
        for (; i < leaving.Length && i < entering.Length && i < keys.Length; i++)
        {
            roller.Roll(leaving[i], entering[i]);
            keys[i] = roller.Key;
        }
        window = roller;
    }

    /// <summary>Eight steps at a time: both sums are running totals, and running totals are what vectors add up in three steps.</summary>
    /// <returns>The number of steps, a multiple of eight.</returns>
    private static int RollWide(ref PowerOfTwoRoller roller, ReadOnlySpan<byte> leaving, ReadOnlySpan<byte> entering, Span<uint> keys)
    {
        Vector256<uint> last = Vector256.Create(7u);
        Vector256<short> length = Vector256.Create((int)roller._length).AsInt16();
        Vector256<uint> sum = Vector256.Create(roller._sum);
        Vector256<uint> weighted = Vector256.Create(roller._weighted);
        int steps = leaving.Length & -Vector256<uint>.Count;
        // Checked once: the loop takes eight of each at a time.
        ref byte leave0 = ref MemoryMarshal.GetReference(leaving[..steps]);
        ref byte enter0 = ref MemoryMarshal.GetReference(entering[..steps]);
        ref uint key0 = ref MemoryMarshal.GetReference(keys[..steps]);
        for (int i = 0; i < steps; i += Vector256<uint>.Count)
        {
            Vector256<uint> leave = Widen(ref Unsafe.Add(ref leave0, i));
            Vector256<uint> sums = sum + RunningTotal(Widen(ref Unsafe.Add(ref enter0, i)) - leave);
            // Both factors are below 2^15, so the 16-bit multiplication is exact.
            Vector256<uint> weights = Avx2.MultiplyAddAdjacent(leave.AsInt16(), length).AsUInt32();
            Vector256<uint> weighteds = weighted + RunningTotal(sums - weights);
            ((weighteds << 16) | (sums & Vector256.Create(0xFFFFu))).StoreUnsafe(ref key0, (nuint)i);
            sum = Avx2.PermuteVar8x32(sums, last);
            weighted = Avx2.PermuteVar8x32(weighteds, last);
        }
        roller._sum = sum[0];
        roller._weighted = weighted[0];
        return steps;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Widen(ref byte bytes) =>
        Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref bytes)).AsByte()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RunningTotal(Vector256<uint> values)
    {
        values += Avx2.ShiftLeftLogical128BitLane(values, 4);
        values += Avx2.ShiftLeftLogical128BitLane(values, 8);
        // What the low half adds up to goes to every element of the high half.
        Vector256<uint> carry = Avx2.Permute2x128(values, values, 0x08);
        return values + Avx2.Shuffle(carry, 0xFF);
    }
}
