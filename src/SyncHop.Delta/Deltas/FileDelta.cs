namespace SyncHop.Delta;

/// <summary>
/// How to make a new file of a basis: the commands in the order of the new file, without the literal bytes, which stay in the new file
/// until they are written or sent. Immutable.
/// </summary>
public sealed class FileDelta
{
    internal FileDelta(FileSignature basis, FileHash hash, long length, IReadOnlyList<DeltaCommand> commands)
    {
        Basis = basis;
        Hash = hash;
        Length = length;
        Commands = commands;
        foreach (DeltaCommand command in commands)
            if (!command.IsCopy) LiteralBytes += command.Length;
    }

    /// <summary>Copies and literals; they make up the whole new file, and no two neighbours could be one.</summary>
    public IReadOnlyList<DeltaCommand> Commands { get; }

    /// <summary>Bytes of the new file.</summary>
    public long Length { get; }

    /// <summary>The hash of the whole new file.</summary>
    public FileHash Hash { get; }

    /// <summary>Bytes that have to be sent.</summary>
    public long LiteralBytes { get; }

    /// <summary>Bytes that the basis has.</summary>
    public long CopiedBytes => Length - LiteralBytes;

    /// <summary>The signature it was made against.</summary>
    internal FileSignature Basis { get; }
}
