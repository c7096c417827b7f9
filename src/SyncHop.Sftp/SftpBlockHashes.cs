using System.Security.Cryptography;

namespace SyncHop.Sftp;

/// <summary>A hash function by its name in check-file (draft-ietf-secsh-filexfer-extensions-00 section 3).</summary>
public sealed class SftpHashAlgorithm
{
    /// <summary>
    /// The functions for which nobody can make two contents with one hash, the fastest first. MD5, SHA-1 and CRC-32, which servers have
    /// too, are none.
    /// </summary>
    public static readonly IReadOnlyList<SftpHashAlgorithm> Sound =
    [
        new("sha256", HashAlgorithmName.SHA256, SHA256.HashSizeInBytes),
        new("sha512", HashAlgorithmName.SHA512, SHA512.HashSizeInBytes),
        new("sha384", HashAlgorithmName.SHA384, SHA384.HashSizeInBytes),
    ];

    private SftpHashAlgorithm(string name, HashAlgorithmName function, int length) => (Name, Function, Length) = (name, function, length);

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary>The function.</summary>
    public HashAlgorithmName Function { get; }

    /// <summary>Bytes of a hash.</summary>
    public int Length { get; }
}

/// <summary>What the server computed: a hash of each block asked for.</summary>
/// <param name="Algorithm">The function that the server chose.</param>
/// <param name="Hashes">The hashes one behind the other.</param>
public sealed record SftpBlockHashes(SftpHashAlgorithm Algorithm, ReadOnlyMemory<byte> Hashes);
