using System.Buffers.Binary;

namespace SyncHop.Delta;

/// <summary>Writes deltas as FastRsyncNet 2.x does.</summary>
public static class DeltaWriter
{
    private const int BufferLength = 1 << 18;

    /// <summary>Writes the delta to the stream's position, with the literal bytes from the new file; the stream stays open.</summary>
    /// <exception cref="DeltaException">The new file became shorter.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Write(FileDelta delta, ByteSource newFile, Stream output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(delta);
        ArgumentNullException.ThrowIfNull(newFile);
        ArgumentNullException.ThrowIfNull(output);
        FormatOutput.WriteHeader(output, FormatConstants.DeltaMagic, json =>
        {
            json.WriteString(MetadataNames.HashAlgorithm, ContentHashes.Name(delta.Basis.BlockHash));
            FormatOutput.WriteHash(json, MetadataNames.ExpectedFileHashAlgorithm, MetadataNames.ExpectedFileHash, delta.Hash);
            FormatOutput.WriteHash(json, MetadataNames.BaseFileHashAlgorithm, MetadataNames.BaseFileHash, delta.Basis.Hash);
            FormatOutput.WriteLength(json, MetadataNames.BaseFileLength, delta.Basis.StatedLength);
            FormatOutput.WriteLength(json, MetadataNames.TargetFileLength, delta.Length);
        });
        SegmentBuffer buffer = new(newFile);
        long position = 0;
        foreach (DeltaCommand command in delta.Commands)
        {
            if (command.IsCopy)
                WriteCopy(command, output);
            else
                WriteLiteral(command, position, buffer, output, cancellation);
            position += command.Length;
        }
    }

    private static void WriteCopy(DeltaCommand command, Stream output)
    {
        Span<byte> bytes = stackalloc byte[FormatConstants.CopyCommandLength];
        bytes[0] = FormatConstants.CopyCommand;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], command.BasisOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[9..], command.Length);
        output.Write(bytes);
    }

    private static void WriteLiteral(
        DeltaCommand command, long position, SegmentBuffer buffer, Stream output, CancellationToken cancellation)
    {
        Span<byte> header = stackalloc byte[FormatConstants.DataCommandLength];
        header[0] = FormatConstants.DataCommand;
        BinaryPrimitives.WriteInt64LittleEndian(header[1..], command.Length);
        output.Write(header);
        for (long left = command.Length; left > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(left, BufferLength);
            output.Write(buffer.Load(position, count));
            position += count;
            left -= count;
        }
    }
}
