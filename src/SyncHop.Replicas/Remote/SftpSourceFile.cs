using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>A remote file open for reading; a large one is read over all of the host's sessions.</summary>
internal sealed class SftpSourceFile : ISourceFile
{
    /// <summary>From here on a file is large: the sessions' round trips for opening it again are worth it.</summary>
    private const long SpreadFrom = 2 << 20;

    private readonly LaneHandles _handles;
    private bool _disposed;

    public SftpSourceFile(LaneHandles handles)
    {
        _handles = handles;
        _handles.Home.BeginFile();
    }

    /// <summary>The open file on the host's first session.</summary>
    internal Task<SftpHandle> OnFirstAsync() => _handles.OnFirstAsync();

    public async ValueTask<FileStat> StatAsync(CancellationToken cancellation)
    {
        SftpAttributes attributes;
        SftpLane lane = _handles.Home;
        try
        {
            attributes = await lane.Client.FStatAsync(_handles.HomeHandle, cancellation).ConfigureAwait(false);
        }
        catch (SftpConnectionException) when (_handles.Lanes.Drop(lane))
        {
            SftpHandle handle = await _handles.OnFirstAsync().ConfigureAwait(false);
            attributes = await _handles.Lanes.First.Client.FStatAsync(handle, cancellation).Translated("fstat").ConfigureAwait(false);
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

    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        _handles.Home.EndFile();
        // Nothing depends on the reply: a failed CLOSE of a file that was read loses nothing.
        _ = CloseAsync();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<int> ReadPieceAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        (SftpLane lane, SftpHandle handle) = _handles.Pick(offset >= SpreadFrom);
        lane.BeginBytes(buffer.Length);
        try
        {
            return await lane.Client.ReadAsync(handle, offset, buffer, cancellation).ConfigureAwait(false);
        }
        catch (SftpConnectionException) when (lane != _handles.Lanes.First)
        {
            _handles.Lanes.Drop(lane);
        }
        catch (Exception failure) when (failure is SftpException or SftpConnectionException)
        {
            throw SftpErrors.Translate(failure, "read");
        }
        finally
        {
            lane.EndBytes(buffer.Length);
        }
        // Reading again changes nothing.
        handle = await _handles.OnFirstAsync().ConfigureAwait(false);
        return await _handles.Lanes.First.Client.ReadAsync(handle, offset, buffer, cancellation).Translated("read").ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        try
        {
            Task others = _handles.CloseOthersAsync();
            if (!_handles.HomeHandle.IsClosed) await _handles.Home.Client.CloseAsync(_handles.HomeHandle).ConfigureAwait(false);
            await others.ConfigureAwait(false);
        }
        catch (IOException)
        {
            // See DisposeAsync.
        }
    }
}
