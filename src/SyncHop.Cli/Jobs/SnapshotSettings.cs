using SyncHop.Engine;
using SyncHop.Jobs.Snapshots;

namespace SyncHop.Cli.Jobs;

/// <summary>That each run of a job makes a new directory in its destination.</summary>
/// <param name="Keep">Which are kept; null for all.</param>
/// <param name="AcceptsErrors">Whether a snapshot is complete although something could not be copied (exit code 23).</param>
internal sealed record SnapshotSettings(KeepRule? Keep, bool AcceptsErrors)
{
    /// <summary>Whether a run that ended so completes a snapshot.</summary>
    public bool Completes(ExitCode code) => code is ExitCode.Ok or ExitCode.Vanished || (AcceptsErrors && code == ExitCode.Partial);

    /// <summary>The options with what a snapshot wants.</summary>
    /// <exception cref="CommandException">They have what a snapshot cannot be made with.</exception>
    public static SyncOptions Apply(SyncOptions options)
    {
        if (!options.Recursive) throw CommandException.Usage("snapshots need --recursive, as in -a");
        if (options.BasisDirectories.Count > 0 && options.BasisUse != BasisUse.Link) throw CommandException.Usage("snapshots go with --link-dest alone");
        if (options.Inplace) throw CommandException.Usage("snapshots do not go with --inplace and --append: the files of older ones would be changed");
        if (options.Backup) throw CommandException.Usage("snapshots do not go with --backup");
        return options with { Delete = true, BasisUse = BasisUse.Link, MakePath = true, SparesOtherNames = true };
    }
}
