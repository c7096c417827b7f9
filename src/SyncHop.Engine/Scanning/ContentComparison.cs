using System.Buffers;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution;
using SyncHop.Engine.Hashing;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Compares two files of one size (<c>--checksum</c>). A host that hashes files itself is asked for hashes of what the other side has;
/// otherwise both sides are read and compared byte by byte.
/// </summary>
/// <param name="budget">Bounds the buffers of all comparisons together.</param>
internal sealed class ContentComparison(BufferBudget budget) : IDisposable
{
    /// <summary>How many pairs of files are open at once, in all directories together.</summary>
    public const int FilesAtOnce = 16;

    private const int BlocksInFlight = 16;

    /// <summary>Least bytes of a block that a host hashes.</summary>
    private const int HashedLength = 1 << 18;

    private readonly SemaphoreSlim _files = new(FilesAtOnce);

    /// <summary>Whether both files have the same <paramref name="size"/> bytes. Stops at the first difference.</summary>
    public async Task<bool> AreEqualAsync(Origin source, Origin destination, long size, CancellationToken cancellation)
    {
        await _files.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await CompareAsync(source, destination, size, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _files.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();

    private async Task<bool> CompareAsync(Origin source, Origin destination, long size, CancellationToken cancellation)
    {
        await using ISourceFile a = await source.Replica.OpenReadAsync(source.Path, cancellation).ConfigureAwait(false);
        await using ISourceFile b = await destination.Replica.OpenReadAsync(destination.Path, cancellation).ConfigureAwait(false);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        (ISourceFile read, HostHashes? hashes) = await AskAsync(destination, b, size, stop.Token).ConfigureAwait(false) is { } there
            ? (a, there)
            : (b, await AskAsync(source, a, size, stop.Token).ConfigureAwait(false));
        int block = hashes?.PartLength ?? Math.Min(source.Replica.Host.Traits.BlockLength, destination.Replica.Host.Traits.BlockLength);
        Queue<Task<bool>> inFlight = new();
        bool equal = true;
        try
        {
            for (long offset = 0; offset < size && equal; offset += block)
            {
                int length = (int)Math.Min(block, size - offset);
                inFlight.Enqueue(hashes is null
                    ? BlocksEqualAsync(a, b, offset, length, stop.Token)
                    : IsHashedAsync(read, hashes, offset, length, stop.Token));
                if (inFlight.Count >= BlocksInFlight) equal = await inFlight.Dequeue().ConfigureAwait(false);
            }
            while (equal && inFlight.Count > 0) equal = await inFlight.Dequeue().ConfigureAwait(false);
            return equal;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Task<bool> task in inFlight)
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<HostHashes?> AskAsync(Origin file, ISourceFile open, long size, CancellationToken cancellation) =>
        await file.Replica.Host.HashesFilesAsync(cancellation).ConfigureAwait(false)
            ? await HostHashes.AskAsync(open, size, HashedLength, cancellation).ConfigureAwait(false)
            : null;

    private async Task<bool> IsHashedAsync(ISourceFile read, HostHashes hashes, long offset, int length, CancellationToken cancellation)
    {
        await budget.TakeAsync(length).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            int count = await ReadAsync(read, offset, buffer.AsMemory(0, length), cancellation).ConfigureAwait(false);
            return count == length && Array.TrueForAll(
                await hashes.CompareAsync(offset, buffer.AsMemory(0, length)).ConfigureAwait(false), static isEqual => isEqual);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            budget.Return(length);
        }
    }

    private async Task<bool> BlocksEqualAsync(ISourceFile a, ISourceFile b, long offset, int length, CancellationToken cancellation)
    {
        await budget.TakeAsync(2 * length).ConfigureAwait(false);
        byte[] buffers = ArrayPool<byte>.Shared.Rent(2 * length);
        try
        {
            Task<int> first = ReadAsync(a, offset, buffers.AsMemory(0, length), cancellation);
            Task<int> second = ReadAsync(b, offset, buffers.AsMemory(length, length), cancellation);
            // Both are waited for even when one fails: a read may still fill its buffer.
            await Task.WhenAll(first, second).ConfigureAwait(false);
            int fromA = await first.ConfigureAwait(false), fromB = await second.ConfigureAwait(false);
            return fromA == fromB && buffers.AsSpan(0, fromA).SequenceEqual(buffers.AsSpan(length, fromB));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffers);
            budget.Return(2 * length);
        }
    }

    private static async Task<int> ReadAsync(ISourceFile file, long offset, Memory<byte> buffer, CancellationToken cancellation) =>
        await file.ReadAsync(offset, buffer, cancellation).ConfigureAwait(false);
}
