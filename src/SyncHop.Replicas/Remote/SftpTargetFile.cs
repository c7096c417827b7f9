using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// A remote file being written under a temporary name. Writes are not waited for one by one; the rename, which makes the
/// new content visible, is sent only when all of them and the CLOSE have succeeded.
/// </summary>
internal sealed class SftpTargetFile(SftpReplica replica, SftpHandle handle, RelativePath temporary) : ITargetFile
{
    private readonly TaskCompletionSource _allAcknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SftpClient _client = ((SftpHost)replica.Host).Client;
    private int _outstanding = 1; // One for the writes still to come.
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
            _ = WatchAsync(pending);
        }
    }

    public async ValueTask<ReplicaException?> CommitAsync(RelativePath path, AttributeChange change, CancellationToken cancellation)
    {
        // The protocol wants owner and group together; a new file's owner is the login, no need to ask.
        if (change is { Uid: null, Gid: not null }) change = change with { Uid = ((SftpHost)replica.Host).LoginUid };
        FileStat? current = SftpChange.NeedsOwner(change)
            ? SftpStat.ToStat(await _client.FStatAsync(handle, cancellation).Translated("fstat").ConfigureAwait(false))
            : null;
        SftpChange encoded = SftpChange.Of(change, FileType.Regular, current);
        // Attributes and CLOSE follow the writes in one burst; the server takes them in order.
        Task<ReplicaException?> owner = SetAsync(encoded.Owner, "chown", cancellation);
        Task<ReplicaException?> rest = SetAsync(encoded.Rest, change.Mtime is null ? "chmod" : "set times", cancellation);
        Task close = _client.CloseAsync(handle, cancellation).Translated("close").AsTask();
        Acknowledge();
        await Task.WhenAll(_allAcknowledged.Task, owner, rest, close).ConfigureAwait(false);
        ThrowIfFailed();
        await replica.RenameAsync(temporary, path, cancellation).ConfigureAwait(false);
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
        await replica.RemoveQuietlyAsync(temporary).ConfigureAwait(false);
    }

    private async Task WatchAsync(SftpPendingWrite pending)
    {
        try
        {
            await pending;
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
        Acknowledge();
    }

    private void Acknowledge()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0) _allAcknowledged.TrySetResult();
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure) throw failure is OperationCanceledException ? failure : SftpErrors.Translate(failure, "write");
    }

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
