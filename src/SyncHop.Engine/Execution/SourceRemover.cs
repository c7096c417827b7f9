using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;

namespace SyncHop.Engine.Execution;

/// <summary>Removes source files that are on the destination now (<c>--remove-source-files</c>), unless they changed meanwhile.</summary>
internal sealed class SourceRemover(SyncOptions options, IReplica destination, Report report, Problems problems)
{
    /// <summary>Whether each removal gets a line.</summary>
    public bool TellsRemovals => options.Info(InfoFlag.Remove) > 0;

    /// <summary>Removes the source of an item that was carried out.</summary>
    /// <param name="item">The item.</param>
    /// <param name="place">Where its line goes; null when it gets none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task RemoveAsync(PlanItem item, OrderedLines.Place? place, CancellationToken cancellation)
    {
        // As rsync, which removes no symlink or special file that it made a hard link of.
        if (item.Action == PlanAction.LinkEarlier && !item.Source.IsRegular) return;
        IReplica source = item.Origin.Replica;
        try
        {
            bool follows = options.FollowsLinks && !item.Source.IsSymlink;
            if (await source.StatAsync(item.Origin.Path, follows, cancellation).ConfigureAwait(false) is not FileStat now)
            {
                // What a symlink led to may have been removed under its own name; the symlink stays then.
                if (follows) report.Add(report.NewLine().Text("sender file already removed: ").Bytes(item.Path.Bytes).ToLine());
                return;
            }
            if (await IsOnDestinationAsync(now, item, cancellation).ConfigureAwait(false))
            {
                problems.Failed("ERROR: Skipping sender remove of destination file: ", item.Path.Bytes);
                return;
            }
            if (item.Source.IsRegular && (!now.IsRegular || now.Size != item.Source.Size || !AttributeComparison.SameTime(options, now, item.Source)))
            {
                problems.Failed("ERROR: Skipping sender remove of changed file: ", item.Path.Bytes);
                return;
            }
            await source.RemoveFileAsync(item.Origin.Path, cancellation).ConfigureAwait(false);
            if (place is not null) report.Settle(place, report.NewLine().Text("sender removed ").Bytes(item.Path.Bytes).ToLine());
        }
        catch (ReplicaException failure) when (failure.Error == ReplicaError.NotFound)
        {
            // Somebody else took it: it is gone, as asked.
        }
        catch (ReplicaException failure)
        {
            problems.NotRemoved(item.Path, source.FullPath(item.Origin.Path), failure);
        }
    }

    /// <summary>Whether source and destination are one file, as when both arguments name the same directory.</summary>
    private async Task<bool> IsOnDestinationAsync(FileStat source, PlanItem item, CancellationToken cancellation)
    {
        if (source.Inode == 0 || !destination.Host.Traits.IsLocal) return false;
        FileStat? there = await destination.StatAsync(item.DestinationPath, followLink: false, cancellation).ConfigureAwait(false);
        return there is FileStat stat && stat.Device == source.Device && stat.Inode == source.Inode;
    }
}
