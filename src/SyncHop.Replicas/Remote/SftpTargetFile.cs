using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// A remote file being written. Writes are not waited for one by one; the rename, which makes the new content visible, is
/// sent only when all of them and the CLOSE have succeeded. A large file goes over all of the host's sessions.
/// </summary>
internal sealed class SftpTargetFile : ITargetFile
{
    /// <summary>How much one request copies: the server does nothing else meanwhile.</summary>
    private const int CopyLength = 16 << 20;

    /// <summary>After how many copies it is looked whether the basis is still that long.</summary>
    private const int CopiesPerCheck = 64;

    private readonly SftpReplica _replica;
    private readonly LaneHandles _handles;
    private readonly ContentWriter _writer;
    private readonly RelativePath _path;
    private readonly bool _isTemporary;
    private readonly SftpLane _countedOn;
    private readonly Lock _lock = new();
    private readonly CopyPace _copies = new();
    private Task<ISourceFile?>? _written;
    private SftpHandle? _copiedFrom;
    private long _copiedTo;
    private int _unchecked;
    private long _end;
    private bool _committed;
    private bool _disposed;
    private bool _isLeft;

    /// <param name="replica">The tree it is in.</param>
    /// <param name="handles">The open file.</param>
    /// <param name="path">The name it was opened with.</param>
    /// <param name="isTemporary">Whether it is a new file under a temporary name.</param>
    public SftpTargetFile(SftpReplica replica, LaneHandles handles, RelativePath path, bool isTemporary)
    {
        (_replica, _handles, _path, _isTemporary) = (replica, handles, path, isTemporary);
        _writer = new ContentWriter(handles);
        _countedOn = handles.Home.Lane;
        _countedOn.BeginFile();
    }

    private SftpClient FirstClient => _handles.Lanes.First.Client;

    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        _writer.ThrowIfFailed();
        int length = FirstClient.Limits.WriteLength;
        for (int start = 0; start < data.Length; start += length)
            await _writer.WriteAsync(offset + start, data.Slice(start, Math.Min(length, data.Length - start)), cancellation).ConfigureAwait(false);
        NoteEnd(offset + data.Length);
    }

    public ValueTask WriteZerosAsync(long offset, ReadOnlyMemory<byte> zeros, CancellationToken cancellation) => WriteAsync(offset, zeros, cancellation);

    public async ValueTask CopyFromAsync(ISourceFile basis, long from, long length, long to, CancellationToken cancellation)
    {
        _writer.ThrowIfFailed();
        if (length == 0) return;
        // Both handles must be of the same session.
        SftpHandle source = await ((SftpSourceFile)basis).OnFirstAsync().ConfigureAwait(false);
        SftpHandle handle = await _handles.OnFirstAsync().ConfigureAwait(false);
        for (long done = 0; done < length; done += CopyLength)
        {
            await _copies.WaitAsync(cancellation).ConfigureAwait(false);
            _copies.Add(_writer.Add(CopyDataAsync(source, from + done, Math.Min(CopyLength, length - done), handle, to + done, cancellation)));
        }
        // A file made of several ranges is looked at before its rename: it is open for that by then.
        if (_copiedFrom is not null) _written ??= TryOpenWrittenAsync(cancellation);
        (_copiedFrom, _copiedTo) = (source, Math.Max(_copiedTo, from + length));
        if (++_unchecked >= CopiesPerCheck) CheckCopies(cancellation);
        NoteEnd(to + length);
    }

    /// <summary>Copies a range on the server, which does not tell whether reading or writing failed: a full disk shows by itself.</summary>
    private async ValueTask CopyDataAsync(SftpHandle source, long from, long length, SftpHandle target, long to, CancellationToken cancellation)
    {
        SftpClient client = FirstClient;
        try
        {
            await client.CopyDataAsync(source, from, length, target, to, cancellation).ConfigureAwait(false);
        }
        catch (SftpConnectionException lost)
        {
            throw SftpErrors.Translate(lost, "copy-data");
        }
        catch (SftpException refused)
        {
            throw await IsFullAsync(client, length, cancellation).ConfigureAwait(false)
                ? new ReplicaException(ReplicaError.Other, "write", "No space left on device (28)")
                : SftpErrors.Translate(refused, "copy-data");
        }
    }

    private async ValueTask<bool> IsFullAsync(SftpClient client, long length, CancellationToken cancellation)
    {
        try
        {
            // The directory's: the file may be closed or renamed by now.
            SftpFileSystemInfo disk = await client.StatVfsAsync(_replica.PathOf(_path.Parent), cancellation).ConfigureAwait(false);
            return (UInt128)disk.AvailableBlocks * disk.FragmentSize < (UInt128)length;
        }
        catch (Exception failure) when (failure is SftpException or SftpConnectionException)
        {
            return false;
        }
    }

    public ValueTask AllocateAsync(long length, CancellationToken cancellation) =>
        ValueTask.FromException(new ReplicaException(ReplicaError.NotSupported, "do_fallocate", "SFTP has no such request"));

    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        // In the burst of the writes, behind them; what other sessions carry has no place in that order.
        if (!_handles.IsOnOneSession) await _writer.DrainAsync(cancellation).ConfigureAwait(false);
        (SftpLane lane, SftpHandle handle) = await _handles.PickAsync(spread: false).ConfigureAwait(false);
        _ = _writer.Add(lane.Client.FSyncAsync(handle, cancellation).Translated("fsync"));
    }

    public async ValueTask<FileStat> StatAsync(CancellationToken cancellation)
    {
        // What other sessions carry is not in the order of this one.
        if (!_handles.IsOnOneSession) await _writer.DrainAsync(cancellation).ConfigureAwait(false);
        (SftpLane lane, SftpHandle handle) = await _handles.PickAsync(spread: false).ConfigureAwait(false);
        try
        {
            return SftpStat.ToStat(await lane.Client.FStatAsync(handle, cancellation).ConfigureAwait(false));
        }
        catch (SftpConnectionException lost) when (_handles.Lanes.Drop(lane, lost))
        {
            (lane, handle) = await _handles.MoveHomeAsync().ConfigureAwait(false);
            return SftpStat.ToStat(await lane.Client.FStatAsync(handle, cancellation).Translated("fstat").ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is SftpException or SftpConnectionException)
        {
            throw SftpErrors.Translate(failure, "fstat");
        }
    }

    public async ValueTask<ISourceFile> OpenWrittenAsync(CancellationToken cancellation)
    {
        CheckCopies(cancellation);
        (Task<ISourceFile?>? earlier, _written) = (_written, null);
        if (earlier is not null && await earlier.ConfigureAwait(false) is { } open) return new WrittenFile(open, _writer, _handles.Lanes);
        // Beside the writes, so that it is open when they are answered.
        Task<ISourceFile> opening = _replica.OpenReadAsync(_path, cancellation).AsTask();
        try
        {
            await _writer.DrainAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully) await opening.Result.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        return await opening.ConfigureAwait(false);
    }

    public async ValueTask<ReplicaException?> CommitAsync(RelativePath target, long length, AttributeChange change, CancellationToken cancellation)
    {
        CheckCopies(cancellation);
        // A write of another session that arrived late would change the time again; and a file that is changed where it is must not
        // get its time in the burst of writes of which one fails, or the next run takes it for complete.
        if (!_handles.IsOnOneSession || !_isTemporary) await _writer.DrainAsync(cancellation).ConfigureAwait(false);
        // The protocol wants owner and group together; a new file's owner is the login, no need to ask.
        if (_isTemporary && change is { Uid: null, Gid: not null }) change = change with { Uid = ((SftpHost)_replica.Host).LoginUid };
        FileStat? current = SftpChange.NeedsOwner(change) ? await StatAsync(cancellation).ConfigureAwait(false) : null;
        SftpChange encoded = SftpChange.Of(change, FileType.Regular, current);
        (SftpLane lane, SftpHandle handle) = await _handles.PickAsync(spread: false).ConfigureAwait(false);
        Task<ReplicaException?> finish = FinishAsync(lane.Client, handle, length, encoded, change, cancellation);
        Task others = new ValueTask(_handles.CloseOthersAsync()).Translated("close").AsTask();
        _writer.Finish();
        try
        {
            await Task.WhenAll(_writer.AllAnswered, finish, others).ConfigureAwait(false);
        }
        catch (ReplicaLostException lost) when (_handles.Lanes.Drop(lane, lost))
        {
            // What it carried has been written again.
            await others.ConfigureAwait(false);
            (lane, handle) = await _handles.MoveHomeAsync().ConfigureAwait(false);
            finish = FinishAsync(lane.Client, handle, length, encoded, change, cancellation);
            await finish.ConfigureAwait(false);
        }
        _writer.ThrowIfFailed();
        Closed?.Invoke();
        if (target != _path) await _replica.RenameAsync(_path, target, cancellation).ConfigureAwait(false);
        _committed = true;
        return await finish.ConfigureAwait(false) ?? encoded.Unholdable;
    }

    public Action? Closed { private get; set; }

    public WrittenRanges Written => _writer.Written;

    public void Leave() => _isLeft = true;

    public async ValueTask DisposeAsync()
    {
        if (!_disposed) _countedOn.EndFile();
        _disposed = true;
        if (_written is not null && await _written.ConfigureAwait(false) is { } unread) await unread.DisposeAsync().ConfigureAwait(false);
        if (_committed) return;
        try
        {
            (SftpLane lane, SftpHandle handle) = _handles.Home;
            Task others = _handles.CloseOthersAsync();
            if (!handle.IsClosed) await lane.Client.CloseAsync(handle).ConfigureAwait(false);
            await others.ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The failure that led here is the one to report.
        }
        if (_isTemporary && !_isLeft) await _replica.RemoveQuietlyAsync(_path).ConfigureAwait(false);
    }

    /// <summary>Length, attributes and CLOSE, behind the writes in one burst; the server takes them in order.</summary>
    /// <returns>null, or the first attribute that could not be set.</returns>
    private async Task<ReplicaException?> FinishAsync(
        SftpClient client, SftpHandle handle, long length, SftpChange encoded, AttributeChange change, CancellationToken cancellation)
    {
        Task cut = _isTemporary && _end == length
            ? Task.CompletedTask
            : client.FSetStatAsync(handle, default(SftpAttributes).WithSize((ulong)length), cancellation).Translated("ftruncate").AsTask();
        Task<ReplicaException?> owner = SetAsync(client, handle, encoded.Together is null ? encoded.Owner : null, "chown", cancellation);
        Task<ReplicaException?> rest = encoded.Together is { } all
            ? SetTogetherAsync(client, handle, all, change, cancellation)
            : SetAsync(client, handle, encoded.Rest, change.Mtime is null && change.Atime is null ? "chmod" : "set times", cancellation);
        Task close = client.CloseAsync(handle, cancellation).Translated("close").AsTask();
        await Task.WhenAll(cut, owner, rest, close).ConfigureAwait(false);
        return await owner.ConfigureAwait(false) ?? await rest.ConfigureAwait(false);
    }

    /// <returns>null when it cannot be opened now: it is tried once more when it is needed.</returns>
    private async Task<ISourceFile?> TryOpenWrittenAsync(CancellationToken cancellation)
    {
        try
        {
            return await _replica.OpenReadAsync(_path, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ReplicaException or ReplicaLostException or OperationCanceledException)
        {
            return null;
        }
    }

    private void NoteEnd(long end)
    {
        lock (_lock) _end = Math.Max(_end, end);
    }

    /// <summary>OpenSSH's server is content with less when the source of a copy ends too soon; a look at its size, behind the copies, tells.</summary>
    private void CheckCopies(CancellationToken cancellation)
    {
        if (_unchecked == 0) return;
        _unchecked = 0;
        _ = _writer.Add(CheckSizeAsync(_copiedFrom!, _copiedTo, cancellation));
    }

    private async ValueTask CheckSizeAsync(SftpHandle source, long atLeast, CancellationToken cancellation)
    {
        SftpAttributes attributes = await FirstClient.FStatAsync(source, cancellation).ConfigureAwait(false);
        if (!attributes.HasSize || attributes.Size < (ulong)atLeast)
            throw new ReplicaException(ReplicaError.Other, "copy-data", "the file became shorter while it was read");
    }

    /// <summary>Sets all attributes in one request; one that is refused is repeated in parts, by name, to see which of them is.</summary>
    private async Task<ReplicaException?> SetTogetherAsync(
        SftpClient client, SftpHandle handle, SftpAttributes all, AttributeChange change, CancellationToken cancellation) =>
        await SetAsync(client, handle, all, "chown", cancellation).ConfigureAwait(false) is null
            ? null
            : await _replica.SetAttributesAsync(_path, FileType.Regular, change, cancellation).ConfigureAwait(false);

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
