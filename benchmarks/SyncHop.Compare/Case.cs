namespace SyncHop.Compare;

/// <summary>What a program is asked to do.</summary>
internal enum Job
{
    /// <summary>Connect to the target through the gateway, and end.</summary>
    Connect,

    /// <summary>Say what would be done for a tree that is the same on both sides.</summary>
    DryRun,

    /// <summary>Bring a tree up to date that is the same on both sides.</summary>
    NothingToDo,

    /// <summary>Copy a tree to the target, where nothing is.</summary>
    Push,

    /// <summary>Copy a tree from the target to where nothing is.</summary>
    Pull,

    /// <summary>Bring a changed file up to date on the target.</summary>
    PushChanged,
}

/// <summary>One row of the comparison, at each link.</summary>
/// <param name="Name">Its name on the command line and in the files.</param>
/// <param name="Title">Its title in the report.</param>
/// <param name="Job">What is done.</param>
/// <param name="Data">With which tree; null for none.</param>
internal sealed record Case(string Name, string Title, Job Job, DataSet? Data)
{
    private const long Mebibyte = 1 << 20;

    /// <summary>The cases of a full run, or small ones of the same kind that prove in a minute that everything works.</summary>
    public static IReadOnlyList<Case> All(bool quick)
    {
        DataSet small = DataSet.Small(quick ? 50 : 10_000);
        DataSet tiny = DataSet.Tiny(quick ? 1_000 : 100_000);
        DataSet large = DataSet.Large(quick ? 16 * Mebibyte : 1024 * Mebibyte);
        DataSet mixed = DataSet.Mixed(quick ? 40 : 1_000);
        return
        [
            new("connect", "start and connect", Job.Connect, null),
            new("nothing", $"nothing to do, {small.Name}", Job.NothingToDo, small),
            new("dry-run", $"dry run, {tiny.Name}", Job.DryRun, tiny),
            new("small-push", $"push {small.Name}", Job.Push, small),
            new("small-pull", $"pull {small.Name}", Job.Pull, small),
            new("large-push", $"push {large.Name}", Job.Push, large),
            new("large-pull", $"pull {large.Name}", Job.Pull, large),
            new("changed-push", $"push {large.Name}, 1 % of it changed", Job.PushChanged, large),
            new("mixed-push", $"push a {mixed.Name}", Job.Push, mixed),
            new("mixed-pull", $"pull a {mixed.Name}", Job.Pull, mixed),
        ];
    }
}
