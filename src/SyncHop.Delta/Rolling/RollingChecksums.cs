namespace SyncHop.Delta;

/// <summary>Names and computation of the weak checksums.</summary>
internal static class RollingChecksums
{
    /// <summary>Largest prime below 2^16.</summary>
    public const uint Prime = 65521;

    /// <summary>The name in metadata.</summary>
    public static string Name(RollingChecksum checksum) => checksum switch
    {
        RollingChecksum.Adler32 => "Adler32",
        RollingChecksum.Adler32V2 => "Adler32V2",
        RollingChecksum.Adler32V3 => "Adler32V3",
        _ => throw new ArgumentOutOfRangeException(nameof(checksum)),
    };

    /// <summary>The checksum of that name.</summary>
    /// <exception cref="DeltaException">The name is not known.</exception>
    public static RollingChecksum Parse(string name)
    {
        foreach (RollingChecksum checksum in Enum.GetValues<RollingChecksum>())
            if (string.Equals(Name(checksum), name, StringComparison.OrdinalIgnoreCase)) return checksum;
        throw DeltaException.Unsupported($"unknown rolling checksum '{PrintableName.Of(name)}'");
    }

    /// <summary>The checksum of a block of at most <see cref="BlockSum.MaxLength"/> bytes.</summary>
    public static uint Compute(RollingChecksum checksum, ReadOnlySpan<byte> block)
    {
        (ulong sum, ulong weighted) = BlockSum.Compute(block);
        ulong a = 1 + sum;
        ulong b = (uint)block.Length + weighted;
        return checksum == RollingChecksum.Adler32
            ? ((uint)b << 16) | (ushort)a
            : ((uint)(b % Prime) << 16) | (uint)(a % Prime);
    }
}
