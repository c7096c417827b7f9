using SyncHop.Engine.Contract;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Execution;

/// <summary>Where the top of the transfer goes.</summary>
/// <param name="Replica">The destination's tree.</param>
/// <param name="RootStat">Its root; null when there is none yet.</param>
/// <param name="IsNew">Whether the root was made for this run (or would be, in a dry run).</param>
/// <param name="RenamedTo">The name a lone entry gets.</param>
internal sealed record ResolvedDestination(IReplica Replica, FileStat? RootStat, bool IsNew, byte[]? RenamedTo);

/// <summary>
/// Decides, as rsync does, whether the destination is a directory to put the sources into or the new name of a lone entry,
/// and makes the directory when it is missing.
/// </summary>
internal sealed class DestinationResolver(SyncOptions options, IReplicaHost host)
{
    private const string NotDirectory = "Not a directory (20)";

    /// <summary>Looks the destination up; nothing is made yet.</summary>
    public async Task<(IReplica Replica, FileStat? Stat)> LookUpAsync(byte[] typed, CancellationToken cancellation)
    {
        IReplica replica = host.Open(typed.Length == 0 ? "."u8.ToArray() : typed, options.DestinationLinks);
        try
        {
            return (replica, await replica.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false));
        }
        catch (ReplicaException failure)
        {
            throw CannotStat(replica, typed, failure.Reason);
        }
    }

    /// <summary>Decides what the destination means for these sources.</summary>
    /// <param name="typed">The destination as typed.</param>
    /// <param name="replica">Its tree, as looked up.</param>
    /// <param name="stat">Its stat, as looked up.</param>
    /// <param name="sources">What is to be put there. As in rsync the destination is made also when that is nothing.</param>
    /// <param name="entries">How many entries the transfer has, as far as it matters: 0, 1, or more.</param>
    /// <param name="report">Told when directories are made.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SyncException">The destination cannot take them (exit code 3 or 11).</exception>
    public async Task<ResolvedDestination> ResolveAsync(
        byte[] typed, IReplica replica, FileStat? stat, ResolvedSources sources, int entries, Report report, CancellationToken cancellation)
    {
        bool isContents = sources.Contents.Count > 0;
        bool slash = typed.Length > 0 && typed[^1] == '/';
        bool isFile = entries <= 1 && !slash && !isContents && !IsLoneDirectory(sources);
        if (stat is null && options.MakePath)
        {
            ReadOnlyMemory<byte> path = isFile ? SourcePath.Parse(typed).Root : typed;
            int missing = await MakePathAsync(path, replica, cancellation).ConfigureAwait(false);
            report.CreatedDirectories(missing, entries == 0 ? typed : path.Span);
            if (!isFile && !options.DryRun)
            {
                stat = await replica.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
            }
            else if (isFile && missing > 0 && options.DryRun)
            {
                return new ResolvedDestination(host.Open(SourcePath.Parse(typed).Root, options.DestinationLinks), null, IsNew: true, SourcePath.Parse(typed).Name);
            }
        }
        if (stat is { IsDirectory: true }) return new ResolvedDestination(replica, stat, IsNew: false, null);
        if (stat is not null)
        {
            if (slash) throw CannotStat(replica, typed, NotDirectory);
            if (entries > 1)
                throw new SyncException(ExitCode.FileSelection, "ERROR: destination must be a directory when copying more than 1 file");
            if (isContents || IsLoneDirectory(sources))
                throw new SyncException(ExitCode.FileSelection, "ERROR: cannot overwrite non-directory with a directory");
            return await RenameAsync(typed, replica, cancellation).ConfigureAwait(false);
        }
        if (entries > 1 || slash || (options.MakePath && !isFile))
        {
            FileStat? root = null;
            if (!options.DryRun) root = await MakeRootAsync(typed, replica, cancellation).ConfigureAwait(false);
            report.CreatedDirectory(typed);
            return new ResolvedDestination(replica, root, IsNew: true, null);
        }
        // A lone empty directory's contents: the destination becomes that directory.
        if (isContents) return new ResolvedDestination(replica, null, IsNew: false, null);
        return await RenameAsync(typed, replica, cancellation).ConfigureAwait(false);
    }

    private static bool IsLoneDirectory(ResolvedSources sources) => sources.Lists is [{ Files: { Count: > 0 } files }] && files.Entries[0].IsDirectory;

    private async Task<int> MakePathAsync(ReadOnlyMemory<byte> path, IReplica replica, CancellationToken cancellation)
    {
        try
        {
            return await PathMaker.MakeAsync(host, path, options.DryRun, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            throw new SyncException(ExitCode.FileIo, "synchop: [Receiver] mkdir", replica.FullPath(RelativePath.Root), failure.Reason);
        }
    }

    private static async Task<FileStat?> MakeRootAsync(byte[] typed, IReplica replica, CancellationToken cancellation)
    {
        const uint everything = 0x1FF; // 0777, less the umask
        try
        {
            // The look goes out behind the request; a server that does not keep the order is asked again.
            Task making = replica.CreateDirectoryAsync(RelativePath.Root, everything, cancellation).AsTask();
            Task<FileStat?> look = replica.StatAsync(RelativePath.Root, followLink: true, cancellation).AsTask();
            await Task.WhenAll(making, look).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Another run may have made it meanwhile.
            if (making.IsFaulted && look is { IsCompletedSuccessfully: true, Result: { IsDirectory: true } there }) return there;
            await making.ConfigureAwait(false);
            return await look.ConfigureAwait(false) ?? await replica.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure) when (failure.Error == ReplicaError.NotDirectory)
        {
            throw CannotStat(replica, typed, failure.Reason);
        }
        catch (ReplicaException failure)
        {
            throw new SyncException(ExitCode.FileIo, "synchop: [Receiver] mkdir", replica.FullPath(RelativePath.Root), failure.Reason);
        }
    }

    private async Task<ResolvedDestination> RenameAsync(byte[] typed, IReplica replica, CancellationToken cancellation)
    {
        SourcePath path = SourcePath.Parse(typed);
        IReplica parent = host.Open(path.Root, options.DestinationLinks);
        string reason;
        try
        {
            FileStat? stat = await parent.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
            if (stat is { IsDirectory: true }) return new ResolvedDestination(parent, stat, IsNew: false, path.Name);
            if (stat is not null) throw CannotStat(replica, typed, NotDirectory);
            reason = "No such file or directory (2)";
        }
        catch (ReplicaException failure)
        {
            reason = failure.Reason;
        }
        finally
        {
            replica.Dispose();
        }
        throw new SyncException(ExitCode.FileSelection, "synchop: [Receiver] change_dir#3", parent.FullPath(RelativePath.Root), reason);
    }

    private static SyncException CannotStat(IReplica replica, byte[] typed, string reason)
    {
        byte[] path = replica.FullPath(RelativePath.Root);
        if (typed is [.., (byte)'/'] && path is not [.., (byte)'/']) path = [.. path, (byte)'/'];
        return new SyncException(ExitCode.FileSelection, "synchop: [Receiver] ERROR: cannot stat destination", path, reason);
    }
}
