namespace SyncHop.Delta;

/// <summary>Hash functions for blocks and for whole files.</summary>
public enum ContentHash
{
    /// <summary>xxHash64 with seed 0; 8 bytes, little-endian. FastRsyncNet's default for blocks.</summary>
    XxHash64,

    /// <summary>XXH3 of 64 bits with seed 0; 8 bytes, little-endian. FastRsyncNet knows it since 2.4.0.</summary>
    XxHash3,

    /// <summary>SHA-1; 20 bytes.</summary>
    Sha1,

    /// <summary>MD5; 16 bytes. About 0.7 GB/s on one core, so it bounds the speed of everything that asks for it.</summary>
    Md5,

    /// <summary>
    /// XXH3 of 128 bits with seed 0; 16 bytes in canonical order. An extension of SyncHop: FastRsyncNet ignores it as hash of the
    /// basis and refuses it as hash of blocks or of the new file.
    /// </summary>
    XxHash128,
}
