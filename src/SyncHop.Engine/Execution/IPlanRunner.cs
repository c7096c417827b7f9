using SyncHop.Engine.Planning;

namespace SyncHop.Engine.Execution;

/// <summary>What is done with plans: carried out, or, in a dry run, only told.</summary>
internal interface IPlanRunner
{
    /// <summary>Takes the next directory's plan, in rsync's order; returns when there is room for another.</summary>
    Task RunAsync(DirectoryPlan plan);

    /// <summary>Waits until everything is done.</summary>
    Task CompleteAsync();

    /// <summary>Ends an interrupted run: waits until everything under way has cleaned up.</summary>
    Task AbandonAsync();
}
