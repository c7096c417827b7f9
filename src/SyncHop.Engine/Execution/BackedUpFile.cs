using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Writing;

namespace SyncHop.Engine.Execution;

/// <summary>A file being written that keeps what it replaces, at the moment it does.</summary>
internal sealed class BackedUpFile(ITargetFile inner, BackupKeeper backups) : TargetFileDecorator(inner)
{
    /// <inheritdoc/>
    public override async ValueTask<ReplicaException?> CommitAsync(
        RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
    {
        bool missing = await backups.KeepAsync(path, cancellation).ConfigureAwait(false);
        try
        {
            return await base.CommitAsync(path, length, change, cancellation).ConfigureAwait(false);
        }
        catch (Exception) when (missing)
        {
            await backups.RestoreAsync(path).ConfigureAwait(false);
            throw;
        }
    }
}
