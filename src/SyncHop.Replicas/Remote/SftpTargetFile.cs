using System.Buffers;
using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// A remote file being written. Writes are not waited for one by one; the rename, which makes the new content visible, is
/// sent only when all of them and the CLOSE have succeeded. A large new file goes over all of the host's sessions, and what
/// a session other than the first did not acknowledge before it was lost is written again.
/// </summary>
internal sealed class SftpTargetFile : ITargetFile
{
    /// <summary>From here on a file is large: the sessions' round trips for opening it again are worth it.</summary>
    private const long SpreadFrom = 2 << 20;

    /// <summary>How much one request copies: the server does nothing else meanwhile.</summary>
    private const int CopyLength = 16 << 20;

    private readonly TaskCompletionSource _allAcknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SftpReplica _replica;
    private readonly LaneHandles _handles;
    private readonly RelativePath _path;
    private readonly bool _isTemporary;
    private readonly SftpLane _countedOn;
    private readonly Lock _lock = new();
    private volatile TaskCompletionSource? _drained;
    private int _outstanding = 1; // One for the writes still to come.
    private long _end;
    private Exception? _failure;
    private bool _committed;
    private bool _disposed;

    /// <param name="replica">The tree it is in.</param>
    /// <param name="handles">The open file.</param>
    /// <param name="path">The name it was opened with.</param>
    /// <param name="isTemporary">Whether it is a new file under a temporary name.</param>
    public SftpTargetFile(SftpReplica replica, LaneHandles handles, RelativePath path, bool isTemporary)
    {
        (_replica, _handles, _path, _isTemporary, _countedOn) = (replica, handles, path, isTemporary, handles.Home);
        _countedOn.BeginFile();
    }

    private SftpClient FirstClient => _handles.Lanes.First.Client;

    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        ThrowIfFailed();
        int length = FirstClient.Limits.WriteLength;
        for (int start = 0; start < data.Length; start += length)
        {
            ReadOnlyMemory<byte> piece = data.Slice(start, Math.Min(length, data.Length - start));
            (SftpLane lane, SftpHandle handle) = _handles.Pick(_isTemporary && offset >= SpreadFrom);
            if (lane == _handles.Lanes.First) await WriteFirstAsync(lane, handle, offset + start, piece, cancellation).ConfigureAwait(false);
            else await WriteOtherAsync(lane, handle, offset + start, piece, cancellation).ConfigureAwait(false);
        }
        NoteEnd(offset + data.Length);
    }

    public async ValueTask CopyFromAsync(ISourceFile basis, long from, long length, long to, CancellationToken cancellation)
    {
        ThrowIfFailed();
        // Both handles must be of the same session.
        SftpHandle source = await ((SftpSourceFile)basis).OnFirstAsync().ConfigureAwait(false);
        SftpHandle handle = await _handles.OnFirstAsync().ConfigureAwait(false);
        for (long done = 0; done < length; done += CopyLength)
        {
            Interlocked.Increment(ref _outstanding);
            _ = WatchAsync(FirstClient.CopyDataAsync(source, from + done, Math.Min(CopyLength, length - done), handle, to + done, cancellation));
        }
        if (length > 0)
        {
            // OpenSSH's server is content with less when the source ends too soon; a look at its size, behind the copies, tells.
            Interlocked.Increment(ref _outstanding);
            _ = WatchAsync(CheckSizeAsync(source, from + length, cancellation));
        }
        NoteEnd(to + length);
    }

    public ValueTask AllocateAsync(long length, CancellationToken cancellation) =>
        ValueTask.FromException(new ReplicaException(ReplicaError.NotSupported, "do_fallocate", "SFTP has no such request"));

    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        // In the burst of the writes, behind them; what other sessions carry has no place in that order.
        if (!_handles.IsOnFirstAlone) await DrainAsync(cancellation).ConfigureAwait(false);
        SftpHandle handle = await _handles.OnFirstAsync().ConfigureAwait(false);
        Interlocked.Increment(ref _outstanding);
        _ = WatchAsync(FirstClient.FSyncAsync(handle, cancellation).Translated("fsync"));
    }

    public async ValueTask<FileStat> StatAsync(CancellationToken cancellation)
    {
        // What other sessions carry is not in the order of this one.
        if (!_handles.IsOnFirstAlone) await DrainAsync(cancellation).ConfigureAwait(false);
        SftpLane lane = _handles.Home;
        try
        {
            return SftpStat.ToStat(await lane.Client.FStatAsync(_handles.HomeHandle, cancellation).Translated("fstat").ConfigureAwait(false));
        }
        catch (ReplicaLostException) when (lane != _handles.Lanes.First)
        {
            await _handles.FallBackAsync().ConfigureAwait(false);
            return SftpStat.ToStat(await FirstClient.FStatAsync(_handles.HomeHandle, cancellation).Translated("fstat").ConfigureAwait(false));
        }
    }

    public async ValueTask<ISourceFile> OpenWrittenAsync(CancellationToken cancellation)
    {
        await DrainAsync(cancellation).ConfigureAwait(false);
        return await _replica.OpenReadAsync(_path, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<ReplicaException?> CommitAsync(RelativePath target, long length, AttributeChange change, CancellationToken cancellation)
    {
        // A write of another session that arrives late would change the time again.
        if (!_handles.IsOnFirstAlone)
        {
            await DrainAsync(cancellation).ConfigureAwait(false);
            await new ValueTask(_handles.CloseOthersAsync()).Translated("close").ConfigureAwait(false);
        }
        // The protocol wants owner and group together; a new file's owner is the login, no need to ask.
        if (_isTemporary && change is { Uid: null, Gid: not null }) change = change with { Uid = ((SftpHost)_replica.Host).LoginUid };
        FileStat? current = SftpChange.NeedsOwner(change) ? await StatAsync(cancellation).ConfigureAwait(false) : null;
        SftpChange encoded = SftpChange.Of(change, FileType.Regular, current);
        SftpLane lane = _handles.Home;
        Task<ReplicaException?> finish = FinishAsync(length, encoded, change, cancellation);
        Acknowledge();
        try
        {
            await Task.WhenAll(_allAcknowledged.Task, finish).ConfigureAwait(false);
        }
        catch (ReplicaLostException) when (lane != _handles.Lanes.First)
        {
            await _handles.FallBackAsync().ConfigureAwait(false);
            finish = FinishAsync(length, encoded, change, cancellation);
            await finish.ConfigureAwait(false);
        }
        ThrowIfFailed();
        if (target != _path) await _replica.RenameAsync(_path, target, cancellation).ConfigureAwait(false);
        _committed = true;
        return await finish.ConfigureAwait(false) ?? encoded.Unholdable;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_disposed) _countedOn.EndFile();
        _disposed = true;
        if (_committed) return;
        try
        {
            Task others = _handles.CloseOthersAsync();
            if (!_handles.HomeHandle.IsClosed) await _handles.Home.Client.CloseAsync(_handles.HomeHandle).ConfigureAwait(false);
            await others.ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The failure that led here is the one to report.
        }
        if (_isTemporary) await _replica.RemoveQuietlyAsync(_path).ConfigureAwait(false);
    }

    /// <summary>Length, attributes and CLOSE, behind the writes in one burst; the server takes them in order.</summary>
    /// <returns>null, or the first attribute that could not be set.</returns>
    private async Task<ReplicaException?> FinishAsync(long length, SftpChange encoded, AttributeChange change, CancellationToken cancellation)
    {
        (SftpClient client, SftpHandle handle) = (_handles.Home.Client, _handles.HomeHandle);
        Task cut = _isTemporary && _end == length
            ? Task.CompletedTask
            : client.FSetStatAsync(handle, default(SftpAttributes).WithSize((ulong)length), cancellation).Translated("ftruncate").AsTask();
        Task<ReplicaException?> owner = SetAsync(client, handle, encoded.Owner, "chown", cancellation);
        Task<ReplicaException?> rest = SetAsync(client, handle, encoded.Rest, change.Mtime is null && change.Atime is null ? "chmod" : "set times", cancellation);
        Task close = client.CloseAsync(handle, cancellation).Translated("close").AsTask();
        await Task.WhenAll(cut, owner, rest, close).ConfigureAwait(false);
        return await owner.ConfigureAwait(false) ?? await rest.ConfigureAwait(false);
    }

    /// <summary>Waits for everything written and copied so far.</summary>
    private async Task DrainAsync(CancellationToken cancellation)
    {
        TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _drained = drained;
        if (Volatile.Read(ref _outstanding) == 1) drained.TrySetResult();
        await drained.Task.WaitAsync(cancellation).ConfigureAwait(false);
        ThrowIfFailed();
    }

    private async ValueTask WriteFirstAsync(SftpLane lane, SftpHandle handle, long offset, ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _outstanding);
        lane.BeginBytes(piece.Length);
        SftpPendingWrite pending;
        try
        {
            pending = await lane.Client.QueueWriteAsync(handle, offset, piece, cancellation).Translated("write").ConfigureAwait(false);
        }
        catch
        {
            lane.EndBytes(piece.Length);
            Acknowledge();
            throw;
        }
        _ = WatchFirstAsync(lane, piece.Length, pending.Acknowledged);
    }

    private async Task WatchFirstAsync(SftpLane lane, int length, ValueTask pending)
    {
        await NoteFailureAsync(pending).ConfigureAwait(false);
        lane.EndBytes(length);
        Acknowledge();
    }

    /// <summary>Writes over a session that may be lost without ending the run: a copy is kept until the server has it.</summary>
    private async ValueTask WriteOtherAsync(SftpLane lane, SftpHandle handle, long offset, ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(piece.Length);
        piece.CopyTo(copy);
        ReadOnlyMemory<byte> kept = copy.AsMemory(0, piece.Length);
        Interlocked.Increment(ref _outstanding);
        lane.BeginBytes(piece.Length);
        ValueTask acknowledged;
        try
        {
            acknowledged = (await lane.Client.QueueWriteAsync(handle, offset, kept, cancellation).ConfigureAwait(false)).Acknowledged;
        }
        catch (Exception failure)
        {
            acknowledged = ValueTask.FromException(failure);
        }
        _ = WatchOtherAsync(lane, offset, copy, piece.Length, acknowledged, cancellation);
    }

    private async Task WatchOtherAsync(SftpLane lane, long offset, byte[] copy, int length, ValueTask acknowledged, CancellationToken cancellation)
    {
        await NoteFailureAsync(new ValueTask(SendAgainIfLostAsync())).ConfigureAwait(false);
        ArrayPool<byte>.Shared.Return(copy);
        Acknowledge();

        async Task SendAgainIfLostAsync()
        {
            try
            {
                await acknowledged.ConfigureAwait(false);
                return;
            }
            catch (SftpConnectionException) when (lane != _handles.Lanes.First)
            {
                _handles.Lanes.Drop(lane);
            }
            finally
            {
                lane.EndBytes(length);
            }
            SftpHandle handle = await _handles.OnFirstAsync().ConfigureAwait(false);
            await FirstClient.WriteAsync(handle, offset, copy.AsMemory(0, length), cancellation).ConfigureAwait(false);
        }
    }

    private void NoteEnd(long end)
    {
        lock (_lock) _end = Math.Max(_end, end);
    }

    private async ValueTask CheckSizeAsync(SftpHandle source, long atLeast, CancellationToken cancellation)
    {
        SftpAttributes attributes = await FirstClient.FStatAsync(source, cancellation).ConfigureAwait(false);
        if (!attributes.HasSize || attributes.Size < (ulong)atLeast)
            throw new ReplicaException(ReplicaError.Other, "read", "the file became shorter while it was read");
    }

    private async Task WatchAsync(ValueTask pending)
    {
        await NoteFailureAsync(pending).ConfigureAwait(false);
        Acknowledge();
    }

    private async Task NoteFailureAsync(ValueTask pending)
    {
        try
        {
            await pending.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
    }

    private void Acknowledge()
    {
        int left = Interlocked.Decrement(ref _outstanding);
        if (left == 0) _allAcknowledged.TrySetResult();
        else if (left == 1) _drained?.TrySetResult();
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure) throw failure is OperationCanceledException or ReplicaException ? failure : SftpErrors.Translate(failure, "write");
    }

    private static async Task<ReplicaException?> SetAsync(
        SftpClient client, SftpHandle handle, SftpAttributes? attributes, string operation, CancellationToken cancellation)
    {
        if (attributes is not SftpAttributes wanted) return null;
        try
        {
            await client.FSetStatAsync(handle, wanted, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (SftpException refused)
        {
            return SftpErrors.Translate(refused, operation);
        }
        catch (SftpConnectionException lost)
        {
            throw SftpErrors.Translate(lost, operation);
        }
    }
}
