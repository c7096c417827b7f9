using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Writing;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Execution.Resuming;

/// <summary>A file being written that stays as far as it was written when the connection is lost, for the next attempt.</summary>
/// <param name="inner">The file.</param>
/// <param name="destination">The tree it is in.</param>
/// <param name="item">The file it becomes.</param>
/// <param name="path">The name it has until it is complete.</param>
/// <param name="start">How much of its beginning is there already, in bytes.</param>
/// <param name="resumption">Remembers it.</param>
internal sealed class ResumableTargetFile(
    ITargetFile inner, IReplica destination, PlanItem item, RelativePath path, long start, Resumption resumption) : TargetFileDecorator(inner)
{
    /// <summary>Less than that is sent again in no time.</summary>
    private const int ShortestBeginning = 256 * 1024;

    private bool _committed, _copied;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        NoteAsync(Inner.WriteAsync(offset, data, cancellation));

    /// <inheritdoc/>
    public override ValueTask WriteZerosAsync(long offset, ReadOnlyMemory<byte> zeros, CancellationToken cancellation) =>
        NoteAsync(Inner.WriteZerosAsync(offset, zeros, cancellation));

    private async ValueTask NoteAsync(ValueTask writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (ReplicaLostException)
        {
            resumption.NoteLoss();
            throw;
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
        if (path == item.DestinationPath) resumption.NoteOurs(path);
        try
        {
            ReplicaException? failure = await Inner.CommitAsync(path, length, change, cancellation).ConfigureAwait(false);
            _committed = true;
            return failure;
        }
        catch (ReplicaLostException)
        {
            resumption.NoteLoss();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        bool stays = !_committed && resumption.IsLost && !_copied && Inner.Written.EndFrom(start) >= ShortestBeginning;
        if (stays)
        {
            Inner.Leave();
            resumption.NoteBeginning(destination, item, path, Inner.Written.EndFrom(start));
        }
        await base.DisposeAsync().ConfigureAwait(false);
        // One that is continued is nobody's temporary file any more.
        if (!_committed && !stays && start > 0 && TemporaryName.TryParse(path.Name, DateTimeOffset.UtcNow, out _, out _)) await RemoveAsync().ConfigureAwait(false);
    }

    private async Task RemoveAsync()
    {
        try
        {
            await destination.RemoveFileAsync(path, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The next run removes it.
        }
    }
}
