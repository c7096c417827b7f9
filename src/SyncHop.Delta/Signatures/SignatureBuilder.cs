namespace SyncHop.Delta;

/// <summary>Makes the signature of a file that can be read at any offset, on several threads.</summary>
public static class SignatureBuilder
{
    /// <summary>Bytes of a segment, about: read, summed and hashed while it is in the processor's cache.</summary>
    private const int SegmentLength = 1 << 19;

    /// <summary>Reads the file once and makes its signature. Memory: about 12 bytes a block and 1 MiB a thread.</summary>
    /// <exception cref="DeltaException">The file became shorter, or needs more blocks than can be held.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static FileSignature Build(ByteSource source, SignatureOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new SignatureOptions();
        long length = source.Length;
        int blockLength = options.BlockLength ?? BlockSize.For(length);
        long count = (length + blockLength - 1) / blockLength;
        BlockTable blocks = new(options.BlockHash, count) { Count = (int)count };
        int blocksPerSegment = Math.Max(1, SegmentLength / blockLength);
        int segments = (int)((count + blocksPerSegment - 1) / blocksPerSegment);
        using ContentHasher whole = new(options.FileHash);
        OrderedSegments.Run(
            segments, options.Workers,
            () => new Worker(source, length, blocks, options.Rolling, blockLength, blocksPerSegment, whole), cancellation);
        return new FileSignature(
            blocks, options.Rolling, count == 0 ? 0 : (int)Math.Min(blockLength, length), length, starts: null,
            new FileHash(options.FileHash, whole.Finish()), length);
    }

    private sealed class Worker(
        ByteSource source, long length, BlockTable blocks, RollingChecksum rolling, int blockLength, int blocksPerSegment,
        ContentHasher whole) : ISegmentWorker
    {
        private readonly SegmentBuffer _buffer = new(source);

        public void Process(int segment)
        {
            (long start, int size) = Range(segment);
            ReadOnlySpan<byte> data = _buffer.Load(start, size);
            int block = segment * blocksPerSegment;
            while (!data.IsEmpty)
            {
                int blockSize = Math.Min(blockLength, data.Length);
                blocks.Set(block++, rolling, data[..blockSize]);
                data = data[blockSize..];
            }
        }

        public void Commit(int segment) => whole.Append(_buffer.Loaded);

        private (long Start, int Size) Range(int segment)
        {
            long segmentLength = (long)blocksPerSegment * blockLength;
            long start = segment * segmentLength;
            return (start, (int)Math.Min(segmentLength, length - start));
        }
    }
}
