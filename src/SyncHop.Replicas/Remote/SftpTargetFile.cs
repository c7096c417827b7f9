using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// A remote file being written. Writes are not waited for one by one; the rename, which makes the new content visible, is
/// sent only when all of them and the CLOSE have succeeded.
/// </summary>
internal sealed class SftpTargetFile(SftpReplica replica, SftpHandle handle, RelativePath path, bool isTemporary) : ITargetFile
{
    /// <summary>How much one request copies: the server does nothing else meanwhile.</summary>
    private const int CopyLength = 16 << 20;

    private readonly TaskCompletionSource _allAcknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SftpClient _client = ((SftpHost)replica.Host).Client;
    private readonly Lock _lock = new();
    private readonly CopyPace _copies = new();
    private volatile TaskCompletionSource? _drained;
    private int _outstanding = 1; // One for the writes still to come.
    private long _end;
    private Exception? _failure;
    private bool _committed;

    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        ThrowIfFailed();
        int length = _client.Limits.WriteLength;
        for (int start = 0; start < data.Length; start += length)
        {
            Interlocked.Increment(ref _outstanding);
            SftpPendingWrite pending;
            try
            {
                pending = await _client
                    .QueueWriteAsync(handle, offset + start, data.Slice(start, Math.Min(length, data.Length - start)), cancellation)
                    .Translated("write").ConfigureAwait(false);
            }
            catch
            {
                Acknowledge();
                throw;
            }
            _ = WatchAsync(pending.Acknowledged);
        }
        NoteEnd(offset + data.Length);
    }

    public async ValueTask CopyFromAsync(ISourceFile basis, long from, long length, long to, CancellationToken cancellation)
    {
        ThrowIfFailed();
        SftpHandle source = ((SftpSourceFile)basis).Handle;
        for (long done = 0; done < length; done += CopyLength)
        {
            await _copies.WaitAsync(cancellation).ConfigureAwait(false);
            Interlocked.Increment(ref _outstanding);
            _copies.Add(WatchAsync(_client.CopyDataAsync(source, from + done, Math.Min(CopyLength, length - done), handle, to + done, cancellation)));
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

    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        // In the burst of the writes, behind them.
        Interlocked.Increment(ref _outstanding);
        _ = WatchAsync(_client.FSyncAsync(handle, cancellation).Translated("fsync"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask<FileStat> StatAsync(CancellationToken cancellation) =>
        SftpStat.ToStat(await _client.FStatAsync(handle, cancellation).Translated("fstat").ConfigureAwait(false));

    public async ValueTask<ISourceFile> OpenWrittenAsync(CancellationToken cancellation)
    {
        TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _drained = drained;
        if (Volatile.Read(ref _outstanding) == 1) drained.TrySetResult();
        await drained.Task.WaitAsync(cancellation).ConfigureAwait(false);
        ThrowIfFailed();
        return await replica.OpenReadAsync(path, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<ReplicaException?> CommitAsync(RelativePath target, long length, AttributeChange change, CancellationToken cancellation)
    {
        // The protocol wants owner and group together; a new file's owner is the login, no need to ask.
        if (isTemporary && change is { Uid: null, Gid: not null }) change = change with { Uid = ((SftpHost)replica.Host).LoginUid };
        FileStat? current = SftpChange.NeedsOwner(change)
            ? SftpStat.ToStat(await _client.FStatAsync(handle, cancellation).Translated("fstat").ConfigureAwait(false))
            : null;
        SftpChange encoded = SftpChange.Of(change, FileType.Regular, current);
        // Length, attributes and CLOSE follow the writes in one burst; the server takes them in order.
        Task cut = isTemporary && _end == length
            ? Task.CompletedTask
            : _client.FSetStatAsync(handle, default(SftpAttributes).WithSize((ulong)length), cancellation).Translated("ftruncate").AsTask();
        Task<ReplicaException?> owner = SetAsync(encoded.Together is null ? encoded.Owner : null, "chown", cancellation);
        Task<ReplicaException?> rest = encoded.Together is { } all
            ? SetTogetherAsync(all, change, cancellation)
            : SetAsync(encoded.Rest, change.Mtime is null && change.Atime is null ? "chmod" : "set times", cancellation);
        Task close = _client.CloseAsync(handle, cancellation).Translated("close").AsTask();
        Acknowledge();
        await Task.WhenAll(_allAcknowledged.Task, cut, owner, rest, close).ConfigureAwait(false);
        ThrowIfFailed();
        if (target != path) await replica.RenameAsync(path, target, cancellation).ConfigureAwait(false);
        _committed = true;
        return await owner.ConfigureAwait(false) ?? await rest.ConfigureAwait(false) ?? encoded.Unholdable;
    }

    public async ValueTask DisposeAsync()
    {
        if (_committed) return;
        if (!handle.IsClosed)
        {
            try
            {
                await _client.CloseAsync(handle).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The failure that led here is the one to report.
            }
        }
        if (isTemporary) await replica.RemoveQuietlyAsync(path).ConfigureAwait(false);
    }

    private void NoteEnd(long end)
    {
        lock (_lock) _end = Math.Max(_end, end);
    }

    private async ValueTask CheckSizeAsync(SftpHandle source, long atLeast, CancellationToken cancellation)
    {
        SftpAttributes attributes = await _client.FStatAsync(source, cancellation).ConfigureAwait(false);
        if (!attributes.HasSize || attributes.Size < (ulong)atLeast)
            throw new ReplicaException(ReplicaError.Other, "read", "the file became shorter while it was read");
    }

    private async Task WatchAsync(ValueTask pending)
    {
        try
        {
            await pending.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
        Acknowledge();
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

    /// <summary>Sets all attributes in one request; one that is refused is repeated in parts, by name, to see which of them is.</summary>
    private async Task<ReplicaException?> SetTogetherAsync(SftpAttributes all, AttributeChange change, CancellationToken cancellation) =>
        await SetAsync(all, "chown", cancellation).ConfigureAwait(false) is null
            ? null
            : await replica.SetAttributesAsync(path, FileType.Regular, change, cancellation).ConfigureAwait(false);

    private async Task<ReplicaException?> SetAsync(SftpAttributes? attributes, string operation, CancellationToken cancellation)
    {
        if (attributes is not SftpAttributes wanted) return null;
        try
        {
            await _client.FSetStatAsync(handle, wanted, cancellation).ConfigureAwait(false);
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
