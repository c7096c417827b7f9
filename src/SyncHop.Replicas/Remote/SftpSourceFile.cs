using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>A remote file open for reading.</summary>
internal sealed class SftpSourceFile(SftpClient client, SftpHandle handle) : ISourceFile
{
    /// <summary>The open file.</summary>
    internal SftpHandle Handle => handle;

    public async ValueTask<FileStat> StatAsync(CancellationToken cancellation)
    {
        SftpAttributes attributes = await client.FStatAsync(handle, cancellation).Translated("fstat").ConfigureAwait(false);
        // Without it nobody could tell a whole file from the beginning of one.
        return attributes.HasSize
            ? SftpStat.ToStat(attributes)
            : throw new ReplicaException(ReplicaError.Other, "fstat", "the SFTP server does not tell the file's size");
    }

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = await client.ReadAsync(handle, offset + total, buffer[total..], cancellation).Translated("read").ConfigureAwait(false);
            if (read == 0) break;
            total += read;
        }
        return total;
    }

    public async ValueTask<BlockHashes?> HashAsync(long offset, long length, int blockLength, CancellationToken cancellation)
    {
        try
        {
            SftpBlockHashes found = await client.HashAsync(handle, offset, length, blockLength, cancellation).ConfigureAwait(false);
            return new BlockHashes(found.Algorithm.Function, found.Hashes);
        }
        catch (SftpException)
        {
            // No such request, no sound function, a shorter file: then the content itself has to be read.
            return null;
        }
        catch (SftpConnectionException lost)
        {
            throw SftpErrors.Translate(lost, "hash");
        }
    }

    public ValueTask DisposeAsync()
    {
        // Nothing depends on the reply: a failed CLOSE of a file that was read loses nothing.
        if (!handle.IsClosed) _ = CloseAsync();
        return ValueTask.CompletedTask;
    }

    private async Task CloseAsync()
    {
        try
        {
            await client.CloseAsync(handle).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // See DisposeAsync.
        }
    }
}
