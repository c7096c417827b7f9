using SyncHop.Engine.Planning;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Execution;

/// <summary>What is done with plans: carried out, or, in a dry run, only told.</summary>
internal interface IPlanRunner
{
    /// <summary>Takes the next directory's plan, in rsync's order; returns when there is room for another.</summary>
    Task RunAsync(DirectoryPlan plan);

    /// <summary>Takes items that come after all plans, each of a directory whose plan announced it.</summary>
    Task RunLateAsync(IReadOnlyList<PlanItem> items);

    /// <summary>
    /// Removes entries of a directory before its plan is run, or, after <see cref="SettleAsync"/>, where the plan delayed it:
    /// then it is called once for each such plan.
    /// </summary>
    /// <param name="node">The directory.</param>
    /// <param name="deletions">What is to be removed; may be empty.</param>
    /// <returns>Whether the directory's own time is another now.</returns>
    Task<bool> DeleteAsync(DirectoryNode node, IReadOnlyList<Deletion> deletions);

    /// <summary>Waits until all plans given so far are carried out, but for the removals that they delay.</summary>
    Task SettleAsync();

    /// <summary>Waits until everything is done.</summary>
    Task CompleteAsync();

    /// <summary>Ends an interrupted run: waits until everything under way has cleaned up.</summary>
    Task AbandonAsync();
}
