using SyncHop.Engine.Contract;

namespace SyncHop.Jobs.Snapshots;

/// <summary>Removes a whole tree of a replica, many entries at once; no symlink is followed.</summary>
internal sealed class TreeRemover(IReplica tree) : IDisposable
{
    private const int AtOnce = 64;
    private const uint OwnerAccess = 0x1C0; // 0700

    private readonly SemaphoreSlim _slots = new(AtOnce);

    /// <summary>Removes a directory with everything in it. What somebody else removes meanwhile is as well.</summary>
    /// <exception cref="ReplicaException">Something cannot be removed; the rest may be there still.</exception>
    public async Task RemoveAsync(RelativePath directory, CancellationToken cancellation)
    {
        try
        {
            await EmptyAsync(directory, cancellation).ConfigureAwait(false);
            await DoAsync(() => tree.RemoveDirectoryAsync(directory, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException gone) when (gone.Error == ReplicaError.NotFound)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private async Task EmptyAsync(RelativePath directory, CancellationToken cancellation)
    {
        FileList list = await ListAsync(directory, cancellation).ConfigureAwait(false);
        // In parts: a directory of a million files is not a million tasks.
        List<Task> going = [];
        for (int i = 0; i < list.Count; i++)
        {
            RelativePath path = Below(directory, list, i);
            going.Add(list.Entries[i].Stat.IsDirectory ? RemoveAsync(path, cancellation) : RemoveFileAsync(path, cancellation));
            if (going.Count < AtOnce) continue;
            await Task.WhenAll(going).ConfigureAwait(false);
            going.Clear();
        }
        await Task.WhenAll(going).ConfigureAwait(false);
    }

    private static RelativePath Below(RelativePath directory, FileList list, int index)
    {
        FileList.Entry entry = list.Entries[index];
        return directory.Join(list.NameOf(entry));
    }

    private async Task<FileList> ListAsync(RelativePath directory, CancellationToken cancellation)
    {
        FileStat? stat = await tree.StatAsync(directory, followLink: false, cancellation).ConfigureAwait(false);
        // A copy of a directory that its owner may not write to.
        if (stat is { IsDirectory: true } there && (there.Permissions & OwnerAccess) != OwnerAccess)
            await tree.SetAttributesAsync(directory, FileType.Directory, new AttributeChange { Permissions = there.Permissions | OwnerAccess }, cancellation).ConfigureAwait(false);
        await _slots.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await tree.ListAsync(directory, linkTargets: false, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task RemoveFileAsync(RelativePath path, CancellationToken cancellation)
    {
        try
        {
            await DoAsync(() => tree.RemoveFileAsync(path, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException gone) when (gone.Error == ReplicaError.NotFound)
        {
        }
    }

    private async Task DoAsync(Func<ValueTask> operation, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await operation().ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }
}
