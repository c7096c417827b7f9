using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Hashing;

/// <summary>
/// The hashes of a file's blocks as its host computes them, asked for in parts of some blocks, ahead of the one who takes them in order.
/// Used from several tasks at once.
/// </summary>
internal sealed class HostHashes
{
    /// <summary>Least bytes of a part: what a host hashes in milliseconds, since it does nothing else for us meanwhile.</summary>
    private const int LeastPart = 1 << 19;

    /// <summary>Parts that are on the way, at least 32 MiB of the file and some hundred kilobytes of hashes.</summary>
    private const int Ahead = 64;

    /// <summary>Longest block that is asked for: as much memory is needed to compare it.</summary>
    private const int LongestBlock = 4 << 20;

    private readonly ISourceFile _file;
    private readonly long _length;
    private readonly BlockHashes? _all;
    private readonly CancellationToken _cancellation;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Task<BlockHashes?>> _asked = [];
    private long _next, _bytes;

    private HostHashes(ISourceFile file, long length, int blockLength, BlockHashes? all, CancellationToken cancellation)
    {
        _file = file;
        _length = length;
        _all = all;
        _cancellation = cancellation;
        BlockLength = blockLength;
        PartLength = Math.Clamp(LeastPart / blockLength, 1, BlockHashes.MostBlocks) * blockLength;
        _bytes = all?.Bytes ?? 0;
    }

    /// <summary>Bytes of a block.</summary>
    public int BlockLength { get; }

    /// <summary>Bytes of a part, a multiple of a block's.</summary>
    public int PartLength { get; }

    /// <summary>Bytes of all hashes that have come.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>
    /// Begins to ask a host that hashes files. ProFTPD before 1.3.8a (issue 1569) hashes too much, and for hours where the file is large,
    /// when a part does not begin with the file: then all blocks are asked for at once, and there must be fewer of them.
    /// </summary>
    /// <param name="file">The file, open until all hashes have been taken.</param>
    /// <param name="length">Bytes of it that are wanted.</param>
    /// <param name="blockLength">Bytes of a block, at least; fewer than <see cref="BlockHashes.ShortestBlock"/> are made that.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <returns>null when the host does not tell.</returns>
    public static async Task<HostHashes?> AskAsync(ISourceFile file, long length, int blockLength, CancellationToken cancellation)
    {
        if (length == 0) return null;
        blockLength = Math.Clamp(blockLength, BlockHashes.ShortestBlock, LongestBlock);
        if (length > blockLength
            && await file.HashAsync(blockLength, Math.Min(blockLength, length - blockLength), blockLength, cancellation).ConfigureAwait(false) is not null)
        {
            return new HostHashes(file, length, blockLength, null, cancellation);
        }
        long least = (length + BlockHashes.MostBlocks - 1) / BlockHashes.MostBlocks;
        if (least > LongestBlock) return null;
        while (blockLength < least) blockLength *= 2;
        return await file.HashAsync(0, length, blockLength, cancellation).ConfigureAwait(false) is { } all
            ? new HostHashes(file, length, blockLength, all, cancellation)
            : null;
    }

    /// <summary>Which blocks of a part are equal to the file's. Each part is asked for once.</summary>
    /// <param name="start">Where the part begins in the file, a multiple of <see cref="PartLength"/>.</param>
    /// <param name="data">The content to compare, at most a part.</param>
    public async Task<bool[]> CompareAsync(long start, ReadOnlyMemory<byte> data)
    {
        bool[] equal = new bool[(data.Length + BlockLength - 1) / BlockLength];
        BlockHashes? hashes = _all ?? await TakeAsync(start / PartLength).ConfigureAwait(false);
        if (hashes is null) return equal;
        int before = _all is null ? 0 : (int)(start / BlockLength);
        for (int block = 0; block < equal.Length; block++)
        {
            int offset = block * BlockLength;
            ReadOnlySpan<byte> content = data.Span.Slice(offset, Math.Min(BlockLength, data.Length - offset));
            // A block that is shorter here or there, at the end of a file, has nothing that a hash could show.
            equal[block] = Math.Min(BlockLength, _length - start - offset) == content.Length && hashes.Matches(before + block, content);
        }
        return equal;
    }

    private Task<BlockHashes?> TakeAsync(long part)
    {
        lock (_lock)
        {
            for (; _next <= part + Ahead && _next * PartLength < _length; _next++) _asked.Add(_next, AskPartAsync(_next * PartLength));
            return _asked.Remove(part, out Task<BlockHashes?>? asked) ? asked : Task.FromResult<BlockHashes?>(null);
        }
    }

    private async Task<BlockHashes?> AskPartAsync(long start)
    {
        BlockHashes? hashes = await _file.HashAsync(start, Math.Min(PartLength, _length - start), BlockLength, _cancellation).ConfigureAwait(false);
        if (hashes is not null) Interlocked.Add(ref _bytes, hashes.Bytes);
        return hashes;
    }
}
