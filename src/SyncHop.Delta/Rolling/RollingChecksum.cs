namespace SyncHop.Delta;

/// <summary>The weak checksums of blocks: <c>(b &lt;&lt; 16) | a</c>, where a = 1 + Σ z_i and b = n + Σ (n-i)·z_i.</summary>
public enum RollingChecksum
{
    /// <summary>Both sums modulo 2^16. FastRsyncNet's default, and the fastest to roll.</summary>
    Adler32,

    /// <summary>
    /// Modulo 65521. The stored values equal <see cref="Adler32V3"/>'s; FastRsyncNet rolls them wrongly and misses matches, SyncHop
    /// rolls them rightly.
    /// </summary>
    Adler32V2,

    /// <summary>Modulo 65521: zlib's Adler-32 (RFC 1950, section 8).</summary>
    Adler32V3,
}
