using System.IO.Hashing;
using System.Security.Cryptography;

namespace SyncHop.Engine.Hashing;

/// <summary>The checksum of a file's content that <c>%C</c> shows, taken while the content passes by.</summary>
internal sealed class ContentSum
{
    private readonly NonCryptographicHashAlgorithm? _fast;
    private readonly IncrementalHash? _cryptographic;
    private readonly Md4? _md4;

    /// <param name="name">Which one.</param>
    public ContentSum(ChecksumName name)
    {
        Name = name;
        switch (name)
        {
            case ChecksumName.Xxh128: _fast = new XxHash128(); break;
            case ChecksumName.Xxh3: _fast = new XxHash3(); break;
            case ChecksumName.Xxh64: _fast = new XxHash64(); break;
            case ChecksumName.Md5: _cryptographic = IncrementalHash.CreateHash(HashAlgorithmName.MD5); break;
            case ChecksumName.Sha1: _cryptographic = IncrementalHash.CreateHash(HashAlgorithmName.SHA1); break;
            case ChecksumName.Md4: _md4 = new Md4(); break;
        }
    }

    /// <summary>Which one it is.</summary>
    public ChecksumName Name { get; }

    /// <summary>How many hexadecimal digits the checksum has; rsync leaves room for two where there is none.</summary>
    public static int Length(ChecksumName name) => name switch
    {
        ChecksumName.Xxh3 or ChecksumName.Xxh64 => 16,
        ChecksumName.Sha1 => 40,
        ChecksumName.None => 2,
        _ => 32,
    };

    /// <summary>What rsync shows for a file that a dry run would send.</summary>
    public static string NotSent(ChecksumName name) => name == ChecksumName.None ? "" : new string('0', Length(name));

    /// <summary>Adds the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        _fast?.Append(data);
        _cryptographic?.AppendData(data);
        _md4?.Append(data);
    }

    /// <summary>The checksum of everything added, in hexadecimal; empty where there is none.</summary>
    public string Finish()
    {
        byte[] sum = _fast?.GetHashAndReset() ?? _cryptographic?.GetHashAndReset() ?? _md4?.Finish() ?? [];
        _cryptographic?.Dispose();
        return Convert.ToHexStringLower(sum);
    }
}
