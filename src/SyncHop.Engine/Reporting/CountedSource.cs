using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;

namespace SyncHop.Engine.Reporting;

/// <summary>A source file whose reads count as a run's progress; it counts as done when it is closed.</summary>
internal sealed class CountedSource(ISourceFile source, PlanItem item, RunProgress progress) : ISourceFile
{
    private readonly long _number = progress.Begin(item.Path);
    private long _left = item.Source.Size;

    /// <inheritdoc/>
    public ValueTask<FileStat> StatAsync(CancellationToken cancellation) => source.StatAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        int count = await source.ReadAsync(offset, buffer, cancellation).ConfigureAwait(false);
        // What is read twice, or behind the listed length, is no progress.
        long left = Interlocked.Add(ref _left, -count);
        progress.CountRead(count, Math.Max(0, count + Math.Min(0, left)));
        return count;
    }

    /// <inheritdoc/>
    public ValueTask<BlockHashes?> HashAsync(long offset, long length, int blockLength, CancellationToken cancellation) =>
        source.HashAsync(offset, length, blockLength, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        progress.End(_number, Math.Max(0, Interlocked.Read(ref _left)));
        return source.DisposeAsync();
    }
}
