using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Writing;

namespace SyncHop.Engine.Execution;

/// <summary>A file being written that keeps what it replaces, at the moment it does.</summary>
/// <param name="inner">The file.</param>
/// <param name="replaced">What it replaces; under any other name the file is only put by.</param>
/// <param name="backups">Keeps it.</param>
/// <param name="destination">The tree it is in.</param>
/// <param name="mustKeep">Whether the run ends where that fails, as rsync's does unless updates are delayed: what is sent next would be sent in vain, too.</param>
internal sealed class BackedUpFile(ITargetFile inner, RelativePath replaced, BackupKeeper backups, IReplica destination, bool mustKeep) : TargetFileDecorator(inner)
{
    /// <inheritdoc/>
    /// <exception cref="SyncException">What it replaces cannot be kept.</exception>
    public override async ValueTask<ReplicaException?> CommitAsync(
        RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
    {
        if (path != replaced) return await Inner.CommitAsync(path, length, change, cancellation).ConfigureAwait(false);
        bool isKept = false;
        ReplicaException? attribute = null;
        try
        {
            await backups.ReplaceAsync(path, CommitKeptAsync, cancellation).ConfigureAwait(false);
            return attribute;
        }
        catch (ReplicaException failure) when (mustKeep && !isKept)
        {
            throw new SyncException(ExitCode.FileIo, "synchop: [receiver] cannot make a backup of", destination.FullPath(path), failure.Reason);
        }

        async ValueTask CommitKeptAsync()
        {
            isKept = true;
            attribute = await Inner.CommitAsync(path, length, change, cancellation).ConfigureAwait(false);
        }
    }
}
