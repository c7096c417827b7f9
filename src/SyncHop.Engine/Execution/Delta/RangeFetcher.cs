using System.Buffers;
using System.IO.Hashing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Hashing;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>
/// Puts a file together from ranges of a local basis and reads from afar, of which many are on the way at any time, and hashes it in
/// one pass.
/// </summary>
internal sealed class RangeFetcher(BufferBudget budget)
{
    private const int PieceLength = 1 << 18;

    /// <summary>Bytes on the way, at most: what fills a channel's window (2 MiB) several times over.</summary>
    private const int BytesInFlight = 8 << 20;

    /// <summary>Reads on the way, at most: what scattered small edits need to fill a long link.</summary>
    private const int ReadsInFlight = 1024;

    /// <summary>Makes the file.</summary>
    /// <param name="ranges">All of it, in order.</param>
    /// <param name="source">Where ranges that are not local are read.</param>
    /// <param name="basis">Where local ones are.</param>
    /// <param name="target">The new file.</param>
    /// <param name="inPlace">Whether the new file is the basis: what is in its place already is not written.</param>
    /// <param name="sample">Told of what comes from the basis.</param>
    /// <param name="sum">Takes the content's checksum; null where it is not wanted.</param>
    /// <param name="cancellation">Ends the fetching.</param>
    /// <returns>XXH128 of what the file is made of.</returns>
    /// <exception cref="ReplicaException">A read or write failed.</exception>
    public async Task<byte[]> FetchAsync(
        IReadOnlyList<FetchedRange> ranges, ISourceFile source, ISourceFile basis, ITargetFile target, bool inPlace,
        CopiedSample sample, ContentSum? sum, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Queue<(FetchedRange Range, byte[]? Buffer, Task<int>? Read)> pieces = new();
        await budget.TakeAsync(BytesInFlight).ConfigureAwait(false);
        byte[] local = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            XxHash128 hash = new();
            int reads = 0;
            long bytes = 0;
            using IEnumerator<FetchedRange> rest = Pieces(ranges).GetEnumerator();
            bool more = rest.MoveNext();
            while (more || pieces.Count > 0)
            {
                while (more && reads < ReadsInFlight && bytes < BytesInFlight - PieceLength && pieces.Count < 2 * ReadsInFlight)
                {
                    FetchedRange next = rest.Current;
                    if (next.IsLocal)
                    {
                        pieces.Enqueue((next, null, null));
                    }
                    else
                    {
                        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)next.Length);
                        reads++;
                        bytes += next.Length;
                        pieces.Enqueue((next, buffer, source.ReadAsync(next.Offset, buffer.AsMemory(0, (int)next.Length), stop.Token).AsTask()));
                    }
                    more = rest.MoveNext();
                }
                (FetchedRange range, byte[]? fetched, Task<int>? read) = pieces.Peek();
                int length = (int)range.Length;
                int got = read is not null ? await read.ConfigureAwait(false)
                    : await ReadsAsync(basis, range.BasisOffset, local.AsMemory(0, length), cancellation).ConfigureAwait(false) ? length
                    : await source.ReadAsync(range.Offset, local.AsMemory(0, length), cancellation).ConfigureAwait(false);
                if (got < length) throw new ReplicaException(ReplicaError.Other, "read", "the file became shorter while it was read");
                ReadOnlyMemory<byte> data = (fetched ?? local).AsMemory(0, length);
                hash.Append(data.Span);
                sum?.Append(data.Span);
                if (range.IsLocal) sample.Add(range.Offset, data.Span);
                if (!inPlace || range.BasisOffset != range.Offset) await target.WriteAsync(range.Offset, data, cancellation).ConfigureAwait(false);
                pieces.Dequeue();
                if (fetched is null) continue;
                ArrayPool<byte>.Shared.Return(fetched);
                reads--;
                bytes -= length;
            }
            return hash.GetCurrentHash();
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            // The buffers are lent until the reads have ended.
            while (pieces.TryDequeue(out (FetchedRange Range, byte[]? Buffer, Task<int>? Read) left))
            {
                if (left.Buffer is null) continue;
                await ((Task)left.Read!).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ArrayPool<byte>.Shared.Return(left.Buffer);
            }
            ArrayPool<byte>.Shared.Return(local);
            budget.Return(BytesInFlight);
        }
    }

    /// <summary>Whether the basis still has a range; one that has become shorter, or cannot be read there, is no reason to fail.</summary>
    private static async Task<bool> ReadsAsync(ISourceFile basis, long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await basis.ReadAsync(offset, buffer, cancellation).ConfigureAwait(false) == buffer.Length;
        }
        catch (ReplicaException)
        {
            return false;
        }
    }

    private static IEnumerable<FetchedRange> Pieces(IReadOnlyList<FetchedRange> ranges)
    {
        foreach (FetchedRange range in ranges)
        {
            for (long done = 0; done < range.Length; done += PieceLength)
            {
                yield return new FetchedRange(
                    range.Offset + done, Math.Min(PieceLength, range.Length - done), range.IsLocal ? range.BasisOffset + done : -1);
            }
        }
    }
}
