using System.Buffers.Binary;
using System.IO.Hashing;
using SyncHop.Delta;

namespace SyncHop.Engine.Signatures;

/// <summary>
/// The file format of a store's entries, integers big-endian: 8 bytes magic, u32 version, i64 size, i64 modification time, i64 time
/// of signing, u32 length of the path and the path, u64 length of the signature and the signature as FastRsyncNet writes it, and at
/// the end XXH128 of everything before. Whatever is damaged, foreign, or of another version is no entry.
/// </summary>
internal static class SignatureEntryFormat
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const uint Version = 1;

    /// <summary>Bytes before the path.</summary>
    private const int HeaderLength = 8 + sizeof(uint) + (3 * sizeof(long)) + sizeof(uint);

    /// <summary>Bytes in which every entry's path ends: PATH_MAX, and a host's name before it.</summary>
    public const int LongestBeginning = HeaderLength + 8192;

    private const int ChecksumLength = 16;

    /// <summary>Bytes of FastRsyncNet's metadata, at most: names, hashes and a length.</summary>
    private const int LongestMetadata = 1024;

    private const int ShortestBlock = 128;

    /// <summary>Bytes of a block in a signature: length, weak sum, 64-bit hash.</summary>
    private const int RecordLength = 14;

    private static ReadOnlySpan<byte> Magic => "SyncHopS"u8;

    /// <summary>The most bytes that the entry of a file of that length can have.</summary>
    public static long LongestEntry(long fileLength, int pathLength) =>
        HeaderLength + pathLength + sizeof(ulong) + LongestMetadata + (((fileLength / ShortestBlock) + 1) * RecordLength) + ChecksumLength;

    /// <summary>Encodes an entry.</summary>
    public static ReadOnlyMemory<byte> Encode(SignatureEntry entry)
    {
        int capacity = checked((int)(HeaderLength + entry.Path.Length + sizeof(ulong) + LongestMetadata
            + SignatureWriter.RecordBytes(entry.Signature) + ChecksumLength));
        MemoryStream stream = new(capacity);
        Span<byte> header = stackalloc byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64BigEndian(header[12..], entry.Size);
        BinaryPrimitives.WriteInt64BigEndian(header[20..], entry.Mtime);
        BinaryPrimitives.WriteInt64BigEndian(header[28..], entry.SignedAt);
        BinaryPrimitives.WriteInt32BigEndian(header[36..], entry.Path.Length);
        stream.Write(header);
        stream.Write(entry.Path);
        long lengthAt = stream.Position;
        stream.Position += sizeof(ulong);
        SignatureWriter.Write(entry.Signature, stream);
        Span<byte> bytes = stream.GetBuffer();
        BinaryPrimitives.WriteInt64BigEndian(bytes[(int)lengthAt..], stream.Position - lengthAt - sizeof(ulong));
        stream.Write(XxHash128.Hash(bytes[..(int)stream.Position]));
        return stream.GetBuffer().AsMemory(0, (int)stream.Position);
    }

    /// <summary>Decodes an entry; null when it is none of this version or is damaged.</summary>
    public static SignatureEntry? Decode(byte[] bytes)
    {
        if (ReadHeader(bytes) is not { } header) return null;
        int body = bytes.Length - ChecksumLength;
        int signatureAt = HeaderLength + header.Path.Length + sizeof(ulong);
        if (body < signatureAt || !XxHash128.Hash(bytes.AsSpan(0, body)).AsSpan().SequenceEqual(bytes.AsSpan(body))) return null;
        if (BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(signatureAt - sizeof(ulong))) != body - signatureAt) return null;
        try
        {
            using MemoryStream stream = new(bytes, signatureAt, body - signatureAt, writable: false);
            FileSignature signature = SignatureReader.Read(stream);
            bool proves = signature.Hash?.Algorithm == ContentHash.XxHash128 && signature.Length == header.Size;
            return proves ? new SignatureEntry(header.Path, header.Size, header.Mtime, header.SignedAt, signature) : null;
        }
        catch (DeltaException)
        {
            return null;
        }
    }

    /// <summary>Reads the beginning of an entry: which file it is about; null when it is none of this version.</summary>
    public static (byte[] Path, long Size, long Mtime, long SignedAt)? ReadHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) != Version) return null;
        uint pathLength = BinaryPrimitives.ReadUInt32BigEndian(bytes[36..]);
        if (pathLength > bytes.Length - HeaderLength) return null;
        return (
            bytes.Slice(HeaderLength, (int)pathLength).ToArray(), BinaryPrimitives.ReadInt64BigEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[20..]), BinaryPrimitives.ReadInt64BigEndian(bytes[28..]));
    }
}
