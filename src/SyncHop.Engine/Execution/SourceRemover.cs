using System.Collections.Concurrent;
using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Execution;

/// <summary>Removes source files that are on the destination now (<c>--remove-source-files</c>), unless they changed meanwhile.</summary>
internal sealed class SourceRemover(SyncOptions options, IReplica destination, Report report, Problems problems)
{
    private readonly ConcurrentQueue<PlanItem> _waiting = new();
    private readonly SharedPlaces _places = new(destination);

    /// <summary>Whether each removal gets a line.</summary>
    public bool TellsRemovals => options.Info(InfoFlag.Remove) > 0;

    /// <summary>Removes the source of an item that was carried out, now or when the item has its name.</summary>
    /// <param name="item">The item.</param>
    /// <param name="place">Where its line goes; null when it gets none.</param>
    /// <param name="progress">Its directory.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task RemoveAsync(PlanItem item, OrderedLines.Place? place, DirectoryProgress progress, CancellationToken cancellation)
    {
        if (options.DelayUpdates && item.Action is PlanAction.Transfer or PlanAction.LinkName)
            _waiting.Enqueue(item);
        else if (await TryRemoveAsync(item, progress, cancellation).ConfigureAwait(false) && place is not null)
            report.Settle(place, Line(item));
    }

    /// <summary>Removes the sources of what <c>--delay-updates</c> has given its name.</summary>
    /// <param name="isThere">Whether what goes to a path is there.</param>
    /// <param name="itemsAtOnce">How many are removed at once.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task RemoveWaitingAsync(Predicate<RelativePath> isThere, int itemsAtOnce, CancellationToken cancellation)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = itemsAtOnce, CancellationToken = cancellation };
        Comparer<RelativePath> order = Comparer<RelativePath>.Create((x, y) => FileListOrder.ComparePaths(x.Bytes, y.Bytes));
        (PlanItem Item, OrderedLines.Place? Place)[] files = [.. _waiting.Where(item => isThere(item.DestinationPath)).OrderBy(item => item.Path, order)
            .Select(item => (item, TellsRemovals ? report.Reserve() : null))];
        await Parallel.ForEachAsync(files, parallel, async (file, _) =>
        {
            bool removed = await TryRemoveAsync(file.Item, null, cancellation).ConfigureAwait(false);
            if (file.Place is not null) report.Settle(file.Place, removed ? Line(file.Item) : null);
        }).ConfigureAwait(false);
        _waiting.Clear();
    }

    private byte[] Line(PlanItem item) => report.NewLine().Text("sender removed ").Bytes(item.Path.Bytes).ToLine();

    private async Task<bool> TryRemoveAsync(PlanItem item, DirectoryProgress? progress, CancellationToken cancellation)
    {
        // As rsync, which removes no symlink or special file that it made a hard link of.
        if (item.Action == PlanAction.LinkEarlier && !item.Source.IsRegular) return false;
        IReplica source = item.Origin.Replica;
        try
        {
            bool follows = options.FollowsLinks && !item.Source.IsSymlink;
            if (await source.StatAsync(item.Origin.Path, follows, cancellation).ConfigureAwait(false) is not FileStat now)
            {
                // What a symlink led to may have been removed under its own name; the symlink stays then.
                if (follows) report.Add(report.NewLine().Text("sender file already removed: ").Bytes(item.Path.Bytes).ToLine());
                return false;
            }
            if (await IsOnDestinationAsync(now, item, progress, cancellation).ConfigureAwait(false))
            {
                problems.Failed("ERROR: Skipping sender remove of destination file: ", item.Path.Bytes);
                return false;
            }
            if (now.Type != item.Source.Type
                || (now.IsRegular && (now.Size != item.Source.Size || !AttributeComparison.SameTime(options, now, item.Source))))
            {
                problems.Failed("ERROR: Skipping sender remove of changed file: ", item.Path.Bytes);
                return false;
            }
            await source.RemoveFileAsync(item.Origin.Path, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (ReplicaException failure) when (failure.Error == ReplicaError.NotFound)
        {
            // Somebody else took it: it is gone, as asked.
            return false;
        }
        catch (ReplicaException failure)
        {
            problems.NotRemoved(item.Path, source.FullPath(item.Origin.Path), failure);
            return false;
        }
    }

    /// <summary>Whether source and destination are one file, as when both arguments name the same directory.</summary>
    private async Task<bool> IsOnDestinationAsync(FileStat source, PlanItem item, DirectoryProgress? progress, CancellationToken cancellation)
    {
        if (!destination.Host.Traits.IsLocal || !item.Origin.Replica.Host.Traits.IsLocal)
            return await _places.AreOneAsync(item.Origin, item.DestinationPath, progress, cancellation).ConfigureAwait(false);
        FileStat? there = await destination.StatAsync(item.DestinationPath, followLink: false, cancellation).ConfigureAwait(false);
        return there is FileStat stat && stat.Device == source.Device && stat.Inode == source.Inode;
    }
}
