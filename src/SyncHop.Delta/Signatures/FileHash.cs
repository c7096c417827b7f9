namespace SyncHop.Delta;

/// <summary>The hash of a whole file, as metadata has it.</summary>
/// <param name="AlgorithmName">The function's name in the file; may be one that is not known here.</param>
/// <param name="Value">The hash in the byte order of the files.</param>
public sealed record FileHash(string AlgorithmName, ReadOnlyMemory<byte> Value)
{
    internal FileHash(ContentHash algorithm, ReadOnlyMemory<byte> value)
        : this(ContentHashes.Name(algorithm), value)
    {
    }

    /// <summary>The function; null when it is not known here.</summary>
    public ContentHash? Algorithm => ContentHashes.Find(AlgorithmName);

    /// <summary>Whether both name the same function and value.</summary>
    public bool Equals(FileHash? other) =>
        other is not null
        && string.Equals(AlgorithmName, other.AlgorithmName, StringComparison.OrdinalIgnoreCase)
        && Value.Span.SequenceEqual(other.Value.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode code = default;
        code.AddBytes(Value.Span);
        return code.ToHashCode();
    }
}
