using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SyncHop.Delta;

/// <summary>The two sums under every weak checksum: S1 = Σ z_i and S2 = Σ (n-i)·z_i, exact.</summary>
internal static class BlockSum
{
    /// <summary>Longest block: the format's limit is an i16. S1 stays below 2^23, S2 below 2^37.</summary>
    public const int MaxLength = short.MaxValue;

    /// <summary>Bytes after which 32-bit lanes are folded into 64 bits: 255 · 4096 · 4097 / 2 is below 2^32.</summary>
    private const int Piece = 4096;

    /// <summary>Computes both sums with the widest vectors that the machine has.</summary>
    public static (ulong Sum, ulong Weighted) Compute(ReadOnlySpan<byte> block)
    {
        ulong sum = 0;
        ulong weighted = 0;
        while (block.Length >= Vector128<byte>.Count)
        {
            int width = Avx2.IsSupported && block.Length >= Vector256<byte>.Count
                ? Vector256<byte>.Count
                : Vector128<byte>.Count;
            int length = Math.Min(block.Length, Piece) & -width;
            (uint pieceSum, uint pieceWeighted) = width == Vector256<byte>.Count
                ? Wide(block[..length])
                : Portable(block[..length]);
            weighted += (sum * (uint)length) + pieceWeighted;
            sum += pieceSum;
            block = block[length..];
        }
        foreach (byte z in block)
        {
            sum += z;
            weighted += sum;
        }
        return (sum, weighted);
    }

    /// <summary>Scalar sums: the definition, for machines without vectors and as reference.</summary>
    public static (ulong Sum, ulong Weighted) Scalar(ReadOnlySpan<byte> block)
    {
        ulong sum = 0;
        ulong weighted = 0;
        foreach (byte z in block)
        {
            sum += z;
            weighted += sum;
        }
        return (sum, weighted);
    }

    /// <summary>AVX2, 32 bytes a step. The length is a multiple of 32.</summary>
    private static (uint Sum, uint Weighted) Wide(ReadOnlySpan<byte> block)
    {
        Vector256<sbyte> weights = Vector256.Create(
            (sbyte)32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17,
            16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        Vector256<short> ones = Vector256<short>.One;
        Vector256<uint> sums = default;
        Vector256<uint> sumsBefore = default;
        Vector256<int> weighted = default;
        ref byte start = ref MemoryMarshal.GetReference(block);
        for (nuint i = 0; i < (nuint)block.Length; i += 32)
        {
            Vector256<byte> bytes = Vector256.LoadUnsafe(ref start, i);
            sumsBefore += sums;
            sums += Avx2.SumAbsoluteDifferences(bytes, Vector256<byte>.Zero).AsUInt32();
            weighted += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(bytes, weights), ones);
        }
        return (Vector256.Sum(sums), (Vector256.Sum(sumsBefore) * 32) + (uint)Vector256.Sum(weighted));
    }

    /// <summary>Any 128-bit vectors, 16 bytes a step. The length is a multiple of 16.</summary>
    internal static (uint Sum, uint Weighted) Portable(ReadOnlySpan<byte> block)
    {
        Vector128<ushort> lowWeights = Vector128.Create((ushort)16, 15, 14, 13, 12, 11, 10, 9);
        Vector128<ushort> highWeights = Vector128.Create((ushort)8, 7, 6, 5, 4, 3, 2, 1);
        Vector128<uint> sums = default;
        Vector128<uint> sumsBefore = default;
        Vector128<uint> weighted = default;
        ref byte start = ref MemoryMarshal.GetReference(block);
        for (nuint i = 0; i < (nuint)block.Length; i += 16)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.LoadUnsafe(ref start, i));
            sumsBefore += sums;
            sums += Fold(low + high);
            // At most 255 · (16 + 8): no lane of 16 bits overflows.
            weighted += Fold((low * lowWeights) + (high * highWeights));
        }
        return (Vector128.Sum(sums), (Vector128.Sum(sumsBefore) * 16) + Vector128.Sum(weighted));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Fold(Vector128<ushort> values)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(values);
        return low + high;
    }
}
