using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Planning;

namespace SyncHop.Engine.Execution.Writing;

/// <summary>
/// What an ended run left of a file, and how much of it can be relied on. A beginning is continued only where it is proven
/// to be the source's: by comparing it with a source that is at hand, or by the mark that the run left which wrote it from a
/// source of the same size and time, with samples compared. Whatever else is there is written over.
/// </summary>
internal sealed class PartialFiles(IReplica destination, PartialDirectory? directory, SyncOptions options, Resumption? resumption)
{
    private const int SampleLength = 32 * 1024;
    private const int BlockLength = 256 * 1024;
    private const uint MarkMask = (1 << 26) - 1; // until 1972: never a modern time, which could be skipped by --update

    /// <summary>The time a kept beginning gets.</summary>
    public static Timestamp MarkOf(in FileStat source)
    {
        Span<byte> identity = stackalloc byte[20];
        BinaryPrimitives.WriteInt64LittleEndian(identity, source.Size);
        BinaryPrimitives.WriteInt64LittleEndian(identity[8..], source.MtimeSeconds);
        BinaryPrimitives.WriteInt32LittleEndian(identity[16..], source.MtimeNanoseconds);
        return new Timestamp(1 + ((uint)XxHash3.HashToUInt64(identity) & MarkMask), 0);
    }

    /// <summary>Looks for what is left of a file.</summary>
    /// <returns>Where it is and how many bytes of it can be relied on; null when there is nothing of use.</returns>
    public async Task<(IReplica Tree, RelativePath Path, long Length)?> FindAsync(PlanItem item, ISourceFile source, CancellationToken cancellation)
    {
        (IReplica Tree, RelativePath Path, long Length)? found = await FindBegunAsync(item, source, cancellation).ConfigureAwait(false)
            ?? await FindProvenAsync(item, destination, item.HeldAt, source, cancellation).ConfigureAwait(false)
            ?? await FindInDirectoryAsync(item, source, cancellation).ConfigureAwait(false);
        if (found is not null)
        {
            if (item.Leftover is { } unused && unused != found.Value.Path) await RemoveQuietlyAsync(destination, unused, cancellation).ConfigureAwait(false);
            return found;
        }
        if (!options.Partial || options.WholeFile == true) return null;
        if (await FindProvenAsync(item, destination, item.Leftover, source, cancellation).ConfigureAwait(false) is { } leftover) return leftover;
        if (options.PartialDir is null && item.Existing is { } existing && existing.MtimeSeconds <= 1 + MarkMask
            && await ProveAsync(item, source, destination, item.DestinationPath, existing, cancellation).ConfigureAwait(false) is > 0 and long inPlace)
        {
            return (destination, item.DestinationPath, inPlace);
        }
        return null;
    }

    /// <summary>What an earlier attempt of this run wrote.</summary>
    private async Task<(IReplica Tree, RelativePath Path, long Length)?> FindBegunAsync(PlanItem item, ISourceFile source, CancellationToken cancellation)
    {
        if (resumption?.TakeBeginning(item) is not { } begun) return null;
        if (await HoldsAsync(source, begun.Path, begun.Length, cancellation).ConfigureAwait(false)) return (destination, begun.Path, begun.Length);
        if (begun.Path != item.DestinationPath) await RemoveQuietlyAsync(destination, begun.Path, cancellation).ConfigureAwait(false);
        return null;
    }

    /// <summary>What an earlier run left in the directory of partial files.</summary>
    private async Task<(IReplica Tree, RelativePath Path, long Length)?> FindInDirectoryAsync(PlanItem item, ISourceFile source, CancellationToken cancellation) =>
        directory?.PlaceOf(item) is { } place ? await FindProvenAsync(item, directory.Tree, place, source, cancellation).ConfigureAwait(false) : null;

    /// <summary>What an earlier run left at a path that is no file of the tree; removed when it is of no use.</summary>
    private async Task<(IReplica Tree, RelativePath Path, long Length)?> FindProvenAsync(
        PlanItem item, IReplica tree, RelativePath? at, ISourceFile source, CancellationToken cancellation)
    {
        if (at is not { } path || await StatAsync(tree, path, cancellation).ConfigureAwait(false) is not { IsRegular: true } stat) return null;
        if (await ProveAsync(item, source, tree, path, stat, cancellation).ConfigureAwait(false) is > 0 and long length) return (tree, path, length);
        await RemoveQuietlyAsync(tree, path, cancellation).ConfigureAwait(false);
        return null;
    }

    /// <summary>How much of the beginning of two files is equal, in whole blocks, up to <paramref name="length"/> bytes.</summary>
    public static async Task<long> EqualLengthAsync(ISourceFile source, ISourceFile there, long length, CancellationToken cancellation)
    {
        const int inFlight = 16;
        Queue<(long End, Task<bool> IsEqual)> comparisons = new();
        long equal = 0;
        bool differs = false;
        try
        {
            for (long offset = 0; (offset < length || comparisons.Count > 0) && !differs;)
            {
                if (offset < length && comparisons.Count < inFlight)
                {
                    int block = (int)Math.Min(BlockLength, length - offset);
                    comparisons.Enqueue((offset + block, IsEqualAsync(source, there, offset, block, cancellation)));
                    offset += block;
                    continue;
                }
                (long end, Task<bool> comparison) = comparisons.Dequeue();
                differs = !await comparison.ConfigureAwait(false);
                if (!differs) equal = end;
            }
        }
        finally
        {
            foreach ((_, Task<bool> comparison) in comparisons)
                await ((Task)comparison).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return equal;
    }

    private async Task<long> ProveAsync(PlanItem item, ISourceFile source, IReplica tree, RelativePath path, FileStat stat, CancellationToken cancellation)
    {
        long size = stat.Size;
        if (size == 0 || size > item.Source.Size) return 0;
        bool trustsTimes = !options.Checksum && !options.IgnoreTimes;
        // A file that waits to be renamed has the source's time already: that is what the quick check goes by everywhere.
        bool isComplete = size == item.Source.Size && stat.MtimeSeconds == item.Source.MtimeSeconds;
        bool isMarked = isComplete || stat.MtimeSeconds == MarkOf(item.Source).Seconds;
        bool sourceIsAtHand = item.Origin.Replica.Host.Traits.IsLocal;
        if (!sourceIsAtHand && !(isMarked && trustsTimes)) return 0;
        try
        {
            ISourceFile there = await tree.OpenReadAsync(path, cancellation).ConfigureAwait(false);
            await using (there.ConfigureAwait(false))
            {
                if (isMarked && trustsTimes && await SamplesAreEqualAsync(source, there, size, cancellation).ConfigureAwait(false)) return size;
                return sourceIsAtHand ? await EqualLengthAsync(source, there, size, cancellation).ConfigureAwait(false) : 0;
            }
        }
        catch (ReplicaException)
        {
            // Then it is of no use; a source that cannot be read is reported by the transfer.
            return 0;
        }
    }

    /// <summary>Whether what an earlier attempt saw written is still there, as samples show: the host may have been started anew since.</summary>
    private async Task<bool> HoldsAsync(ISourceFile source, RelativePath path, long length, CancellationToken cancellation)
    {
        if (length == 0) return false;
        try
        {
            if (await StatAsync(destination, path, cancellation).ConfigureAwait(false) is not { IsRegular: true } stat || stat.Size < length) return false;
            ISourceFile there = await destination.OpenReadAsync(path, cancellation).ConfigureAwait(false);
            await using (there.ConfigureAwait(false)) return await SamplesAreEqualAsync(source, there, length, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            return false;
        }
    }

    private static async Task<bool> SamplesAreEqualAsync(ISourceFile source, ISourceFile there, long size, CancellationToken cancellation)
    {
        int length = (int)Math.Min(SampleLength, size);
        bool[] equal = await Task.WhenAll(
            IsEqualAsync(source, there, 0, length, cancellation),
            IsEqualAsync(source, there, (size - length) / 2, length, cancellation),
            IsEqualAsync(source, there, size - length, length, cancellation)).ConfigureAwait(false);
        return equal.All(one => one);
    }

    private static async Task<bool> IsEqualAsync(ISourceFile source, ISourceFile there, long offset, int length, CancellationToken cancellation)
    {
        byte[] x = ArrayPool<byte>.Shared.Rent(length), y = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Task<int> reading = there.ReadAsync(offset, y.AsMemory(0, length), cancellation).AsTask();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            int read = await source.ReadAsync(offset, x.AsMemory(0, length), cancellation).ConfigureAwait(false);
            return await reading.ConfigureAwait(false) == length && read == length && x.AsSpan(0, length).SequenceEqual(y.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(x);
            ArrayPool<byte>.Shared.Return(y);
        }
    }

    private static async Task<FileStat?> StatAsync(IReplica tree, RelativePath path, CancellationToken cancellation)
    {
        try
        {
            return await tree.StatAsync(path, followLink: false, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            return null;
        }
    }

    private static async Task RemoveQuietlyAsync(IReplica tree, RelativePath path, CancellationToken cancellation)
    {
        try
        {
            await tree.RemoveFileAsync(path, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            // It was no part of the tree.
        }
    }
}
