using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Writing;

/// <summary><c>--sparse</c>: makes holes of blocks of zeros.</summary>
/// <param name="inner">The file.</param>
/// <param name="there">The length it has already, in bytes; behind that zeros need not be written.</param>
internal sealed class SparseTargetFile(ITargetFile inner, long there) : TargetFileDecorator(inner)
{
    /// <summary>File systems keep holes in whole blocks, most of them in this size.</summary>
    private const int BlockLength = 4096;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        int start = 0;
        while (start < data.Length)
        {
            int end = start;
            while (end < data.Length && !IsHole(data.Span, offset, end)) end = NextBlock(offset, end, data.Length);
            if (end > start) await Inner.WriteAsync(offset + start, data[start..end], cancellation).ConfigureAwait(false);
            start = end;
            while (start < data.Length && IsHole(data.Span, offset, start)) start = NextBlock(offset, start, data.Length);
            if (start == end || offset + end >= there) continue;
            int zeros = (int)Math.Min(start - end, there - offset - end);
            await Inner.WriteZerosAsync(offset + end, data.Slice(end, zeros), cancellation).ConfigureAwait(false);
        }
    }

    private static bool IsHole(ReadOnlySpan<byte> data, long offset, int start) =>
        !data[start..NextBlock(offset, start, data.Length)].ContainsAnyExcept((byte)0);

    /// <summary>Where the block ends that <paramref name="start"/> is in, blocks being counted from the beginning of the file.</summary>
    private static int NextBlock(long offset, int start, int length) =>
        (int)Math.Min(length, start + BlockLength - ((offset + start) % BlockLength));
}
