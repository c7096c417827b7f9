using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Writing;

namespace SyncHop.Engine.Execution;

/// <summary>A file being written that keeps what it replaces, at the moment it does.</summary>
/// <param name="inner">The file.</param>
/// <param name="replaced">What it replaces; under any other name the file is only put by.</param>
/// <param name="backups">Keeps it.</param>
internal sealed class BackedUpFile(ITargetFile inner, RelativePath replaced, BackupKeeper backups) : TargetFileDecorator(inner)
{
    /// <inheritdoc/>
    public override async ValueTask<ReplicaException?> CommitAsync(
        RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
    {
        if (path != replaced) return await Inner.CommitAsync(path, length, change, cancellation).ConfigureAwait(false);
        ReplicaException? failure = null;
        await backups.ReplaceAsync(path, async () => failure = await Inner.CommitAsync(path, length, change, cancellation).ConfigureAwait(false), cancellation)
            .ConfigureAwait(false);
        return failure;
    }
}
