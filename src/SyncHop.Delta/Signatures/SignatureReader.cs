using System.Buffers.Binary;

namespace SyncHop.Delta;

/// <summary>Reads signatures of FastRsyncNet 2.x and of Octodiff.</summary>
public static class SignatureReader
{
    private const int MostExpected = 1 << 21;

    /// <summary>
    /// Reads a signature to the stream's end. Memory grows with what the stream really holds, never with what it claims.
    /// </summary>
    /// <exception cref="DeltaException">The file is no signature, is damaged, or uses something unknown.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FileSignature Read(Stream stream, CancellationToken cancellation = default) => Read(stream, 0, cancellation);

    /// <summary>Reads a signature to the stream's end, with room made in advance.</summary>
    /// <param name="stream">The signature.</param>
    /// <param name="expectedBytes">How much the stream will probably have; room is made for at most 2,097,152 blocks (24 MiB).</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="DeltaException">The file is no signature, is damaged, or uses something unknown.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FileSignature Read(Stream stream, long expectedBytes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        FormatInput input = new(stream, "signature");
        if (!input.ReadHeader(FormatConstants.SignatureMagic, FormatConstants.OctodiffSignatureMagic))
            return ReadOctodiff(input, expectedBytes, cancellation);
        MetadataReader metadata = new(input);
        ContentHash blockHash = ContentHashes.Parse(metadata.RequiredText(MetadataNames.ChunkHashAlgorithm));
        RollingChecksum rolling = RollingChecksums.Parse(metadata.RequiredText(MetadataNames.RollingChecksumAlgorithm));
        FileHash? hash = metadata.Hash(MetadataNames.BaseFileHashAlgorithm, MetadataNames.BaseFileHash);
        long? length = metadata.Length(MetadataNames.BaseFileLength);
        FileSignature signature = ReadBlocks(input, blockHash, rolling, hash, length, expectedBytes, cancellation);
        if (length is not null && length != signature.Length)
            throw input.Malformed($"its blocks have {signature.Length} bytes, but the file is said to have {length}");
        return signature;
    }

    private static FileSignature ReadOctodiff(FormatInput input, long expectedBytes, CancellationToken cancellation)
    {
        ContentHash blockHash = ContentHashes.Parse(input.ReadString("the hash's name"));
        RollingChecksum rolling = RollingChecksums.Parse(input.ReadString("the rolling checksum's name"));
        input.ReadOctodiffMetadataEnd();
        return ReadBlocks(input, blockHash, rolling, hash: null, length: null, expectedBytes, cancellation);
    }

    private static FileSignature ReadBlocks(
        FormatInput input, ContentHash blockHash, RollingChecksum rolling, FileHash? hash, long? length, long expectedBytes,
        CancellationToken cancellation)
    {
        int recordLength = FormatConstants.RecordHeaderLength + ContentHashes.Length(blockHash);
        BlockTable blocks = new(blockHash, Math.Clamp(expectedBytes / recordLength, 0, MostExpected));
        BlockLayout layout = new();
        byte[] buffer = new byte[recordLength * 1024];
        int count;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            count = input.ReadUpTo(buffer);
            if (count % recordLength != 0) throw input.Malformed("the last block is cut off");
            for (ReadOnlySpan<byte> rest = buffer.AsSpan(0, count); !rest.IsEmpty; rest = rest[recordLength..])
            {
                short size = BinaryPrimitives.ReadInt16LittleEndian(rest);
                if (size < 0) throw input.Malformed("a block has a negative length");
                // Nothing can be copied from an empty block.
                if (size == 0) continue;
                layout.Add(size);
                blocks.Add(
                    BinaryPrimitives.ReadUInt32LittleEndian(rest[2..]),
                    rest[FormatConstants.RecordHeaderLength..recordLength]);
            }
        }
        while (count == buffer.Length);
        return new FileSignature(blocks, rolling, layout.LargestBlock, layout.Length, layout.Starts, hash, length);
    }
}
