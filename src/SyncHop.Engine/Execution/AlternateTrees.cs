using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Reporting;

namespace SyncHop.Engine.Execution;

/// <summary>The trees beside the destination that options name: <c>--backup-dir</c>, <c>--temp-dir</c>, an absolute <c>--partial-dir</c> and those of earlier copies.</summary>
internal sealed class AlternateTrees : IDisposable
{
    private readonly List<IReplica> _basis = [];

    private AlternateTrees()
    {
    }

    /// <summary>Where backups go; null when they stay beside the files.</summary>
    public IReplica? Backups { get; private set; }

    /// <summary>Where new files are written; null when that is beside the files they become.</summary>
    public IReplica? Temporaries { get; private set; }

    /// <summary>The absolute directory of partial files; null for none.</summary>
    public IReplica? Partials { get; private set; }

    /// <summary>Earlier copies, in the order given.</summary>
    public IReadOnlyList<IReplica> Basis => _basis;

    /// <summary>Opens them; a directory of earlier copies that is none is told, and where asked for the one of backups.</summary>
    /// <exception cref="SyncException">There is no such directory for temporary files, or there is something else in the place of the one of backups.</exception>
    public static async Task<AlternateTrees> OpenAsync(
        SyncOptions options, ResolvedDestination? destination, Report report, Problems problems, CancellationToken cancellation)
    {
        AlternateTrees trees = new();
        if (destination is null) return trees;
        try
        {
            // In rsync's order, for what is told and for what ends the run.
            await trees.OpenBasisAsync(options, destination, problems, cancellation).ConfigureAwait(false);
            if (options is { Backup: true, BackupDirectory: { } backups }) await trees.OpenBackupsAsync(backups, destination, report, cancellation).ConfigureAwait(false);
            trees.Temporaries = await OpenTemporariesAsync(options, destination, cancellation).ConfigureAwait(false);
            if (options is { Partial: true, PartialDir: [(byte)'/', ..] absolute }) trees.Partials = Open(destination, absolute);
        }
        catch
        {
            trees.Dispose();
            throw;
        }
        return trees;
    }

    private async Task OpenBasisAsync(SyncOptions options, ResolvedDestination destination, Problems problems, CancellationToken cancellation)
    {
        foreach (byte[] directory in options.BasisDirectories)
        {
            IReplica tree = Open(destination, directory);
            string option = options.BasisUse switch { BasisUse.Compare => "--compare-dest", BasisUse.Copy => "--copy-dest", _ => "--link-dest" };
            FileStat? stat;
            try
            {
                stat = await tree.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
            }
            catch (ReplicaException failure)
            {
                // As in rsync, the run goes on without it.
                problems.Notice($"{option} arg cannot be used ({failure.Reason}): ", tree.FullPath(RelativePath.Root));
                tree.Dispose();
                continue;
            }
            _basis.Add(tree);
            if (stat is null) problems.Notice($"{option} arg does not exist: ", tree.FullPath(RelativePath.Root));
            else if (!stat.Value.IsDirectory) problems.Notice($"{option} arg is not a dir: ", tree.FullPath(RelativePath.Root));
        }
    }

    private async Task OpenBackupsAsync(byte[] typed, ResolvedDestination destination, Report report, CancellationToken cancellation)
    {
        Backups = Open(destination, typed);
        try
        {
            // In a dry run nothing is looked up from a destination that is not there.
            FileStat? stat = destination.RootStat is null ? null : await Backups.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
            if (stat is { IsDirectory: false }) throw new SyncException(ExitCode.Usage, $"The backup-dir is not a directory: {Encoding.UTF8.GetString(typed)}");
            report.BackupDirectory(typed, isNew: stat is null);
        }
        catch (ReplicaException failure)
        {
            throw new SyncException(ExitCode.FileIo, $"Failed to stat {Encoding.UTF8.GetString(typed)}: {failure.Reason}");
        }
    }

    private static async Task<IReplica?> OpenTemporariesAsync(SyncOptions options, ResolvedDestination destination, CancellationToken cancellation)
    {
        if (options.TempDir is not { } typed) return null;
        IReplica? tree = typed.Length == 0 ? null : Open(destination, typed);
        string reason;
        try
        {
            FileStat? stat = tree is null ? null : await tree.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
            if (stat is { IsDirectory: true }) return tree;
            reason = stat is null ? "does not exist" : "is not a directory";
        }
        catch (ReplicaException failure)
        {
            reason = "cannot be used: " + failure.Reason;
        }
        tree?.Dispose();
        throw new SyncException(ExitCode.Usage, $"The temp-dir {reason}: {Encoding.UTF8.GetString(typed)}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Backups?.Dispose();
        Temporaries?.Dispose();
        Partials?.Dispose();
        foreach (IReplica tree in Basis) tree.Dispose();
    }

    /// <summary>A tree that is named relative to the destination.</summary>
    private static IReplica Open(ResolvedDestination destination, byte[] typed)
    {
        IReplica there = destination.Replica;
        if (typed is [(byte)'/', ..]) return there.Host.Open(typed);
        ReadOnlySpan<byte> path = there.FullPath(RelativePath.Root);
        ReadOnlySpan<byte> rest = typed;
        // In a dry run the destination may not be there to go up from.
        while (destination.RootStat is null && rest.StartsWith("../"u8) && path.LastIndexOf((byte)'/') is > 0 and int slash)
        {
            path = path[..slash];
            rest = rest[3..].TrimStart((byte)'/');
        }
        return there.Host.Open([.. path, (byte)'/', .. rest]);
    }
}
