using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Writing;

/// <summary>
/// <c>--partial</c>: when the run is ended before the file is complete, its beginning is kept as far as it was written
/// without a gap.
/// </summary>
/// <param name="inner">The file.</param>
/// <param name="keptAs">The name under which the beginning is kept.</param>
/// <param name="start">How much of the beginning is there already, in bytes.</param>
/// <param name="mark">The time by which a later run knows what it is the beginning of.</param>
/// <param name="run">Cancelled when the run is ended.</param>
internal sealed class PartialTargetFile(ITargetFile inner, RelativePath keptAs, long start, Timestamp mark, CancellationToken run)
    : TargetFileDecorator(inner)
{
    private readonly Lock _lock = new();
    private readonly SortedList<long, long> _ahead = []; // ends by starts, of what lies behind a gap
    private long _contiguous = start;
    private bool _copied;
    private bool _committed;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // What is on its way when the run is ended arrives all the same, so that it can be counted on.
        await Inner.WriteAsync(offset, data, CancellationToken.None).ConfigureAwait(false);
        lock (_lock)
        {
            _ahead[offset] = Math.Max(offset + data.Length, _ahead.GetValueOrDefault(offset));
            while (_ahead.Count > 0 && _ahead.GetKeyAtIndex(0) <= _contiguous)
            {
                _contiguous = Math.Max(_contiguous, _ahead.GetValueAtIndex(0));
                _ahead.RemoveAt(0);
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask CopyFromAsync(ISourceFile basis, long from, long length, long to, CancellationToken cancellation)
    {
        // Such content is proven only when all of it is there.
        _copied = true;
        return Inner.CopyFromAsync(basis, from, length, to, cancellation);
    }

    /// <inheritdoc/>
    public override async ValueTask<ReplicaException?> CommitAsync(
        RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
    {
        ReplicaException? failure = await Inner.CommitAsync(path, length, change, cancellation).ConfigureAwait(false);
        _committed = true;
        return failure;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        long kept;
        lock (_lock) kept = _contiguous;
        if (!_committed && !_copied && kept > 0 && run.IsCancellationRequested) await KeepAsync(kept).ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task KeepAsync(long length)
    {
        try
        {
            await Inner.CommitAsync(keptAs, length, new AttributeChange { Mtime = mark }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or SyncException)
        {
            // Then it is not kept: what ended the run is what is reported.
        }
    }
}
