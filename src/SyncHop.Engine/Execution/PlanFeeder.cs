using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Execution;

/// <summary>Plans one directory after the other and has the plans run, with the removals when <c>--delete-WHEN</c> wants them.</summary>
/// <param name="options">The run's options.</param>
/// <param name="planner">Makes the plans.</param>
/// <param name="runner">Carries them out, or only tells them.</param>
/// <param name="report">Where lines go.</param>
/// <param name="problems">Knows whether the source was read completely.</param>
/// <param name="lookAgain">Looks at a directory of the destination again, with the rules it has by then (<see cref="SyncOptions.DeletesByFinalRules"/>).</param>
/// <param name="tell">Told of each directory that was looked at again.</param>
internal sealed class PlanFeeder(
    SyncOptions options, DirectoryPlanner planner, IPlanRunner runner, Report report, Problems problems, Func<DirectoryNode, Task> lookAgain, Action<DirectoryNode> tell)
{
    private readonly List<(DirectoryNode Node, List<Deletion> Deletions)> _delayed = [];
    private bool _saidSkipping, _ended, _anyWhole;
    private long _entriesAhead;

    private const int DirectoriesAhead = 32;

    /// <summary>Runs everything.</summary>
    /// <param name="scanner">The directories.</param>
    /// <param name="loaded">Told of each directory when it is there.</param>
    public async Task RunAsync(TreeScanner scanner, Action<DirectoryNode> loaded)
    {
        if (options is { Delete: true, DeleteTime: DeleteTime.Before })
        {
            await DeleteFirstAsync(scanner, loaded).ConfigureAwait(false);
        }
        else
        {
            Queue<DirectoryNode> ahead = new();
            while (await FillAsync(ahead, scanner, loaded).ConfigureAwait(false))
            {
                DirectoryNode node = ahead.Dequeue();
                _entriesAhead -= node.Source.Count;
                // --delete-after waits for the end to see whether everything could be read.
                bool deletes = options.DeleteTime == DeleteTime.After || MayDelete(node.IsWhole);
                _anyWhole |= node.IsWhole;
                await RunAsync(node, deletes).ConfigureAwait(false);
            }
        }
        List<PlanItem> links = planner.TakeLinks();
        if (links.Count > 0) await runner.RunLateAsync(links).ConfigureAwait(false);
        // That nothing is deleted because of errors is said also where nothing would have been, as in rsync.
        if (_delayed.Count > 0 || (options.DeleteTime == DeleteTime.After && _anyWhole && problems.ScanFailed))
            await DeleteLastAsync().ConfigureAwait(false);
        if (planner.Deletions.Skipped > 0) problems.DeleteLimit(planner.Deletions.Skipped);
        await runner.CompleteAsync().ConfigureAwait(false);
        report.EndProgress();
    }

    /// <summary>
    /// Takes the next directory from the scanner, or, where progress is shown or hard links are kept, more of them: rsync knows that many
    /// entries ahead, so that the counts it shows are final in all but large trees, and with a list that is not incremental all of them.
    /// </summary>
    private async Task<bool> FillAsync(Queue<DirectoryNode> ahead, TreeScanner scanner, Action<DirectoryNode> loaded)
    {
        long most = (options.HardLinks || report.CountsList) && !options.ListsIncrementally ? long.MaxValue
            : options.HardLinks || report.LooksAhead ? DirectoryPlanner.EntriesAhead : 0;
        while (!_ended && (ahead.Count == 0 || _entriesAhead < most))
        {
            DirectoryNode? node = await scanner.NextAsync().ConfigureAwait(false);
            _ended = node is null;
            if (node is null)
            {
                report.EndOfList();
                break;
            }
            loaded(node);
            planner.Announce(node);
            _entriesAhead += node.Source.Count;
            ahead.Enqueue(node);
        }
        return ahead.Count > 0;
    }

    private async Task RunAsync(DirectoryNode node, bool deletes)
    {
        DirectoryPlan plan = planner.Plan(node, deletes);
        if (report.Progress is { } progress)
        {
            progress.CountPlanned(node, plan);
            plan.Continued = () => progress.CountToSend(plan);
        }
        if (plan.Rest is null) Release(plan);
        bool isTold = node is { IsNamed: true, IsWhole: true } && options is { Delete: true, DeleteTime: DeleteTime.After };
        if (plan.DelaysDeletions || isTold) _delayed.Add((node, plan.Delayed));
        await runner.RunAsync(plan).ConfigureAwait(false);
        Release(plan);
    }

    private static void Release(DirectoryPlan plan)
    {
        FileList source = plan.Node.Source;
        plan.Node.Release();
        // What the source has is to be known when it is asked what it does not have.
        if (plan.DeletesByFinalRules) plan.Node.Source = source;
    }

    private async Task DeleteFirstAsync(TreeScanner scanner, Action<DirectoryNode> loaded)
    {
        List<DirectoryNode> nodes = [];
        while (await scanner.NextAsync().ConfigureAwait(false) is { } node)
        {
            loaded(node);
            planner.Announce(node);
            nodes.Add(node);
        }
        report.EndOfList();
        bool deletes = MayDelete(nodes.Exists(node => node.IsWhole));
        foreach (DirectoryNode node in deletes ? nodes : [])
        {
            TellDeletionsIn(node);
            List<Deletion> deletions = planner.Deletions.Limit(DirectoryPlanner.ExtraneousIn(node));
            if (deletions.Count == 0) continue;
            bool touched = await runner.DeleteAsync(node, deletions).ConfigureAwait(false);
            // The directory's time is looked at after the removals.
            if (touched && node.DestinationStat is FileStat there)
                node.DestinationStat = there with { MtimeSeconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds() };
        }
        foreach (DirectoryNode node in nodes) await RunAsync(node, deletes: false).ConfigureAwait(false);
    }

    private async Task DeleteLastAsync()
    {
        await runner.SettleAsync().ConfigureAwait(false);
        bool deletes = options.DeleteTime != DeleteTime.After || MayDelete(wanted: true);
        Dictionary<DirectoryNode, Task> looks = [];
        int next = 0;
        for (int i = 0; i < _delayed.Count; i++)
        {
            (DirectoryNode node, List<Deletion> deletions) = _delayed[i];
            if (deletes && options.DeletesByFinalRules)
            {
                for (; next < _delayed.Count && next < i + DirectoriesAhead; next++) looks.Add(_delayed[next].Node, LookAgainAsync(_delayed[next].Node, looks));
                await looks[node].ConfigureAwait(false);
                tell(node);
                deletions = DirectoryPlanner.ExtraneousIn(node);
            }
            if (deletes && options.DeleteTime == DeleteTime.After) TellDeletionsIn(node);
            await runner.DeleteAsync(node, deletes ? planner.Deletions.Limit(deletions) : []).ConfigureAwait(false);
            node.Release();
        }
    }

    /// <summary>The rules of a directory are added to those of the one above, which comes before it.</summary>
    private async Task LookAgainAsync(DirectoryNode node, Dictionary<DirectoryNode, Task> looks)
    {
        if (!node.ExistsOnDestination || node.IsSkipped) return;
        if (node.Parent is { } parent && looks.TryGetValue(parent, out Task? above)) await above.ConfigureAwait(false);
        await lookAgain(node).ConfigureAwait(false);
    }

    /// <summary>Where all removals come at once, rsync says of each directory that was named that it is their turn (<c>--debug=del</c>).</summary>
    private void TellDeletionsIn(DirectoryNode node)
    {
        if (node is { IsNamed: true, IsWhole: true }) report.DeletingIn(node.Path);
    }

    /// <summary>Whether the source was read well enough to remove what it does not have; when not, that is said once.</summary>
    private bool MayDelete(bool wanted)
    {
        bool deletes = options.IgnoreErrors || !problems.ScanFailed;
        if (!deletes && options.Delete && wanted && !_saidSkipping)
        {
            _saidSkipping = true;
            report.Warning("IO error encountered -- skipping file deletion");
        }
        return deletes;
    }
}
