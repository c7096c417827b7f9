namespace SyncHop.Delta;

/// <summary>Applies a delta: makes the new file of the basis.</summary>
public static class Patch
{
    private const int BufferLength = 1 << 18;

    /// <summary>
    /// Writes the new file to the output. It is hashed while it is written, and nothing is read a second time. When this throws, the
    /// output is incomplete or wrong and must not be used: write to a temporary file and rename it afterwards.
    /// </summary>
    /// <exception cref="DeltaException">
    /// The delta is damaged, reaches outside the basis, belongs to another basis, or the result has not the promised hash or length.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Apply(
        ByteSource basis, Stream delta, Stream output, PatchOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(basis);
        ArgumentNullException.ThrowIfNull(output);
        DeltaReader reader = new(delta);
        long basisLength = basis.Length;
        if (reader.BasisLength is { } stated && stated != basisLength)
            throw new DeltaException(DeltaError.WrongBasis, $"the delta is for a basis of {stated} bytes, this one has {basisLength}");
        long limit = (options ?? new PatchOptions()).MaximumLength;
        if (reader.Length > limit) throw TooLong(reader.Length.Value, limit);
        limit = Math.Min(limit, reader.Length ?? long.MaxValue);

        ContentHash algorithm = reader.Hash.Algorithm!.Value;
        using ContentHasher hasher = new(algorithm);
        SegmentBuffer source = new(basis);
        byte[] literal = new byte[BufferLength];
        long length = 0;
        while (reader.TryReadCommand(out DeltaCommand command))
        {
            if (command.Length > limit - length) throw TooLong(command.Length + (double)length, limit);
            length += command.Length;
            if (command.IsCopy)
                Copy(command, basisLength, source, hasher, output, cancellation);
            else
                CopyLiteral(reader, literal, hasher, output, cancellation);
        }
        if (reader.Length is { } promised && promised != length)
            throw new DeltaException(DeltaError.Malformed, $"the delta file is damaged: it makes {length} bytes instead of {promised}");
        if (!reader.Hash.Value.Span.SequenceEqual(hasher.Finish()))
        {
            throw new DeltaException(
                DeltaError.WrongResult,
                $"the patched file has not the {ContentHashes.Name(algorithm)} hash that the delta promises: the basis changed, or the delta is damaged");
        }
    }

    private static void Copy(
        DeltaCommand command, long basisLength, SegmentBuffer source, ContentHasher hasher, Stream output,
        CancellationToken cancellation)
    {
        if (command.BasisOffset > basisLength || command.Length > basisLength - command.BasisOffset)
        {
            throw DeltaException.Malformed(
                $"the delta file is damaged: it copies {command.Length} bytes at {command.BasisOffset} of a basis of {basisLength} bytes");
        }
        long position = command.BasisOffset;
        for (long left = command.Length; left > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(left, BufferLength);
            Emit(source.Load(position, count), hasher, output);
            position += count;
            left -= count;
        }
    }

    private static void CopyLiteral(
        DeltaReader reader, byte[] buffer, ContentHasher hasher, Stream output, CancellationToken cancellation)
    {
        int count;
        while ((count = reader.ReadLiteral(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            Emit(buffer.AsSpan(0, count), hasher, output);
        }
    }

    private static void Emit(ReadOnlySpan<byte> data, ContentHasher hasher, Stream output)
    {
        hasher.Append(data);
        output.Write(data);
    }

    private static DeltaException TooLong(double length, long limit) =>
        new(DeltaError.Malformed, FormattableString.Invariant($"the delta makes a file of at least {length:F0} bytes, more than the {limit} allowed"));
}
