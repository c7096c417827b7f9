using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution;

/// <summary>A file being written that keeps what it replaces, at the moment it does.</summary>
internal sealed class BackedUpFile(ITargetFile file, BackupKeeper backups) : ITargetFile
{
    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation) => file.WriteAsync(offset, data, cancellation);

    /// <inheritdoc/>
    public ValueTask CopyFromAsync(ISourceFile basis, long from, long length, long to, CancellationToken cancellation) =>
        file.CopyFromAsync(basis, from, length, to, cancellation);

    /// <inheritdoc/>
    public async ValueTask<ReplicaException?> CommitAsync(RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
    {
        bool missing = await backups.KeepAsync(path, cancellation).ConfigureAwait(false);
        try
        {
            return await file.CommitAsync(path, length, change, cancellation).ConfigureAwait(false);
        }
        catch (Exception) when (missing)
        {
            await backups.RestoreAsync(path).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<FileStat> StatAsync(CancellationToken cancellation) => file.StatAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask<ISourceFile> OpenWrittenAsync(CancellationToken cancellation) => file.OpenWrittenAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => file.DisposeAsync();
}
