namespace SyncHop.Engine;

/// <summary>The checksums of <c>--checksum-choice</c>. Contents are compared byte by byte here, so it matters to <c>%C</c> alone.</summary>
public enum ChecksumName
{
    /// <summary>XXH128, rsync's choice between two new versions.</summary>
    Xxh128,
    /// <summary>XXH3 with 64 bits.</summary>
    Xxh3,
    /// <summary>XXH64.</summary>
    Xxh64,
    /// <summary>MD5 (RFC 1321).</summary>
    Md5,
    /// <summary>MD4 (RFC 1320).</summary>
    Md4,
    /// <summary>SHA-1 (FIPS 180-4).</summary>
    Sha1,
    /// <summary>None.</summary>
    None,
}
