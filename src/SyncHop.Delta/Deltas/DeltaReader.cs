using System.Buffers.Binary;

namespace SyncHop.Delta;

/// <summary>Reads a delta of FastRsyncNet 2.x or of Octodiff, command by command, in bounded memory. Not thread-safe.</summary>
public sealed class DeltaReader
{
    private readonly FormatInput _input;
    private long _literalLeft;

    /// <summary>Reads the header and the metadata.</summary>
    /// <exception cref="DeltaException">The file is no delta, is damaged, or uses something unknown.</exception>
    public DeltaReader(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _input = new FormatInput(stream, "delta");
        if (_input.ReadHeader(FormatConstants.DeltaMagic, FormatConstants.OctodiffDeltaMagic))
            (Hash, BasisHash, BasisLength, Length) = ReadMetadata();
        else
            Hash = ReadOctodiffHash();
    }

    /// <summary>The hash that the new file must have; its function is known.</summary>
    public FileHash Hash { get; }

    /// <summary>The hash of the basis; null when the delta has none.</summary>
    public FileHash? BasisHash { get; }

    /// <summary>Bytes of the basis; null when the delta does not tell.</summary>
    public long? BasisLength { get; }

    /// <summary>Bytes of the new file; null when the delta does not tell.</summary>
    public long? Length { get; }

    /// <summary>Reads the next command; what is left of the literal before it is skipped.</summary>
    /// <returns>False at the end of the delta.</returns>
    /// <exception cref="DeltaException">The command is damaged. Its range is not checked: the basis is not known here.</exception>
    public bool TryReadCommand(out DeltaCommand command)
    {
        Span<byte> skipped = stackalloc byte[1024];
        while (_literalLeft > 0) ReadLiteral(skipped);
        command = default;
        if (!_input.TryReadByte(out byte code)) return false;
        command = code switch
        {
            FormatConstants.CopyCommand => ReadCopy(),
            FormatConstants.DataCommand => DeltaCommand.Literal(ReadNumber("a data command")),
            _ => throw _input.Malformed($"unknown command 0x{code:X2}"),
        };
        if (!command.IsCopy) _literalLeft = command.Length;
        return true;
    }

    /// <summary>Reads bytes of the literal that the last command announced.</summary>
    /// <returns>How many were read; 0 when the literal is at its end.</returns>
    /// <exception cref="DeltaException">The delta ends within the literal.</exception>
    public int ReadLiteral(Span<byte> buffer)
    {
        if (buffer.Length > _literalLeft) buffer = buffer[..(int)_literalLeft];
        if (buffer.IsEmpty) return 0;
        int count = _input.Read(buffer);
        if (count == 0) throw _input.Malformed("a data command is cut off");
        _literalLeft -= count;
        return count;
    }

    private DeltaCommand ReadCopy() => new(ReadNumber("a copy command"), ReadNumber("a copy command"));

    private long ReadNumber(string what)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        _input.ReadExactly(bytes, what);
        long number = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return number >= 0 ? number : throw _input.Malformed($"{what} has a negative number");
    }

    private (FileHash Hash, FileHash? BasisHash, long? BasisLength, long? Length) ReadMetadata()
    {
        MetadataReader metadata = new(_input);
        ContentHashes.Parse(metadata.RequiredText(MetadataNames.HashAlgorithm));
        ContentHashes.Parse(metadata.RequiredText(MetadataNames.ExpectedFileHashAlgorithm));
        FileHash hash = metadata.Hash(MetadataNames.ExpectedFileHashAlgorithm, MetadataNames.ExpectedFileHash)
            ?? throw _input.Malformed($"the metadata has no {MetadataNames.ExpectedFileHash}");
        return (
            hash,
            metadata.Hash(MetadataNames.BaseFileHashAlgorithm, MetadataNames.BaseFileHash),
            metadata.Length(MetadataNames.BaseFileLength),
            metadata.Length(MetadataNames.TargetFileLength));
    }

    private FileHash ReadOctodiffHash()
    {
        ContentHash algorithm = ContentHashes.Parse(_input.ReadString("the hash's name"));
        Span<byte> length = stackalloc byte[sizeof(int)];
        _input.ReadExactly(length, "the hash's length");
        if (BinaryPrimitives.ReadInt32LittleEndian(length) != ContentHashes.Length(algorithm))
            throw _input.Malformed($"the hash has not the length of {ContentHashes.Name(algorithm)}");
        byte[] value = new byte[ContentHashes.Length(algorithm)];
        _input.ReadExactly(value, "the hash");
        _input.ReadOctodiffMetadataEnd();
        return new FileHash(algorithm, value);
    }
}
