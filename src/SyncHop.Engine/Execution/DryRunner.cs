using SyncHop.Engine.Comparing;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Execution;

/// <summary>Tells what would be done and does nothing (<c>--dry-run</c>).</summary>
internal sealed class DryRunner(Report report, Problems problems, Statistics statistics, CancellationToken stop) : IPlanRunner
{
    private readonly SourceSums _sums = new(report, new OpenFiles(static () => 1), stop);

    /// <inheritdoc/>
    public async Task RunAsync(DirectoryPlan plan)
    {
        PlanItem? self = plan.IsQuiet ? null : plan.Self;
        do
        {
            Tell(plan.Deletions);
            foreach (Notice notice in plan.Notices) NoticeReporter.Add(notice, report, problems);
            if (self is not null) Tell(self);
            foreach (PlanItem item in plan.Items) Tell(await _sums.AddAsync(item).ConfigureAwait(false));
            self = null;
        }
        while (plan.Continue());
    }

    /// <inheritdoc/>
    public async Task RunLateAsync(IReadOnlyList<PlanItem> items)
    {
        foreach (PlanItem item in items) Tell(await _sums.AddAsync(item).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(DirectoryNode node, IReadOnlyList<Deletion> deletions)
    {
        Tell(deletions);
        return Task.FromResult(false);
    }

    /// <inheritdoc/>
    public Task SettleAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task CompleteAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task AbandonAsync() => Task.CompletedTask;

    private void Tell(IReadOnlyList<Deletion> deletions)
    {
        foreach (Deletion deletion in deletions)
        {
            bool goes = !deletion.IsKept && !deletion.IsSkipped;
            report.Add(goes ? report.DeletionLine(deletion) : report.KeptLine(deletion));
            if (goes) statistics.Deleted.Add(deletion.Type);
        }
    }

    private void Tell(PlanItem item)
    {
        report.Add(report.ItemLine(item, item.Flags.HasFlag(ItemFlags.Transfer) ? new TransferResult(0, item.Sum ?? report.NotSent) : default));
        if (item.Flags.HasFlag(ItemFlags.New)) statistics.Created.Add(item.Source.Type);
        if (item.Flags.HasFlag(ItemFlags.Transfer))
        {
            statistics.CountTransfer(item.Source.Size);
            report.Meter?.CountSent(item.Source.Size);
            report.Meter?.Finish(item.ListIndex);
        }
        if (item.Obstacle is { } obstacle)
        {
            foreach (Deletion deletion in obstacle.Contents) statistics.Deleted.Add(deletion.Type);
        }
    }
}
