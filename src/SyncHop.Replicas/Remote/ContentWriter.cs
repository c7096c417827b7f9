using System.Buffers;
using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// Writes the content of one file over its host's sessions, and keeps track of what was not answered yet. Writes are not waited
/// for one by one. What a session other than the first did not acknowledge before it was lost is written again by the first.
/// </summary>
internal sealed class ContentWriter(LaneHandles handles)
{
    private readonly TaskCompletionSource _allAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _draining = new();
    private volatile TaskCompletionSource? _drained;
    private int _outstanding = 1; // One for what is still to come.
    private Exception? _failure;

    /// <summary>What the server has acknowledged.</summary>
    public WrittenRanges Written { get; } = new();

    /// <summary>Completes when all has been answered, after <see cref="Finish"/>.</summary>
    public Task AllAnswered => _allAnswered.Task;

    /// <summary>Sends a piece, at most what one request may hold; when it completes the buffer may be used again.</summary>
    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        (SftpLane lane, SftpHandle handle) = await handles.PickAsync(offset >= LaneHandles.SpreadFrom).ConfigureAwait(false);
        lane.BeginBytes(piece.Length);
        Interlocked.Increment(ref _outstanding);
        if (lane == handles.Lanes.First) await WriteOnFirstAsync(lane, handle, offset, piece, cancellation).ConfigureAwait(false);
        else await WriteOnOtherAsync(lane, handle, offset, piece, cancellation).ConfigureAwait(false);
    }

    /// <summary>Counts a request that was sent; what becomes of it is known when all is answered.</summary>
    public Task Add(ValueTask request)
    {
        Interlocked.Increment(ref _outstanding);
        return WatchAsync(request);
    }

    /// <summary>Waits for everything sent so far.</summary>
    /// <exception cref="ReplicaException">Something of it failed.</exception>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_draining)
        {
            // Several may wait at a time, each for all that was sent before it called.
            if (_drained is { Task.IsCompleted: false } waiting) drained = waiting;
            else _drained = drained;
        }
        if (Volatile.Read(ref _outstanding) == 1) drained.TrySetResult();
        await drained.Task.WaitAsync(cancellation).ConfigureAwait(false);
        ThrowIfFailed();
    }

    /// <summary>Nothing more will come.</summary>
    public void Finish() => Answered();

    /// <summary>Throws what failed first, if anything did.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is { } failure) throw failure is OperationCanceledException or ReplicaException ? failure : SftpErrors.Translate(failure, "write");
    }

    private async ValueTask WriteOnFirstAsync(SftpLane lane, SftpHandle handle, long offset, ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        SftpPendingWrite pending;
        try
        {
            pending = await lane.Client.QueueWriteAsync(handle, offset, piece, cancellation).Translated("write").ConfigureAwait(false);
        }
        catch
        {
            lane.EndBytes(piece.Length);
            Answered();
            throw;
        }
        _ = WatchOnFirstAsync(lane, offset, piece.Length, pending.Acknowledged);
    }

    private async Task WatchOnFirstAsync(SftpLane lane, long offset, int length, ValueTask pending)
    {
        if (await SucceedsAsync(pending).ConfigureAwait(false)) Written.Add(offset, length);
        lane.EndBytes(length);
        Answered();
    }

    /// <summary>Writes over a session that may be lost without ending the run: a copy is kept until the server has it.</summary>
    private async ValueTask WriteOnOtherAsync(SftpLane lane, SftpHandle handle, long offset, ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(piece.Length);
        piece.CopyTo(copy);
        ValueTask acknowledged;
        try
        {
            acknowledged = (await lane.Client.QueueWriteAsync(handle, offset, copy.AsMemory(0, piece.Length), cancellation).ConfigureAwait(false)).Acknowledged;
        }
        catch (Exception failure)
        {
            acknowledged = ValueTask.FromException(failure);
        }
        _ = WatchOnOtherAsync(lane, offset, copy, piece.Length, acknowledged, cancellation);
    }

    private async Task WatchOnOtherAsync(SftpLane lane, long offset, byte[] copy, int length, ValueTask acknowledged, CancellationToken cancellation)
    {
        if (await SucceedsAsync(new ValueTask(SendAgainIfLostAsync())).ConfigureAwait(false)) Written.Add(offset, length);
        ArrayPool<byte>.Shared.Return(copy);
        Answered();

        async Task SendAgainIfLostAsync()
        {
            try
            {
                await acknowledged.ConfigureAwait(false);
                return;
            }
            catch (SftpConnectionException lost) when (handles.Lanes.Drop(lane, lost))
            {
            }
            finally
            {
                lane.EndBytes(length);
            }
            SftpHandle handle = await handles.OnFirstAsync().ConfigureAwait(false);
            await handles.Lanes.First.Client.WriteAsync(handle, offset, copy.AsMemory(0, length), cancellation).ConfigureAwait(false);
        }
    }

    private async Task WatchAsync(ValueTask pending)
    {
        await SucceedsAsync(pending).ConfigureAwait(false);
        Answered();
    }

    /// <summary>Notes the failure, if it is the first.</summary>
    private async Task<bool> SucceedsAsync(ValueTask pending)
    {
        try
        {
            await pending.ConfigureAwait(false);
            return true;
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            return false;
        }
    }

    private void Answered()
    {
        int left = Interlocked.Decrement(ref _outstanding);
        if (left == 0) _allAnswered.TrySetResult();
        else if (left == 1) _drained?.TrySetResult();
    }
}
