using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Resuming;

/// <summary>A source file that notes when its connection is lost, before the file it is copied to is given up.</summary>
internal sealed class LossNotingSource(ISourceFile source, Resumption resumption) : ISourceFile
{
    /// <inheritdoc/>
    public async ValueTask<FileStat> StatAsync(CancellationToken cancellation)
    {
        try
        {
            return await source.StatAsync(cancellation).ConfigureAwait(false);
        }
        catch (ReplicaLostException)
        {
            resumption.NoteLoss();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await source.ReadAsync(offset, buffer, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaLostException)
        {
            resumption.NoteLoss();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<BlockHashes?> HashAsync(long offset, long length, int blockLength, CancellationToken cancellation)
    {
        try
        {
            return await source.HashAsync(offset, length, blockLength, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaLostException)
        {
            resumption.NoteLoss();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();
}
