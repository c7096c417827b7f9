using System.Collections.Concurrent;
using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Execution;

/// <summary>Carries out one item of a plan: sends a file, makes another entry, or sets attributes, and tells how it went.</summary>
internal sealed class ItemRunner(
    IReplica destination, EntryMaker maker, OpenFiles files, DeletionRunner deletions, SourceRemover? sources, Report report, Problems problems,
    Statistics statistics, Resumption? resumption, CancellationToken stop)
{
    private readonly ConcurrentQueue<PlanItem> _secondTries = new();
    private readonly SourceSums _sums = new(report, files, stop);

    /// <summary>Whether the removal of a source file gets a line.</summary>
    public bool TellsRemovals => sources is { TellsRemovals: true };

    /// <summary>Whether the item can be begun when its directory has been asked for, but may still turn out to be impossible to make.</summary>
    /// <remarks>Only over one connection: what goes over another may come to the host before the directory.</remarks>
    public bool RunsAhead(PlanItem item) =>
        item.Action == PlanAction.Transfer && destination.Host.Traits.Connections == 1 && maker.OpensAhead(item);

    /// <summary>Carries the item out.</summary>
    /// <param name="item">The item.</param>
    /// <param name="place">Where its line goes.</param>
    /// <param name="progress">Its directory.</param>
    /// <param name="removal">Where the line about the removal of its source goes; null when there is none.</param>
    public async Task RunAsync(PlanItem item, OrderedLines.Place place, DirectoryProgress progress, OrderedLines.Place? removal)
    {
        bool done = false;
        try
        {
            done = await ActAsync(item, place, progress).ConfigureAwait(false);
        }
        finally
        {
            if (item.Action != PlanAction.LinkName) item.Group?.SetMade(done);
        }
        report.Settle(place, null);
        if (done && sources is not null) await sources.RemoveAsync(item, removal, progress, stop).ConfigureAwait(false);
    }

    /// <summary>Tells, at the end as rsync does, of what was sent a second time.</summary>
    public void TellSecondTries()
    {
        Comparer<RelativePath> order = Comparer<RelativePath>.Create((x, y) => FileListOrder.ComparePaths(x.Bytes, y.Bytes));
        foreach (PlanItem item in _secondTries.OrderBy(item => item.Path, order))
            report.Add(report.ItemLine(item with { Flags = (item.Flags & ~ItemFlags.Size) | ItemFlags.Time })); // what the first try left has a time of its own
    }

    private async Task<bool> ActAsync(PlanItem item, OrderedLines.Place place, DirectoryProgress progress)
    {
        if (item.Action != PlanAction.Transfer) item = await _sums.AddAsync(item).ConfigureAwait(false);
        switch (item.Action)
        {
            case PlanAction.Show:
                report.Settle(place, report.ItemLine(item));
                return true;
            case PlanAction.SetAttributes:
                report.Settle(place, report.ItemLine(item));
                ReportAttribute(item, await SetAttributesAsync(item.DestinationPath, item.Source.Type, item.Change).ConfigureAwait(false));
                return true;
            case PlanAction.Transfer:
                return await TransferAsync(item, place, progress).ConfigureAwait(false);
            case PlanAction.LinkName:
                return await LinkNameAsync(item, place, progress).ConfigureAwait(false);
            case PlanAction.CopyEarlier:
                return await CopyEarlierAsync(item, place, progress).ConfigureAwait(false);
            case PlanAction.Withdraw:
                return await WithdrawAsync(item, place, progress).ConfigureAwait(false);
            default:
                return await MakeAsync(item, place, progress).ConfigureAwait(false);
        }
    }

    private async Task<bool> TransferAsync(PlanItem item, OrderedLines.Place place, DirectoryProgress progress)
    {
        using OpenFiles.Permit permit = await files.TakeAsync(stop).ConfigureAwait(false);
        ISourceFile source;
        try
        {
            source = await item.Origin.Replica.OpenReadAsync(item.Origin.Path, stop).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            byte[] path = item.Origin.Replica.FullPath(item.Origin.Path);
            if (failure.Error == ReplicaError.NotFound) problems.Vanished(path);
            else problems.Failed("sender", "send_files failed to open", path, failure);
            return false;
        }
        if (resumption is not null) source = new LossNotingSource(source, resumption);
        source = report.Watch(source, item, place);
        await using (source.ConfigureAwait(false))
        {
            Task<ITargetFile>? opening = null;
            if (!progress.Ready.IsCompleted)
            {
                opening = maker.OpenAsync(item, isSource: true, stop);
                await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!await progress.Ready.ConfigureAwait(false))
                {
                    if (opening.IsCompletedSuccessfully) await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
                    return false;
                }
                // A host that does not keep the order came to it before the directory was there.
                if (opening.Exception?.InnerException is ReplicaException { Error: ReplicaError.NotFound }) opening = null;
            }
            else if (!await progress.Ready.ConfigureAwait(false))
            {
                return false;
            }
            // A remote source stays open a little longer.
            Action? closed = item.Origin.Replica.Host.Traits.IsLocal ? permit.Dispose : null;
            statistics.CountTransfer(item.Source.Size);
            if (item.Flags.HasFlag(ItemFlags.New)) statistics.Created.Add(FileType.Regular);
            if (!report.NeedsTransferResult) report.Settle(place, report.ItemLine(item));
            try
            {
                await MakeWayAsync(item).ConfigureAwait(false);
                progress.Touch();
                (TransferResult result, ReplicaException? attribute) = await maker
                    .TransferAsync(item, source, opening, report.NewChecksum(), closed, stop).ConfigureAwait(false);
                resumption?.NoteFinished(item);
                report.Progress?.CountTransferred();
                statistics.CountLiteral(result.Bytes);
                if (result.IsSecondTry)
                {
                    if (report.TellsSecondTries) problems.Unverified(item.Path.Bytes);
                    statistics.CountTransfer(item.Source.Size);
                    _secondTries.Enqueue(item with { Sum = result.Checksum });
                }
                (source as WatchedSource)?.Finish();
                report.Settle(place, report.ItemLine(item, result));
                ReportAttribute(item, attribute);
                return true;
            }
            catch (ReplicaException failure)
            {
                // A disk that is full for one file is full for all: rsync ends there (exit code 11), so that not everything is sent in vain.
                if (failure.Operation == "write")
                    throw new SyncException(ExitCode.FileIo, "synchop: [receiver] write failed on", destination.FullPath(item.DestinationPath), failure.Reason);
                if (failure.Operation == "read") problems.Failed("sender", "read", item.Origin.Replica.FullPath(item.Origin.Path), failure);
                else problems.Failed("receiver", failure.Operation, destination.FullPath(item.DestinationPath), failure);
                return false;
            }
            catch (Exception ended) when (ended is ReplicaLostException or OperationCanceledException)
            {
                // It is not there; the attempt that finishes it counts it, if there is one.
                statistics.CountTransfer(item.Source.Size, -1);
                if (item.Flags.HasFlag(ItemFlags.New)) statistics.Created.Add(FileType.Regular, -1);
                throw;
            }
        }
    }

    private async Task<bool> MakeAsync(PlanItem item, OrderedLines.Place place, DirectoryProgress progress)
    {
        try
        {
            await MakeWayAsync(item).ConfigureAwait(false);
            progress.Touch();
            ReplicaException? attribute = await maker.MakeAsync(item, stop).ConfigureAwait(false);
            if (item.Flags.HasFlag(ItemFlags.New)) statistics.Created.Add(item.Source.Type);
            resumption?.NoteMade(item);
            report.Settle(place, report.ItemLine(item));
            ReportAttribute(item, attribute);
            return true;
        }
        catch (ReplicaException failure) when (item.Action == PlanAction.LinkEarlier)
        {
            // As in rsync, what cannot be linked is copied.
            if (failure.Error == ReplicaError.NotSupported) problems.WarnOnce("--link-dest: the server has no hard links; files are copied instead");
            return await CopyEarlierAsync(item, place, progress).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            problems.Failed("generator", failure.Operation, destination.FullPath(item.DestinationPath), failure);
            return false;
        }
    }

    /// <summary>Copies an earlier copy's content on its own host where that can be, and from the source otherwise: it is the same.</summary>
    private async Task<bool> CopyEarlierAsync(PlanItem item, OrderedLines.Place place, DirectoryProgress progress)
    {
        Origin earlier = destination.Host.Traits is { IsLocal: true } or { CanCopyRanges: true } ? item.Earlier!.Value : item.Origin;
        try
        {
            await MakeWayAsync(item).ConfigureAwait(false);
            progress.Touch();
            using OpenFiles.Permit permit = await files.TakeAsync(stop).ConfigureAwait(false);
            ISourceFile content = await earlier.Replica.OpenReadAsync(earlier.Path, stop).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                ReplicaException? attribute = await maker.CopyAsync(item, content, earlier == item.Earlier, stop).ConfigureAwait(false);
                report.Settle(place, report.ItemLine(item));
                ReportAttribute(item, attribute);
            }
            return true;
        }
        catch (ReplicaException failure)
        {
            problems.Failed("generator", failure.Operation, destination.FullPath(item.DestinationPath), failure);
            return false;
        }
    }

    private async Task<bool> LinkNameAsync(PlanItem item, OrderedLines.Place place, DirectoryProgress progress)
    {
        if (await item.Group!.Made.ConfigureAwait(false))
        {
            try
            {
                await MakeWayAsync(item).ConfigureAwait(false);
                progress.Touch();
                await maker.MakeAsync(item, stop).ConfigureAwait(false);
                if (item.Flags.HasFlag(ItemFlags.New)) statistics.Created.Add(item.Source.Type);
                resumption?.NoteMade(item);
                report.Settle(place, report.ItemLine(item));
                return true;
            }
            catch (ReplicaException failure)
            {
                problems.Failed("generator", failure.Error == ReplicaError.NotSupported ? "hard link, which the server does not support, of" : "link",
                    destination.FullPath(item.DestinationPath), failure);
            }
        }
        // Better a file of its own than none.
        FileType type = item.Source.Type;
        PlanItem alone = item with
        {
            Action = type == FileType.Regular ? PlanAction.Transfer : type == FileType.Symlink ? PlanAction.MakeSymlink : PlanAction.MakeSpecial,
            Flags = (item.Flags & ~(ItemFlags.HardLink | ItemFlags.Relinked)) | (type == FileType.Regular ? ItemFlags.Transfer : ItemFlags.LocalChange),
            Obstacle = null,
            Group = null,
        };
        return await ActAsync(alone, place, progress).ConfigureAwait(false);
    }

    private async Task<bool> WithdrawAsync(PlanItem item, OrderedLines.Place place, DirectoryProgress progress)
    {
        report.Settle(place, report.ItemLine(item));
        try
        {
            await MakeWayAsync(item).ConfigureAwait(false);
            progress.Touch();
            // As in rsync, of the file itself there is no backup: the earlier copy is one.
            if (item.Replaces) await deletions.RemoveAsync(new Deletion(item.DestinationPath, FileType.Unknown), stop).ConfigureAwait(false);
            else if (item.Obstacle is null) await destination.RemoveFileAsync(item.DestinationPath, stop).ConfigureAwait(false);
            return true;
        }
        catch (ReplicaException failure)
        {
            problems.Failed("generator", failure.Operation, destination.FullPath(item.DestinationPath), failure);
            return false;
        }
    }

    /// <summary>Removes a directory that stands where the item goes; the plan has reported what was in it.</summary>
    private async Task MakeWayAsync(PlanItem item)
    {
        if (item.Obstacle is not { } obstacle) return;
        foreach (Deletion deletion in obstacle.Contents)
        {
            await deletions.RemoveAsync(deletion, stop).ConfigureAwait(false);
            statistics.Deleted.Add(deletion.Type);
        }
        await destination.RemoveDirectoryAsync(item.DestinationPath, stop).ConfigureAwait(false);
    }

    /// <summary>Sets attributes of what is there; that it cannot even be reached is no more than a failure to do so.</summary>
    public async Task<ReplicaException?> SetAttributesAsync(RelativePath path, FileType type, AttributeChange change)
    {
        try
        {
            return await destination.SetAttributesAsync(path, type, change, stop).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            return failure;
        }
    }

    private void ReportAttribute(PlanItem item, ReplicaException? failure)
    {
        if (failure is not null) problems.Failed("receiver", failure.Operation, destination.FullPath(item.DestinationPath), failure);
    }
}
