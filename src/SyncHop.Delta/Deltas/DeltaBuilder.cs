namespace SyncHop.Delta;

/// <summary>Compares a new file with the signature of a basis, on several threads.</summary>
public static class DeltaBuilder
{
    /// <summary>Least bytes of a segment; it stays in the processor's cache between scanning and hashing.</summary>
    private const int SegmentLength = 1 << 19;

    /// <summary>A segment has at least that many blocks, so that the ends of segments do not matter.</summary>
    private const int BlocksPerSegment = 32;

    /// <summary>
    /// Reads the new file once and finds what the basis has of it. Memory: about 13 to 24 bytes a block of the basis, 16 bytes a
    /// command and 2 MiB a thread.
    /// </summary>
    /// <exception cref="DeltaException">The new file became shorter.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FileDelta Build(
        FileSignature basis, ByteSource newFile, DeltaOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(basis);
        ArgumentNullException.ThrowIfNull(newFile);
        options ??= new DeltaOptions();
        return basis.Rolling == RollingChecksum.Adler32
            ? Build<PowerOfTwoRoller>(basis, newFile, options, cancellation)
            : Build<PrimeRoller>(basis, newFile, options, cancellation);
    }

    private static FileDelta Build<TRoller>(
        FileSignature basis, ByteSource newFile, DeltaOptions options, CancellationToken cancellation)
        where TRoller : struct, IRoller<TRoller>
    {
        // A multiple of the block length: in a file that was edited in place, blocks begin where segments begin.
        int blockLength = Math.Max(1, basis.BlockLength);
        int segmentLength = Math.Max(BlocksPerSegment, SegmentLength / blockLength) * blockLength;
        long length = newFile.Length;
        // The remainder goes to the last segment, which so is never shorter than a block.
        int segments = (int)Math.Max(length > 0 ? 1 : 0, length / segmentLength);
        // Only made when something does not match at once; an unchanged file needs none.
        Lazy<BlockIndex<TRoller>> index = new(() => new BlockIndex<TRoller>(basis));
        using ContentHasher whole = new(options.FileHash);
        CommandList commands = new(dropsShortCopies: true);
        OrderedSegments.Run(
            segments, options.Workers,
            () => new Worker<TRoller>(basis, index, newFile, length, segmentLength, segments, whole, commands), cancellation);
        return new FileDelta(basis, new FileHash(options.FileHash, whole.Finish()), length, commands.Finish());
    }

    private sealed class Worker<TRoller>(
        FileSignature basis, Lazy<BlockIndex<TRoller>> index, ByteSource newFile, long length, int segmentLength, int segments,
        ContentHasher whole, CommandList commands) : ISegmentWorker
        where TRoller : struct, IRoller<TRoller>
    {
        private readonly SegmentBuffer _buffer = new(newFile);
        private readonly SegmentScanner<TRoller> _scanner = new(basis, index);
        private readonly CommandList _found = new(dropsShortCopies: false);
        private int _size;

        public void Process(int segment)
        {
            long start = (long)segment * segmentLength;
            bool isLast = segment == segments - 1;
            _size = isLast ? (int)(length - start) : segmentLength;
            int behind = isLast ? 0 : (int)Math.Min(Math.Max(0, basis.BlockLength - 1), length - start - _size);
            _found.Clear();
            _scanner.Scan(
                _buffer.Load(start, _size + behind), _size, guess: start / Math.Max(1, basis.BlockLength), isLast, _found);
        }

        public void Commit(int segment)
        {
            whole.Append(_buffer.Loaded[.._size]);
            commands.AddPart((long)segment * segmentLength, _found);
        }
    }
}
