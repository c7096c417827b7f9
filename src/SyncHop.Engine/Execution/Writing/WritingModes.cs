using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;

namespace SyncHop.Engine.Execution.Writing;

/// <summary>The ways in which files are written in a run.</summary>
internal sealed class WritingModes
{
    /// <param name="destination">The tree they are in.</param>
    /// <param name="options">The options.</param>
    /// <param name="backups">Keeps what is replaced; null when it is not kept.</param>
    /// <param name="itemsAtOnce">How many items are worked on at once.</param>
    /// <param name="temporaries">The directory of <c>--temp-dir</c>; null for none.</param>
    /// <param name="partials">The absolute directory of partial files; null for none.</param>
    /// <param name="resumption">Remembers files that a lost connection leaves incomplete; null for nobody.</param>
    /// <param name="run">Cancelled when the run is ended.</param>
    public WritingModes(IReplica destination, SyncOptions options, BackupKeeper? backups, int itemsAtOnce, IReplica? temporaries, IReplica? partials, Resumption? resumption,
        CancellationToken run)
    {
        Holding = new HoldingDirectories(destination, options);
        Delayed = options.DelayUpdates ? new DelayedUpdates(destination, Holding, backups, itemsAtOnce) : null;
        Staging = temporaries is null ? null : new StagingDirectory(temporaries, destination, options);
        Directory = partials is null ? null : new PartialDirectory(partials, destination, options);
        Opener = new TargetOpener(destination, options, backups, Holding, Directory, Delayed, Staging, resumption, run);
        Partials = new PartialFiles(destination, Directory, options, resumption);
    }

    /// <summary>Directories for partial and delayed files.</summary>
    public HoldingDirectories Holding { get; }

    /// <summary>What waits for the end of the run; null without <c>--delay-updates</c>.</summary>
    public DelayedUpdates? Delayed { get; }

    /// <summary>Where new files are written; null for beside the files they become.</summary>
    public StagingDirectory? Staging { get; }

    /// <summary>An absolute directory for partial files; null for none.</summary>
    public PartialDirectory? Directory { get; }

    /// <summary>Opens files for writing.</summary>
    public TargetOpener Opener { get; }

    /// <summary>What ended runs left.</summary>
    public PartialFiles Partials { get; }
}
