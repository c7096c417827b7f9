using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace SyncHop.Delta;

/// <summary>Names, lengths and one-shot computation of the hash functions.</summary>
internal static class ContentHashes
{
    /// <summary>Bytes of the longest hash.</summary>
    public const int MaxLength = 20;

    /// <summary>The name in metadata.</summary>
    public static string Name(ContentHash hash) => hash switch
    {
        ContentHash.XxHash64 => "XXH64",
        ContentHash.XxHash3 => "XXH3",
        ContentHash.Sha1 => "SHA1",
        ContentHash.Md5 => "MD5",
        ContentHash.XxHash128 => "XXH128",
        _ => throw new ArgumentOutOfRangeException(nameof(hash)),
    };

    /// <summary>Bytes of a hash in a file.</summary>
    public static int Length(ContentHash hash) => hash switch
    {
        ContentHash.XxHash64 or ContentHash.XxHash3 => 8,
        ContentHash.Sha1 => 20,
        ContentHash.Md5 or ContentHash.XxHash128 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(hash)),
    };

    /// <summary>The hash of that name, or null.</summary>
    public static ContentHash? Find(string name)
    {
        foreach (ContentHash hash in Enum.GetValues<ContentHash>())
            if (string.Equals(Name(hash), name, StringComparison.OrdinalIgnoreCase)) return hash;
        return null;
    }

    /// <summary>The hash of that name.</summary>
    /// <exception cref="DeltaException">The name is not known.</exception>
    public static ContentHash Parse(string name) =>
        Find(name) ?? throw DeltaException.Unsupported($"unknown hash algorithm '{PrintableName.Of(name)}'");

    /// <summary>Hashes <paramref name="data"/> into the first bytes of <paramref name="destination"/>, in file order.</summary>
    public static void Compute(ContentHash hash, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        switch (hash)
        {
            case ContentHash.XxHash64:
                BinaryPrimitives.WriteUInt64LittleEndian(destination, XxHash64.HashToUInt64(data));
                break;
            case ContentHash.XxHash3:
                BinaryPrimitives.WriteUInt64LittleEndian(destination, XxHash3.HashToUInt64(data));
                break;
            case ContentHash.Sha1:
                SHA1.HashData(data, destination);
                break;
            case ContentHash.Md5:
                MD5.HashData(data, destination);
                break;
            case ContentHash.XxHash128:
                XxHash128.Hash(data, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(hash));
        }
    }
}
