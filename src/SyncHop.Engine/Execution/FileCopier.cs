using System.Buffers;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Hashing;

namespace SyncHop.Engine.Execution;

/// <summary>Copies one file's content from replica to replica, with as many blocks in flight as the link needs.</summary>
/// <param name="source">The source's host.</param>
/// <param name="destination">The destination's host.</param>
/// <param name="budget">Bounds the memory of blocks in flight.</param>
/// <param name="limit">How fast content may be copied where no link is limited instead; null for no limit.</param>
internal sealed class FileCopier(IReplicaHost source, IReplicaHost destination, BufferBudget budget, RateLimit? limit)
{
    /// <summary>For each connection to the source, enough blocks to keep a channel's window (2 MiB) full several times over on a long link.</summary>
    private const int BlocksInFlight = 32;

    private readonly int _block = Math.Min(Math.Min(source.Traits.BlockLength, destination.Traits.BlockLength), limit?.Step ?? int.MaxValue);
    private readonly bool _local = source.Traits.IsLocal && destination.Traits.IsLocal;

    /// <summary>Copies all of the file as it was when opened, but for a beginning that is there.</summary>
    /// <param name="from">The source.</param>
    /// <param name="to">The new file.</param>
    /// <param name="start">The length of the beginning that is there, in bytes; read all the same where a checksum is wanted.</param>
    /// <param name="expected">The size the file list has, in bytes.</param>
    /// <param name="hash">Given the content in order, where its checksum is wanted: then block follows block. null otherwise.</param>
    /// <param name="cancellation">Ends the copying.</param>
    /// <returns>The file's length in bytes.</returns>
    /// <exception cref="ReplicaException">A read or write failed, or the file became shorter while it was read.</exception>
    public async Task<long> CopyAsync(ISourceFile from, ITargetFile to, long start, long expected, ContentSum? hash, CancellationToken cancellation)
    {
        Task<FileStat> opened = StatAsync(from, cancellation);
        // A local file's size is known at once; a remote one's comes with the first blocks, which are asked for meanwhile.
        long asked = opened.IsCompletedSuccessfully ? (await opened.ConfigureAwait(false)).Size : expected;
        try
        {
            await CopyRangeAsync(from, to, start, hash is null ? start : 0, asked, opened, hash, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await ((Task)opened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        long size = (await opened.ConfigureAwait(false)).Size;
        if (size < start) throw Diminished();
        if (size > asked) await CopyRangeAsync(from, to, start, asked, size, opened, hash, cancellation).ConfigureAwait(false);
        return size;
    }

    private static async Task<FileStat> StatAsync(ISourceFile from, CancellationToken cancellation) =>
        await from.StatAsync(cancellation).ConfigureAwait(false);

    private async Task CopyRangeAsync(
        ISourceFile from, ITargetFile to, long writeFrom, long start, long end, Task<FileStat> opened, ContentSum? hash, CancellationToken cancellation)
    {
        if (_local || hash is not null || end - start <= _block)
        {
            for (long offset = start; offset < end; offset += _block)
                await CopyBlockAsync(from, to, writeFrom, offset, (int)Math.Min(_block, end - offset), opened, hash, cancellation).ConfigureAwait(false);
            return;
        }
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Queue<Task> inFlight = new();
        try
        {
            for (long offset = start; offset < end; offset += _block)
            {
                if (inFlight.Count >= BlocksInFlight && inFlight.Count >= BlocksInFlight * source.Traits.Connections) await inFlight.Dequeue().ConfigureAwait(false);
                inFlight.Enqueue(CopyBlockAsync(from, to, writeFrom, offset, (int)Math.Min(_block, end - offset), opened, null, stop.Token));
            }
            while (inFlight.Count > 0) await inFlight.Dequeue().ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Task task in inFlight) await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task CopyBlockAsync(
        ISourceFile from, ITargetFile to, long writeFrom, long offset, int length, Task<FileStat> opened, ContentSum? hash, CancellationToken cancellation)
    {
        int taken = length;
        await budget.TakeAsync(taken).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int read = await from.ReadAsync(offset, buffer.AsMemory(0, length), cancellation).ConfigureAwait(false);
            // What was asked for by the file list may be more than there was when the file was opened.
            length = (int)Math.Clamp((await opened.ConfigureAwait(false)).Size - offset, 0, length);
            if (read < length) throw Diminished();
            if (limit is not null) await limit.TakeAsync(length, cancellation).ConfigureAwait(false);
            hash?.Append(buffer.AsSpan(0, length));
            int there = (int)Math.Clamp(writeFrom - offset, 0, length);
            if (there < length) await to.WriteAsync(offset + there, buffer.AsMemory(there, length - there), cancellation).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            budget.Return(taken);
        }
    }

    private static ReplicaException Diminished() => new(ReplicaError.Other, "read", "the file became shorter while it was read");
}
