using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>A remote file open for reading; a large one is read over all of the host's sessions.</summary>
internal sealed class SftpSourceFile : ISourceFile
{
    private readonly LaneHandles _handles;
    private readonly SftpLane _countedOn;
    private bool _disposed;

    public SftpSourceFile(LaneHandles handles)
    {
        _handles = handles;
        _countedOn = handles.Home.Lane;
        _countedOn.BeginFile();
    }

    /// <summary>The open file on the host's first session.</summary>
    internal Task<SftpHandle> OnFirstAsync() => _handles.OnFirstAsync();

    public async ValueTask<FileStat> StatAsync(CancellationToken cancellation)
    {
        SftpAttributes attributes;
        (SftpLane lane, SftpHandle handle) = await _handles.PickAsync(spread: false).ConfigureAwait(false);
        try
        {
            attributes = await lane.Client.FStatAsync(handle, cancellation).ConfigureAwait(false);
        }
        catch (SftpConnectionException lost) when (_handles.Lanes.Drop(lane, lost))
        {
            (lane, handle) = await _handles.MoveHomeAsync().ConfigureAwait(false);
            attributes = await lane.Client.FStatAsync(handle, cancellation).Translated("fstat").ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SftpException or SftpConnectionException)
        {
            throw SftpErrors.Translate(failure, "fstat");
        }
        // Without it nobody could tell a whole file from the beginning of one.
        if (!attributes.HasSize) throw new ReplicaException(ReplicaError.Other, "fstat", "the SFTP server does not tell the file's size");
        FileStat stat = SftpStat.ToStat(attributes);
        _handles.Known = stat;
        return stat;
    }

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = await ReadPieceAsync(offset + total, buffer[total..], cancellation).ConfigureAwait(false);
            if (read == 0) break;
            total += read;
        }
        return total;
    }

    public async ValueTask<BlockHashes?> HashAsync(long offset, long length, int blockLength, CancellationToken cancellation)
    {
        (SftpLane lane, SftpHandle handle) = await _handles.PickAsync(spread: false).ConfigureAwait(false);
        try
        {
            SftpBlockHashes found = await lane.Client.HashAsync(handle, offset, length, blockLength, cancellation).ConfigureAwait(false);
            return new BlockHashes(found.Algorithm.Function, found.Hashes);
        }
        catch (SftpException)
        {
            // No such request, no sound function, a shorter file: then the content itself has to be read.
            return null;
        }
        catch (SftpConnectionException lost) when (_handles.Lanes.Drop(lane, lost))
        {
            return null;
        }
        catch (SftpConnectionException lost)
        {
            throw SftpErrors.Translate(lost, "hash");
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        _countedOn.EndFile();
        // Nothing depends on the reply: a failed CLOSE of a file that was read loses nothing.
        _ = CloseAsync();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<int> ReadPieceAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        (SftpLane lane, SftpHandle handle) = await _handles.PickAsync(offset >= LaneHandles.SpreadFrom).ConfigureAwait(false);
        lane.BeginBytes(buffer.Length);
        try
        {
            return await lane.Client.ReadAsync(handle, offset, buffer, cancellation).ConfigureAwait(false);
        }
        catch (SftpConnectionException lost) when (_handles.Lanes.Drop(lane, lost))
        {
            // Reading again changes nothing.
        }
        catch (Exception failure) when (failure is SftpException or SftpConnectionException)
        {
            throw SftpErrors.Translate(failure, "read");
        }
        finally
        {
            lane.EndBytes(buffer.Length);
        }
        handle = await _handles.OnFirstAsync().ConfigureAwait(false);
        return await _handles.Lanes.First.Client.ReadAsync(handle, offset, buffer, cancellation).Translated("read").ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        try
        {
            (SftpLane lane, SftpHandle handle) = _handles.Home;
            Task others = _handles.CloseOthersAsync();
            if (!handle.IsClosed) await lane.Client.CloseAsync(handle).ConfigureAwait(false);
            await others.ConfigureAwait(false);
        }
        catch (IOException)
        {
            // See DisposeAsync.
        }
    }
}
