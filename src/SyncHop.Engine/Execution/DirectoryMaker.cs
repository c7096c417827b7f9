using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Execution;

/// <summary>
/// Makes directories. A tree of them costs one round trip: each is asked for as soon as the one above it has been asked for. Hosts
/// take requests in order, so what fails because the directory above could not be made is told once, for that one; of a host
/// that does not, it is asked again when the directory above is there.
/// </summary>
internal sealed class DirectoryMaker(
    IReplica destination, DeletionRunner deletions, Report report, Problems problems, Statistics statistics, CancellationToken stop)
{
    private const uint OwnerAccess = 0x1C0; // 0700

    /// <summary>Whether the attributes that a directory, or one above it, gets in the end shut its owner out of what is below it.</summary>
    public static bool ClosesToOwner(DirectoryProgress directory)
    {
        for (DirectoryProgress? each = directory; each is not null; each = each.Parent)
        {
            if (each.Plan.After.Permissions is uint permissions && !IsOpen(permissions)) return true;
        }
        return false;
    }

    /// <summary>Makes a directory, and says when that is asked for and when it is done.</summary>
    /// <param name="item">The directory.</param>
    /// <param name="place">Where its line goes.</param>
    /// <param name="progress">Its progress.</param>
    public async Task MakeAsync(PlanItem item, OrderedLines.Place place, DirectoryProgress progress)
    {
        byte[]? line = null;
        bool there = false, begun = false;
        try
        {
            if (!await BeginAsync(item, progress.Parent).ConfigureAwait(false)) return;
            // What stands on the way to what takes part stays, and nothing may be asked for behind it: it may be a symlink.
            if (progress.Plan is { IsQuiet: true, Node.DestinationStat: not null }) throw new ReplicaException(ReplicaError.Exists, "mkdir", "File exists (17)");
            begun = true;
            there = await CreateAsync(item, progress).ConfigureAwait(false);
            if (!there) return;
            if (!IsOpen(item.CreationPermissions)) await LetInAsync(item, progress.Plan).ConfigureAwait(false);
            await PrepareAsync(progress.Plan).ConfigureAwait(false);
            if (!progress.Plan.IsQuiet) line = report.ItemLine(item);
            if (item.Flags.HasFlag(ItemFlags.New)) statistics.Created.Add(FileType.Directory);
        }
        catch (ReplicaException failure)
        {
            // As in rsync it is told and counted all the same.
            if (begun && !progress.Plan.IsQuiet) line = report.ItemLine(item);
            if (begun && item.Flags.HasFlag(ItemFlags.New)) statistics.Created.Add(FileType.Directory);
            problems.Failed("generator", "recv_generator: mkdir", destination.FullPath(item.DestinationPath), failure);
            problems.Failed("*** Skipping any contents from this failed directory ***", []);
        }
        finally
        {
            report.Settle(place, line);
            progress.SetReady(there);
        }
    }

    /// <summary>Gives a directory that is there what it needs before there is work in it, and says when that is done.</summary>
    /// <param name="progress">Its progress.</param>
    public async Task OpenAsync(DirectoryProgress progress)
    {
        try
        {
            await PrepareAsync(progress.Plan).ConfigureAwait(false);
        }
        finally
        {
            progress.SetReady(true);
        }
    }

    private async Task PrepareAsync(DirectoryPlan plan)
    {
        if (plan.Before is not { } change) return;
        RelativePath path = plan.Node.DestinationPath;
        ReplicaException? failure = await SetAsync().ConfigureAwait(false);
        if (failure is not null)
            problems.Failed("generator", failure.Operation == "chmod" ? "failed to modify permissions on" : failure.Operation,
                ErrorWords.Directory(destination.FullPath(path), path.IsRoot), failure);

        async Task<ReplicaException?> SetAsync()
        {
            try
            {
                return await destination.SetAttributesAsync(path, FileType.Directory, change, stop).ConfigureAwait(false);
            }
            catch (ReplicaException failure)
            {
                return failure;
            }
        }
    }

    /// <summary>Removes a directory that was made where it does not belong.</summary>
    public async Task RemoveAsync(RelativePath path)
    {
        try
        {
            await destination.RemoveDirectoryAsync(path, stop).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            // Somebody else uses it.
        }
    }

    private static bool IsOpen(uint permissions) => (permissions & OwnerAccess) == OwnerAccess;

    private async Task<bool> BeginAsync(PlanItem item, DirectoryProgress? parent)
    {
        if (parent is not null && !await (item.Obstacle is null ? parent.Asked : parent.Ready).ConfigureAwait(false)) return false;
        parent?.Touch();
        if (item.Obstacle is { } obstacle)
            await deletions.RemoveAsync(new Deletion(item.DestinationPath, obstacle.Type), stop).ConfigureAwait(false);
        return true;
    }

    /// <summary>Makes the directory, perhaps before it is known that the one above it is there.</summary>
    /// <returns>False when the one above could not be made, which has been told.</returns>
    private async Task<bool> CreateAsync(PlanItem item, DirectoryProgress progress)
    {
        Task<bool> above = progress.Parent?.Ready ?? Task.FromResult(true);
        bool isAhead = !above.IsCompleted;
        if (!isAhead && !await above.ConfigureAwait(false)) return false;
        Task making = destination.CreateDirectoryAsync(item.DestinationPath, item.CreationPermissions, stop).AsTask();
        // What may not enter yet must wait until it is let in.
        if (!making.IsCompleted && IsOpen(item.CreationPermissions)) progress.SetAsked();
        if (isAhead)
        {
            await making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!await above.ConfigureAwait(false))
            {
                // Something that is no part of the transfer stands where the directory above should be.
                progress.IsMisplaced = making.IsCompletedSuccessfully;
                return false;
            }
            if (making.Exception?.InnerException is ReplicaException { Error: ReplicaError.NotFound })
                making = destination.CreateDirectoryAsync(item.DestinationPath, item.CreationPermissions, stop).AsTask();
        }
        await making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (making.IsFaulted && await IsThereAsync(item.DestinationPath).ConfigureAwait(false)) return true;
        await making.ConfigureAwait(false);
        return true;
    }

    /// <summary>Whether another run, or anybody else, has made a directory meanwhile: then it is as good as made by this one.</summary>
    private async Task<bool> IsThereAsync(RelativePath path)
    {
        try
        {
            return await destination.StatAsync(path, followLink: false, stop).ConfigureAwait(false) is { IsDirectory: true };
        }
        catch (ReplicaException)
        {
            return false;
        }
    }

    /// <summary>Lets the owner work in a directory whose own permissions would forbid it; they are set back at the end.</summary>
    private async Task LetInAsync(PlanItem item, DirectoryPlan plan)
    {
        FileStat? made = await destination.StatAsync(item.DestinationPath, followLink: false, stop).ConfigureAwait(false);
        if (made is not { IsDirectory: true } stat) return;
        AttributeChange open = new() { Permissions = stat.Permissions | OwnerAccess };
        plan.After = plan.After with { Permissions = plan.After.Permissions ?? stat.Permissions };
        await destination.SetAttributesAsync(item.DestinationPath, FileType.Directory, open, stop).ConfigureAwait(false);
    }
}
