using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// What has been written of a new file, read back. On a single session the reads travel right behind the writes, which the server takes
/// in order; what was read counts when the writes have succeeded.
/// </summary>
/// <param name="file">The file, open for reading.</param>
/// <param name="writer">What is being written.</param>
/// <param name="lanes">The host's sessions.</param>
internal sealed class WrittenFile(ISourceFile file, ContentWriter writer, SftpLanes lanes) : ISourceFile
{
    private readonly bool _inOrder = lanes.Live.Count == 1;

    public async ValueTask<FileStat> StatAsync(CancellationToken cancellation)
    {
        await writer.DrainAsync(cancellation).ConfigureAwait(false);
        return await file.StatAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        if (!_inOrder) await writer.DrainAsync(cancellation).ConfigureAwait(false);
        int count = await file.ReadAsync(offset, buffer, cancellation).ConfigureAwait(false);
        if (_inOrder) await writer.DrainAsync(cancellation).ConfigureAwait(false);
        return count;
    }

    public async ValueTask<BlockHashes?> HashAsync(long offset, long length, int blockLength, CancellationToken cancellation)
    {
        await writer.DrainAsync(cancellation).ConfigureAwait(false);
        return await file.HashAsync(offset, length, blockLength, cancellation).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
