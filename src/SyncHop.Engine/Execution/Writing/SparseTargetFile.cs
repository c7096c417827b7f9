using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Writing;

/// <summary><c>--sparse</c>: leaves blocks of zeros out. Only for a new file, in which what is not written is zero.</summary>
internal sealed class SparseTargetFile(ITargetFile inner) : TargetFileDecorator(inner)
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
        }
    }

    private static bool IsHole(ReadOnlySpan<byte> data, long offset, int start) =>
        !data[start..NextBlock(offset, start, data.Length)].ContainsAnyExcept((byte)0);

    /// <summary>Where the block ends that <paramref name="start"/> is in, blocks being counted from the beginning of the file.</summary>
    private static int NextBlock(long offset, int start, int length) =>
        (int)Math.Min(length, start + BlockLength - ((offset + start) % BlockLength));
}
