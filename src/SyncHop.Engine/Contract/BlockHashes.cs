using System.Security.Cryptography;

namespace SyncHop.Engine.Contract;

/// <summary>Hashes of a file's blocks that its host has computed, with a function for which nobody can make two contents with one hash.</summary>
/// <param name="function">The function.</param>
/// <param name="hashes">The hashes one behind the other.</param>
public sealed class BlockHashes(HashAlgorithmName function, ReadOnlyMemory<byte> hashes)
{
    /// <summary>Most blocks that are asked for at once.</summary>
    public const int MostBlocks = 16_000;

    /// <summary>Shortest block in bytes.</summary>
    public const int ShortestBlock = 256;

    private const int LongestHash = SHA512.HashSizeInBytes;

    /// <summary>Bytes of all hashes.</summary>
    public int Bytes => hashes.Length;

    /// <summary>Whether a block has that content.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="content">The content.</param>
    public bool Matches(int block, ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[LongestHash];
        int length = CryptographicOperations.HashData(function, content, hash);
        return hash[..length].SequenceEqual(hashes.Span.Slice(block * length, length));
    }
}
