using SyncHop.Engine.Contract;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Execution;

/// <summary>Removes entries: all at once, except that a directory waits for its contents.</summary>
internal sealed class DeletionRunner(IReplica destination, BackupKeeper? backups, Report report, Problems problems, Statistics statistics, SemaphoreSlim slots)
{
    private const uint OwnerAccess = 0x1C0; // 0700
    private const uint OwnerWrite = 0x80; // 0200

    /// <summary>Starts the removals, given contents before their directory.</summary>
    /// <param name="deletions">What is to be removed; the report's lines are reserved before this returns.</param>
    /// <param name="ready">Whether the directory they are in is there and open to its owner.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether something directly in that directory was removed.</returns>
    public async Task<bool> RunAsync(IReadOnlyList<Deletion> deletions, Task<bool> ready, CancellationToken cancellation)
    {
        Dictionary<RelativePath, List<Task<bool>>> byDirectory = [];
        List<Task<bool>> all = [];
        foreach (Deletion deletion in deletions)
        {
            OrderedLines.Place place = report.Reserve();
            byDirectory.Remove(deletion.Path, out List<Task<bool>>? contents);
            Task<bool> removal = RemoveAsync(deletion, ready, contents ?? [], place, cancellation);
            all.Add(removal);
            RelativePath parent = deletion.Path.Parent;
            if (!byDirectory.TryGetValue(parent, out List<Task<bool>>? siblings)) byDirectory.Add(parent, siblings = []);
            siblings.Add(removal);
        }
        bool[] removed = await Task.WhenAll(all).ConfigureAwait(false);
        return deletions.Where((deletion, i) => removed[i] && !deletion.ParentGoes).Any();
    }

    /// <summary>
    /// Removes one entry. In a directory that its owner may not write to, but which is to be removed itself, the owner is
    /// let in, as rsync does.
    /// </summary>
    public async Task RemoveAsync(Deletion deletion, CancellationToken cancellation)
    {
        try
        {
            await RemoveOnceAsync(deletion, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure) when (failure.Error == ReplicaError.PermissionDenied && deletion.ParentGoes)
        {
            RelativePath parent = deletion.Path.Parent;
            uint permissions = (await destination.StatAsync(parent, followLink: false, cancellation).ConfigureAwait(false))?.Permissions ?? 0;
            AttributeChange open = new() { Permissions = permissions | OwnerAccess };
            await destination.SetAttributesAsync(parent, FileType.Directory, open, cancellation).ConfigureAwait(false);
            await RemoveOnceAsync(deletion, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Lets an ordinary owner write to a directory that stays after all, since rsync does so before it finds what is in it.
    /// Where that is refused it stays as it was, without a word.
    /// </summary>
    public async Task UnlockAsync(RelativePath path, Task<bool> ready, CancellationToken cancellation)
    {
        if (!await ready.ConfigureAwait(false)) return;
        try
        {
            if (await destination.StatAsync(path, followLink: false, cancellation).ConfigureAwait(false) is not { IsDirectory: true } there) return;
            if ((there.Permissions & OwnerWrite) != 0) return;
            AttributeChange open = new() { Permissions = there.Permissions | OwnerWrite };
            await destination.SetAttributesAsync(path, FileType.Directory, open, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
        }
    }

    private async Task RemoveOnceAsync(Deletion deletion, CancellationToken cancellation)
    {
        if (deletion.IsDirectory) await destination.RemoveDirectoryAsync(deletion.Path, cancellation).ConfigureAwait(false);
        else if (backups is not null && backups.Keeps(deletion.Path)) await backups.MoveAsync(deletion.Path, cancellation).ConfigureAwait(false);
        else await destination.RemoveFileAsync(deletion.Path, cancellation).ConfigureAwait(false);
    }

    private async Task<bool> RemoveAsync(
        Deletion deletion, Task<bool> ready, List<Task<bool>> contents, OrderedLines.Place place, CancellationToken cancellation)
    {
        bool emptied = await ready.ConfigureAwait(false) && !deletion.IsKept;
        foreach (Task<bool> content in contents) emptied &= await content.ConfigureAwait(false);
        byte[]? line = null;
        bool removed = false;
        if (!emptied || deletion.IsSkipped)
        {
            line = report.KeptLine(deletion with { IsKept = deletion.IsDirectory && !emptied });
            if (deletion is { IsDirectory: true, IsSkipped: false } && !destination.Host.Identities.IsSuperuser)
                await UnlockAsync(deletion.Path, ready, cancellation).ConfigureAwait(false);
        }
        else
        {
            await slots.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                await RemoveAsync(deletion, cancellation).ConfigureAwait(false);
                removed = true;
                line = report.DeletionLine(deletion);
                statistics.Deleted.Add(deletion.Type);
            }
            catch (ReplicaException failure) when (failure.Error == ReplicaError.NotFound)
            {
                // Somebody else removed it meanwhile: it is gone, as asked.
                removed = true;
            }
            catch (ReplicaException failure) when (deletion.IsDirectory && failure.Error == ReplicaError.NotEmpty)
            {
                line = report.KeptLine(deletion with { IsKept = true, ParentGoes = false });
            }
            catch (ReplicaException failure)
            {
                string call = deletion.IsDirectory ? "rmdir" : "unlink";
                problems.Failed($"synchop: [generator] delete_file: {call}(", deletion.Path.Bytes, $") failed: {failure.Reason}");
            }
            finally
            {
                slots.Release();
            }
        }
        report.Settle(place, line);
        return removed;
    }
}
