using SyncHop.Engine.Contract;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Execution.Writing;

/// <summary>
/// <c>--temp-dir</c>: a file that is written in another directory and moved to its place when it is complete. Where that is
/// another file system it is copied to a temporary name beside its place first, so that the old or the new file is there at
/// every moment.
/// </summary>
/// <param name="inner">The file in that directory.</param>
/// <param name="temporary">Its name there.</param>
/// <param name="staging">The directories.</param>
internal sealed class StagedTargetFile(ITargetFile inner, RelativePath temporary, StagingDirectory staging) : TargetFileDecorator(inner)
{
    private bool _isComplete, _isMoved;

    /// <inheritdoc/>
    public override async ValueTask<ReplicaException?> CommitAsync(
        RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
    {
        ReplicaException? failure = await Inner.CommitAsync(temporary, length, change, cancellation).ConfigureAwait(false);
        _isComplete = true;
        try
        {
            await staging.Directory.MoveAsync(temporary, staging.Destination, path, cancellation).ConfigureAwait(false);
            _isMoved = true;
        }
        catch (ReplicaException refused) when (refused.Error is ReplicaError.OtherFileSystem or ReplicaError.Other)
        {
            // SFTP has no status of its own for another file system.
            failure = await staging.CopyAsync(temporary, path, length, change, cancellation).ConfigureAwait(false);
        }
        return failure;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_isComplete && !_isMoved) await staging.RemoveQuietlyAsync(temporary).ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
