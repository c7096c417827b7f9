using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;

namespace SyncHop.Engine.Execution;

/// <summary><c>--hard-links</c> with <c>--delay-updates</c>: the links that are made when the files they lead to have their names.</summary>
/// <param name="items">Makes them.</param>
/// <param name="report">Where their lines go.</param>
/// <param name="itemsAtOnce">How many are made at once.</param>
internal sealed class DelayedLinks(ItemRunner items, Report report, int itemsAtOnce)
{
    private readonly List<Link> _links = [];

    /// <summary>Lets a link wait; its line keeps its place.</summary>
    /// <param name="item">The link.</param>
    /// <param name="progress">Its directory, which need not wait: its attributes are set after the links anyway.</param>
    public void Add(PlanItem item, DirectoryProgress progress)
    {
        _links.Add(new Link(item, progress, report.Reserve(), items.TellsRemovals ? report.Reserve() : null));
        progress.Touch();
    }

    /// <summary>Makes all of them.</summary>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Whether there were any: what cannot be linked has been sent, and waits for its name in turn.</returns>
    public async Task<bool> MakeAsync(CancellationToken cancellation)
    {
        if (_links.Count == 0) return false;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = itemsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(_links, parallel, async (link, _) =>
        {
            if (await link.Progress.Ready.ConfigureAwait(false))
                await items.RunAsync(link.Item, link.Place, link.Progress, link.Removal).ConfigureAwait(false);
            report.Settle(link.Place, null);
            if (link.Removal is not null) report.Settle(link.Removal, null);
        }).ConfigureAwait(false);
        _links.Clear();
        return true;
    }

    private readonly record struct Link(PlanItem Item, DirectoryProgress Progress, OrderedLines.Place Place, OrderedLines.Place? Removal);
}
