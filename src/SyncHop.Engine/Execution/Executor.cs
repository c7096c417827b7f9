using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Delta;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Execution.Writing;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Execution;

/// <summary>
/// Carries plans out, many items at once; only true dependencies are waited for: an entry for its directory (for the
/// request to make it, where nothing can go wrong by that), a removal for the contents, a directory's attributes for everything below it.
/// </summary>
internal sealed class Executor : IPlanRunner, IDisposable
{
    /// <summary>How long nothing may move before an interrupted run leaves its temporary files behind.</summary>
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(5);

    private readonly IReplica _destination;
    private readonly Resumption? _resumption;
    private readonly Report _report;
    private readonly Problems _problems;
    private readonly Statistics _statistics;
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _slots;
    private readonly BackupKeeper? _backups;
    private readonly WritingModes _writing;
    private readonly ItemRunner _items;
    private readonly Func<long> _progress;
    private readonly DeletionRunner _deletions;
    private readonly DirectoryMaker _directories;
    private readonly Dictionary<DirectoryNode, DirectoryProgress> _open = [];
    private readonly Dictionary<DirectoryNode, DirectoryProgress> _delayed = [];
    private readonly LateItems _late = new();
    private readonly DelayedLinks _delayedLinks;
    private readonly SourceRemover? _sources;
    private readonly ConcurrentDictionary<RelativePath, bool> _unnamed = new();
    private readonly int _itemsAtOnce;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WorkGroup _work = new();
    private Exception? _fatal;

    /// <param name="destination">The tree that is changed.</param>
    /// <param name="options">The run's options.</param>
    /// <param name="backups">Keeps what is replaced or removed; null when it is not kept.</param>
    /// <param name="copier">Copies contents.</param>
    /// <param name="delta">Sends and fetches less than whole contents.</param>
    /// <param name="temporaries">Where new files are written; null for beside the files they become.</param>
    /// <param name="partials">The absolute directory of partial files; null for none.</param>
    /// <param name="itemsAtOnce">How many items are worked on at once.</param>
    /// <param name="files">Bounds how many of these have files open.</param>
    /// <param name="report">Told of every item's outcome.</param>
    /// <param name="problems">Told of every failure.</param>
    /// <param name="statistics">Counts.</param>
    /// <param name="resumption">Remembers what a lost connection leaves half done; null when it ends the run for good.</param>
    /// <param name="progress">A number that changes as long as bytes move to or from other hosts.</param>
    /// <param name="cancellation">Ends the run; temporary files are removed.</param>
    public Executor(
        IReplica destination, SyncOptions options, BackupKeeper? backups, FileCopier copier, DeltaTransfer delta, IReplica? temporaries,
        IReplica? partials, int itemsAtOnce, OpenFiles files, Report report,
        Problems problems, Statistics statistics, Resumption? resumption,
        Func<long> progress, CancellationToken cancellation)
    {
        _progress = progress;
        _resumption = resumption;
        _backups = backups;
        _destination = destination;
        _report = report;
        _problems = problems;
        _statistics = statistics;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _itemsAtOnce = itemsAtOnce;
        _slots = new SemaphoreSlim(itemsAtOnce);
        _writing = new WritingModes(destination, options, backups, itemsAtOnce, temporaries, partials, resumption, _stop.Token);
        _deletions = new DeletionRunner(destination, backups, report, problems, statistics, _slots);
        _directories = new DirectoryMaker(destination, _deletions, report, problems, statistics, _stop.Token);
        _sources = options.RemoveSourceFiles ? new SourceRemover(options, destination, report, problems) : null;
        EntryMaker maker = new(destination, copier, delta, _writing, options, backups);
        _items = new ItemRunner(destination, maker, files, _deletions, _sources, report, problems, statistics, resumption, _stop.Token);
        _delayedLinks = new DelayedLinks(_items, report, itemsAtOnce);
    }

    /// <summary>Clears away what killed runs left in the directory of temporary files.</summary>
    public Task PrepareAsync() => _writing.Staging is { } staging ? staging.CleanAsync(_stop.Token) : Task.CompletedTask;

    /// <inheritdoc/>
    public async Task RunAsync(DirectoryPlan plan)
    {
        ThrowIfStopped();
        DirectoryNode node = plan.Node;
        DirectoryProgress? parent = node.Parent is null ? null : _open[node.Parent];
        DirectoryProgress progress = new(plan, parent);
        if (node.ChildCount > 0) _open.Add(node, progress);
        if (node.Parent is not null && node.Index == node.Parent.ChildCount - 1) _open.Remove(node.Parent);

        _backups?.Note(node.DestinationPath, plan.After);
        if (_backups?.MayBeMadeIn(node.DestinationPath) == true) progress.Touch();
        StartDeletions(progress);
        // What is still to be planned may go on with one of them.
        bool isWhole = plan.Rest is null;
        if (isWhole) StartRemovingLeftovers(progress);
        if (plan.HasHoldingDirectory) _writing.Holding.Note(node.DestinationPath);
        if (plan.DelaysDeletions)
        {
            progress.Begin();
            progress.Touch();
            _delayed.Add(node, progress);
        }
        foreach (Notice notice in plan.Notices) NoticeReporter.Add(notice, _report, _problems);
        StartUnlocking(progress);
        StartDirectory(progress);
        _late.Await(progress);
        await StartItemsAsync(plan.Items, progress).ConfigureAwait(false);
        while (plan.Continue())
        {
            StartDeletions(progress);
            foreach (Notice notice in plan.Notices) NoticeReporter.Add(notice, _report, _problems);
            StartUnlocking(progress);
            _late.Await(progress);
            await StartItemsAsync(plan.Items, progress).ConfigureAwait(false);
        }
        if (!isWhole) StartRemovingLeftovers(progress);
        End(progress);
    }

    private void StartDeletions(DirectoryProgress progress)
    {
        DirectoryPlan plan = progress.Plan;
        if (plan.Deletions.Count == 0) return;
        progress.Begin();
        progress.Touch();
        Start(progress, _deletions.RunAsync(plan.Deletions, progress.Ready, _stop.Token));
    }

    private void StartUnlocking(DirectoryProgress progress)
    {
        foreach (RelativePath path in progress.Plan.Unlocked)
        {
            progress.Begin();
            Start(progress, _deletions.UnlockAsync(path, progress.Ready, _stop.Token));
        }
    }

    private void StartRemovingLeftovers(DirectoryProgress progress)
    {
        DirectoryPlan plan = progress.Plan;
        if (plan.Leftovers.Count == 0) return;
        progress.Begin();
        progress.Touch();
        Start(progress, Leftovers.RemoveAsync(_destination, plan.Leftovers, progress.Ready, _stop.Token));
    }

    /// <inheritdoc/>
    public async Task RunLateAsync(IReadOnlyList<PlanItem> items)
    {
        if (_writing.Delayed is null)
        {
            await StartItemsAsync(items, null).ConfigureAwait(false);
            return;
        }
        await StartItemsAsync([.. items.Where(IsSent)], null).ConfigureAwait(false);
        // What they are linked to does not have its name yet. The directories' attributes are set after that anyway.
        foreach (PlanItem item in items.Where(item => !IsSent(item)))
        {
            DirectoryProgress progress = _late.Take(item.LateIn!);
            _delayedLinks.Add(item, progress);
            End(progress);
        }

        static bool IsSent(PlanItem item) => item.Action == PlanAction.Transfer;
    }

    private async Task StartItemsAsync(IReadOnlyList<PlanItem> items, DirectoryProgress? own)
    {
        foreach (PlanItem item in items)
        {
            DirectoryProgress progress = item.LateIn is { } node ? _late.Take(node) : own!;
            if (item.LateIn is null) progress.Begin();
            OrderedLines.Place place = _report.Reserve();
            OrderedLines.Place? removal = _items.TellsRemovals ? _report.Reserve() : null;
            await ((Task)_slots.WaitAsync(_stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ThrowIfStopped();
            _work.Begin();
            _ = Task.Run(() => RunItemAsync(item, place, removal, progress));
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(DirectoryNode node, IReadOnlyList<Deletion> deletions)
    {
        ThrowIfStopped();
        if (!_delayed.Remove(node, out DirectoryProgress? progress))
            return await _deletions.RunAsync(deletions, Task.FromResult(true), _stop.Token).ConfigureAwait(false);
        Start(progress, _deletions.RunAsync(deletions, progress.Ready, _stop.Token));
        return false;
    }

    /// <inheritdoc/>
    public async Task SettleAsync()
    {
        await _work.WhenIdleAsync().WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ThrowIfStopped();
        if (_writing.Delayed is not { } delayed) return;
        await delayed.RenameAsync(NoteUnnamed, _stop.Token).ConfigureAwait(false);
        if (await _delayedLinks.MakeAsync(_stop.Token).ConfigureAwait(false)) await delayed.RenameAsync(NoteUnnamed, _stop.Token).ConfigureAwait(false);
        if (_sources is not null) await _sources.RemoveWaitingAsync(path => !_unnamed.ContainsKey(path), _itemsAtOnce, _stop.Token).ConfigureAwait(false);
    }

    private void NoteUnnamed(RelativePath path, ReplicaException failure)
    {
        _unnamed[path] = true;
        NoteDelayedFailure(path, failure);
    }

    private void NoteDelayedFailure(RelativePath path, ReplicaException failure) => _problems.Failed("receiver", failure.Operation, _destination.FullPath(path), failure);

    /// <inheritdoc/>
    public async Task CompleteAsync()
    {
        // Once stopped, the work under way ends in its own time, or not at all where a side is gone: see AbandonAsync.
        await _finished.Task.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ThrowIfStopped();
        await SettleAsync().ConfigureAwait(false);
        _items.TellSecondTries();
        if (_writing.Directory is { } directory) await directory.FinishAsync(_stop.Token).ConfigureAwait(false);
        if (_writing.Delayed is { } delayed) await delayed.FinishAsync(NoteDelayedFailure, _stop.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task AbandonAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        // Everything under way notices the cancellation and removes its temporary file, behind what is on the wire already. A
        // side that is gone must not hold us up: the wait ends when nothing moves any more.
        Task idle = _work.WhenIdleAsync();
        long before, now = _progress();
        do
        {
            before = now;
            await idle.WaitAsync(CleanUpTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            now = _progress();
        }
        while (!idle.IsCompleted && now != before);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _slots.Dispose();
    }

    private void StartDirectory(DirectoryProgress progress)
    {
        DirectoryPlan plan = progress.Plan;
        PlanItem? self = plan.Self;
        if (self is { Action: PlanAction.MakeDirectory } && !plan.Node.WasCreated)
        {
            progress.Begin();
            Start(progress, _directories.MakeAsync(self, _report.Reserve(), progress));
            return;
        }
        if (self is not null)
        {
            _report.Add(_report.ItemLine(self));
            if (plan.Node.WasCreated && self.Flags.HasFlag(ItemFlags.New)) _statistics.Created.Add(FileType.Directory);
        }
        if (plan.Before is null)
        {
            progress.SetReady(!plan.Node.IsSkipped);
            return;
        }
        progress.Begin();
        Start(progress, _directories.OpenAsync(progress));
    }

    private async Task RunItemAsync(PlanItem item, OrderedLines.Place place, OrderedLines.Place? removal, DirectoryProgress progress)
    {
        try
        {
            if (await (_items.RunsAhead(item) ? progress.Asked : progress.Ready).ConfigureAwait(false))
                await _items.RunAsync(item, place, progress, removal).ConfigureAwait(false);
            else if (item.Action != PlanAction.LinkName)
                item.Group?.SetMade(false);
        }
        catch (Exception failure)
        {
            Stop(failure);
        }
        finally
        {
            _report.Settle(place, null);
            if (removal is not null) _report.Settle(removal, null);
            _work.End();
            _slots.Release();
            End(progress);
        }
    }

    /// <summary>Lets a piece of work run on; its failure ends the run.</summary>
    private void Start(DirectoryProgress progress, Task work)
    {
        _work.Begin();
        _ = WatchAsync();

        async Task WatchAsync()
        {
            try
            {
                await work.ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                Stop(failure);
            }
            finally
            {
                _work.End();
                End(progress);
            }
        }
    }

    private void End(DirectoryProgress? progress)
    {
        for (; progress is not null; progress = progress.Parent)
        {
            if (!progress.End()) return;
            AttributeChange change = progress.Plan.After;
            if (progress.IsTouched && change.Mtime is null) change = change with { Mtime = progress.Plan.AfterIfTouched.Mtime };
            bool holds = _writing.Delayed is null && _writing.Holding.IsIn(progress.Plan.Node.DestinationPath);
            if (!progress.Plan.Node.IsItem) change = default;
            if (change.IsEmpty && !holds && !progress.IsMisplaced) continue;
            _work.Begin();
            DirectoryProgress finishing = progress;
            _ = Task.Run(() => FinishAsync(finishing, change));
            return;
        }
        _finished.TrySetResult();
    }

    /// <summary>Everything below the directory is done: its own attributes come last.</summary>
    private async Task FinishAsync(DirectoryProgress progress, AttributeChange change)
    {
        DirectoryProgress? above = progress.Parent;
        try
        {
            if (_stop.IsCancellationRequested) return;
            if (!await progress.Ready.ConfigureAwait(false))
            {
                if (progress.IsMisplaced) await _directories.RemoveAsync(progress.Plan.Node.DestinationPath).ConfigureAwait(false);
                return;
            }
            RelativePath path = progress.Plan.Node.DestinationPath;
            if (_writing.Delayed is { } delayed)
            {
                delayed.Postpone(path, change);
                return;
            }
            if (_writing.Holding.IsIn(path)) await _writing.Holding.RemoveAsync(path, _stop.Token).ConfigureAwait(false);
            if (change.IsEmpty) return;
            Task<ReplicaException?> setting = _items.SetAttributesAsync(path, FileType.Directory, change);
            if (above is not null && !DirectoryMaker.ClosesToOwner(above))
            {
                // The directory above is not changed by this, and stays open: its attributes go out in the same burst.
                End(above);
                above = null;
            }
            if (await setting.ConfigureAwait(false) is { } failure) _problems.Failed("generator", failure.Operation, ErrorWords.Directory(_destination.FullPath(path), path.IsRoot), failure);
        }
        catch (Exception failure)
        {
            Stop(failure);
        }
        finally
        {
            if (above is not null || progress.Parent is null) End(above);
            _work.End();
        }
    }

    private void ThrowIfStopped()
    {
        if (_fatal is not null) ExceptionDispatchInfo.Throw(_fatal);
        _stop.Token.ThrowIfCancellationRequested();
    }

    private void Stop(Exception failure)
    {
        if (failure is ReplicaLostException) _resumption?.NoteLoss();
        if (failure is not OperationCanceledException) Interlocked.CompareExchange(ref _fatal, failure, null);
        _stop.Cancel();
    }
}
