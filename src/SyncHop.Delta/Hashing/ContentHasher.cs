using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace SyncHop.Delta;

/// <summary>A hash of data that arrives in pieces. Not thread-safe.</summary>
public sealed class ContentHasher : IDisposable
{
    private readonly NonCryptographicHashAlgorithm? _fast;
    private readonly IncrementalHash? _cryptographic;

    /// <summary>Starts a hash of nothing.</summary>
    public ContentHasher(ContentHash algorithm)
    {
        Algorithm = algorithm;
        switch (algorithm)
        {
            case ContentHash.XxHash64: _fast = new XxHash64(); break;
            case ContentHash.XxHash3: _fast = new XxHash3(); break;
            case ContentHash.XxHash128: _fast = new XxHash128(); break;
            case ContentHash.Sha1: _cryptographic = IncrementalHash.CreateHash(HashAlgorithmName.SHA1); break;
            case ContentHash.Md5: _cryptographic = IncrementalHash.CreateHash(HashAlgorithmName.MD5); break;
            default: throw new ArgumentOutOfRangeException(nameof(algorithm));
        }
    }

    /// <summary>The function.</summary>
    public ContentHash Algorithm { get; }

    /// <summary>Adds the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        if (_fast is not null)
            _fast.Append(data);
        else
            _cryptographic!.AppendData(data);
    }

    /// <summary>The hash of everything appended, in the byte order of the files.</summary>
    public byte[] Finish() => _fast switch
    {
        XxHash64 hash => LittleEndian(hash.GetCurrentHashAsUInt64()),
        XxHash3 hash => LittleEndian(hash.GetCurrentHashAsUInt64()),
        null => _cryptographic!.GetCurrentHash(),
        _ => _fast.GetCurrentHash(),
    };

    /// <inheritdoc/>
    public void Dispose() => _cryptographic?.Dispose();

    private static byte[] LittleEndian(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
