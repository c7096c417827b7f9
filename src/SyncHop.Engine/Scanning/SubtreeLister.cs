using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Lists what is below a directory of the destination in the order in which rsync removes it: last in list order first,
/// contents before their directory.
/// </summary>
internal sealed class SubtreeLister(IReplica destination, bool oneFileSystem, int parallel) : IDisposable
{
    private readonly SemaphoreSlim _listings = new(parallel);

    /// <summary>Everything below <paramref name="directory"/>, or only its own entries when not <paramref name="recursive"/>.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="device">The file system it is on; with <c>-x</c> nothing on another is removed.</param>
    /// <param name="recursive">Whether contents of directories in it are wanted.</param>
    /// <param name="failed">Told of each directory that could not be listed.</param>
    /// <param name="cancellation">Ends the listing.</param>
    public async Task<List<Deletion>> ListAsync(
        RelativePath directory, ulong device, bool recursive, Action<ScanFailure> failed, CancellationToken cancellation)
    {
        FileList list;
        await _listings.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            list = await destination.ListAsync(directory, linkTargets: false, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            failed(new ScanFailure(OnSource: false, destination.FullPath(directory), failure));
            return [new Deletion(directory, FileType.Unknown, IsKept: true)];
        }
        finally
        {
            _listings.Release();
        }
        FileListOrder.Sort(list);
        var below = new Task<List<Deletion>>?[list.Count];
        for (int i = 0; recursive && i < list.Count; i++)
        {
            FileList.Entry entry = list.Entries[i];
            if (entry.Stat.IsDirectory && !IsMountPoint(entry, device))
                below[i] = ListAsync(directory.Join(list.NameOf(entry)), device, recursive, failed, cancellation);
        }
        List<Deletion> found = [];
        for (int i = list.Count - 1; i >= 0; i--)
        {
            bool kept = false;
            if (below[i] is Task<List<Deletion>> contents)
            {
                foreach (Deletion deletion in await contents.ConfigureAwait(false))
                {
                    kept |= deletion.IsKept;
                    if (deletion.Type != FileType.Unknown) found.Add(deletion);
                }
            }
            FileList.Entry entry = list.Entries[i];
            kept |= entry.Stat.IsDirectory && IsMountPoint(entry, device);
            found.Add(new Deletion(directory.Join(list.NameOf(entry)), entry.Stat.Type, kept, ParentGoes: true));
        }
        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _listings.Dispose();

    private bool IsMountPoint(in FileList.Entry entry, ulong device) => oneFileSystem && entry.Stat.Device != device;
}
