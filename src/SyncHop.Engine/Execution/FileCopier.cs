using System.Buffers;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Hashing;

namespace SyncHop.Engine.Execution;

/// <summary>Copies one file's content from replica to replica, with as many blocks in flight as the link needs.</summary>
internal sealed class FileCopier(ReplicaTraits source, ReplicaTraits destination, BufferBudget budget)
{
    /// <summary>Enough blocks to keep a channel's window (2 MiB) full several times over on a long link.</summary>
    private const int BlocksInFlight = 32;

    private readonly int _block = Math.Min(source.BlockLength, destination.BlockLength);
    private readonly bool _local = source.IsLocal && destination.IsLocal;

    /// <summary>Copies all of the file as it was when opened.</summary>
    /// <param name="from">The source.</param>
    /// <param name="to">The new file.</param>
    /// <param name="expected">The size the file list has, in bytes.</param>
    /// <param name="hash">Given the content in order, where its checksum is wanted: then block follows block. null otherwise.</param>
    /// <param name="cancellation">Ends the copying.</param>
    /// <returns>The bytes copied.</returns>
    /// <exception cref="ReplicaException">A read or write failed, or the file became shorter while it was read.</exception>
    public async Task<long> CopyAsync(ISourceFile from, ITargetFile to, long expected, ContentSum? hash, CancellationToken cancellation)
    {
        Task<FileStat> opened = StatAsync(from, cancellation);
        // A local file's size is known at once; a remote one's comes with the first blocks, which are asked for meanwhile.
        long asked = opened.IsCompletedSuccessfully ? (await opened.ConfigureAwait(false)).Size : expected;
        try
        {
            await CopyRangeAsync(from, to, 0, asked, opened, hash, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await ((Task)opened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        long size = (await opened.ConfigureAwait(false)).Size;
        if (size > asked) await CopyRangeAsync(from, to, asked, size, opened, hash, cancellation).ConfigureAwait(false);
        return size;
    }

    private static async Task<FileStat> StatAsync(ISourceFile from, CancellationToken cancellation) =>
        await from.StatAsync(cancellation).ConfigureAwait(false);

    private async Task CopyRangeAsync(
        ISourceFile from, ITargetFile to, long start, long end, Task<FileStat> opened, ContentSum? hash, CancellationToken cancellation)
    {
        if (_local || hash is not null || end - start <= _block)
        {
            for (long offset = start; offset < end; offset += _block)
                await CopyBlockAsync(from, to, offset, (int)Math.Min(_block, end - offset), opened, hash, cancellation).ConfigureAwait(false);
            return;
        }
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Queue<Task> inFlight = new();
        try
        {
            for (long offset = start; offset < end; offset += _block)
            {
                if (inFlight.Count >= BlocksInFlight) await inFlight.Dequeue().ConfigureAwait(false);
                inFlight.Enqueue(CopyBlockAsync(from, to, offset, (int)Math.Min(_block, end - offset), opened, null, stop.Token));
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
        ISourceFile from, ITargetFile to, long offset, int length, Task<FileStat> opened, ContentSum? hash, CancellationToken cancellation)
    {
        int taken = length;
        await budget.TakeAsync(taken).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int read = await from.ReadAsync(offset, buffer.AsMemory(0, length), cancellation).ConfigureAwait(false);
            // What was asked for by the file list may be more than there was when the file was opened.
            length = (int)Math.Clamp((await opened.ConfigureAwait(false)).Size - offset, 0, length);
            if (read < length) throw new ReplicaException(ReplicaError.Other, "read", "the file became shorter while it was read");
            hash?.Append(buffer.AsSpan(0, length));
            if (length > 0) await to.WriteAsync(offset, buffer.AsMemory(0, length), cancellation).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            budget.Return(taken);
        }
    }
}
