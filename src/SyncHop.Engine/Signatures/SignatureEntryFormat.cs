using System.Buffers.Binary;
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
    public static long LongestEntry(long fileLength, int pathLength) => EntryLength(fileLength, pathLength, ShortestBlock);

    /// <summary>What the entry of a file of that length has at most when nobody asked for another length of blocks.</summary>
    public static long UsualEntry(long fileLength, int pathLength) => EntryLength(fileLength, pathLength, BlockSize.For(fileLength));

    /// <summary>The bytes of an entry.</summary>
    public static long LengthOf(SignatureEntry entry)
    {
        using HashedStream counter = new(Stream.Null);
        Write(entry, counter);
        return counter.Passed;
    }

    /// <summary>Writes an entry.</summary>
    public static void Write(SignatureEntry entry, Stream to)
    {
        using HashedStream stream = new(to);
        Span<byte> header = stackalloc byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64BigEndian(header[12..], entry.Size);
        BinaryPrimitives.WriteInt64BigEndian(header[20..], entry.Mtime);
        BinaryPrimitives.WriteInt64BigEndian(header[28..], entry.SignedAt);
        BinaryPrimitives.WriteInt32BigEndian(header[36..], entry.Path.Length);
        stream.Write(header);
        stream.Write(entry.Path);
        using HashedStream counter = new(Stream.Null);
        SignatureWriter.Write(entry.Signature, counter);
        BinaryPrimitives.WriteInt64BigEndian(header, counter.Passed);
        stream.Write(header[..sizeof(ulong)]);
        SignatureWriter.Write(entry.Signature, stream);
        to.Write(stream.Hash());
    }

    /// <summary>Reads an entry; null when it is none of this version or is damaged.</summary>
    /// <param name="from">The entry, from its beginning.</param>
    /// <param name="length">Its length in bytes.</param>
    public static SignatureEntry? Read(Stream from, long length)
    {
        using HashedStream stream = new(from, length - ChecksumLength);
        byte[] beginning = new byte[HeaderLength];
        if (length < HeaderLength + ChecksumLength || stream.ReadAtLeast(beginning, HeaderLength, throwOnEndOfStream: false) < HeaderLength) return null;
        if (PathLengthOf(beginning) is not { } pathLength || pathLength > LongestBeginning - HeaderLength) return null;
        Array.Resize(ref beginning, HeaderLength + pathLength + sizeof(ulong));
        int rest = beginning.Length - HeaderLength;
        if (stream.ReadAtLeast(beginning.AsSpan(HeaderLength), rest, throwOnEndOfStream: false) < rest) return null;
        (byte[] path, long size, long mtime, long signedAt) = ReadHeader(beginning)!.Value;
        long body = length - ChecksumLength - beginning.Length;
        if (BinaryPrimitives.ReadInt64BigEndian(beginning.AsSpan(HeaderLength + pathLength)) != body) return null;
        try
        {
            FileSignature signature = SignatureReader.Read(stream, body);
            byte[] checksum = new byte[ChecksumLength];
            if (from.ReadAtLeast(checksum, ChecksumLength, throwOnEndOfStream: false) < ChecksumLength || !checksum.AsSpan().SequenceEqual(stream.Hash())) return null;
            bool proves = signature.Hash?.Algorithm == ContentHash.XxHash128 && signature.Length == size;
            return proves ? new SignatureEntry(path, size, mtime, signedAt, signature) : null;
        }
        catch (DeltaException)
        {
            return null;
        }
    }

    /// <summary>Reads the beginning of an entry: which file it is about; null when it is none of this version.</summary>
    public static (byte[] Path, long Size, long Mtime, long SignedAt)? ReadHeader(ReadOnlySpan<byte> bytes)
    {
        if (PathLengthOf(bytes) is not { } pathLength || pathLength > bytes.Length - HeaderLength) return null;
        return (
            bytes.Slice(HeaderLength, pathLength).ToArray(), BinaryPrimitives.ReadInt64BigEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[20..]), BinaryPrimitives.ReadInt64BigEndian(bytes[28..]));
    }

    private static long EntryLength(long fileLength, int pathLength, int blockLength) =>
        HeaderLength + pathLength + sizeof(ulong) + LongestMetadata + (((fileLength / blockLength) + 1) * RecordLength) + ChecksumLength;

    /// <summary>Bytes of the path behind the header; null when that is not of this version.</summary>
    private static int? PathLengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) != Version) return null;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[36..]);
        return length <= int.MaxValue ? (int)length : null;
    }
}
