using System.Buffers.Binary;

namespace SyncHop.Delta;

/// <summary>Writes signatures as FastRsyncNet 2.x does.</summary>
public static class SignatureWriter
{
    private const int BufferLength = 1 << 16;

    /// <summary>Bytes of the block records that <see cref="Write"/> writes behind the metadata.</summary>
    public static long RecordBytes(FileSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return (long)signature.BlockCount * (FormatConstants.RecordHeaderLength + signature.Blocks.HashLength);
    }

    /// <summary>Writes the signature to the stream's position; the stream stays open.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Write(FileSignature signature, Stream output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(signature);
        ArgumentNullException.ThrowIfNull(output);
        FormatOutput.WriteHeader(output, FormatConstants.SignatureMagic, json =>
        {
            json.WriteString(MetadataNames.ChunkHashAlgorithm, ContentHashes.Name(signature.BlockHash));
            json.WriteString(MetadataNames.RollingChecksumAlgorithm, RollingChecksums.Name(signature.Rolling));
            FormatOutput.WriteHash(json, MetadataNames.BaseFileHashAlgorithm, MetadataNames.BaseFileHash, signature.Hash);
            FormatOutput.WriteLength(json, MetadataNames.BaseFileLength, signature.StatedLength);
        });
        WriteRecords(signature, output, cancellation);
    }

    private static void WriteRecords(FileSignature signature, Stream output, CancellationToken cancellation)
    {
        int recordLength = FormatConstants.RecordHeaderLength + signature.Blocks.HashLength;
        byte[] buffer = new byte[BufferLength / recordLength * recordLength];
        int used = 0;
        for (int block = 0; block < signature.BlockCount; block++)
        {
            Span<byte> record = buffer.AsSpan(used, recordLength);
            BinaryPrimitives.WriteInt16LittleEndian(record, (short)signature.LengthOf(block));
            BinaryPrimitives.WriteUInt32LittleEndian(record[2..], signature.WeakOf(block));
            signature.StrongOf(block).CopyTo(record[FormatConstants.RecordHeaderLength..]);
            used += recordLength;
            if (used < buffer.Length) continue;
            cancellation.ThrowIfCancellationRequested();
            output.Write(buffer);
            used = 0;
        }
        output.Write(buffer.AsSpan(0, used));
    }
}
