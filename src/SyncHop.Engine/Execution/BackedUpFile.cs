using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Writing;

namespace SyncHop.Engine.Execution;

/// <summary>A file being written that keeps what it replaces, at the moment it does.</summary>
/// <param name="inner">The file.</param>
/// <param name="backups">Keeps what it replaces.</param>
/// <param name="destination">The tree it is in.</param>
/// <param name="mustKeep">Whether the run ends where that fails, as rsync's does unless updates are delayed: what is sent next would be sent in vain, too.</param>
internal sealed class BackedUpFile(ITargetFile inner, BackupKeeper backups, IReplica destination, bool mustKeep) : TargetFileDecorator(inner)
{
    /// <inheritdoc/>
    /// <exception cref="SyncException">What it replaces cannot be kept.</exception>
    public override async ValueTask<ReplicaException?> CommitAsync(
        RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
    {
        bool missing;
        try
        {
            missing = await backups.KeepAsync(path, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure) when (mustKeep)
        {
            throw new SyncException(ExitCode.FileIo, "synchop: [receiver] cannot make a backup of", destination.FullPath(path), failure.Reason);
        }
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
