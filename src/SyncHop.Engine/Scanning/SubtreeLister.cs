using System.Collections.Concurrent;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Lists what is below a directory of the destination in the order in which rsync removes it: last in list order first,
/// contents before their directory.
/// </summary>
internal sealed class SubtreeLister(bool oneFileSystem, bool tellsFilterDecisions, int parallel) : IDisposable
{
    private readonly EntryFilter _filter = new(FilterSides.Receiver, tellsFilterDecisions);
    private readonly SemaphoreSlim _listings = new(parallel);

    /// <summary>Everything below <paramref name="directory"/>, or only its own entries when not <paramref name="recursive"/>.</summary>
    /// <param name="directory">The directory, with the rules above it, which keep what they protect.</param>
    /// <param name="device">The file system it is on; with <c>-x</c> nothing on another is removed.</param>
    /// <param name="recursive">Whether contents of directories in it are wanted.</param>
    /// <param name="failed">Told of each directory that could not be listed.</param>
    /// <param name="notes">Gets what rules decided.</param>
    /// <param name="cancellation">Ends the listing.</param>
    public async Task<List<Deletion>> ListAsync(
        Origin directory, ulong device, bool recursive, Action<ScanFailure> failed, ConcurrentBag<FilterNote> notes,
        CancellationToken cancellation)
    {
        FileList list;
        bool protects = false;
        await _listings.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            list = await directory.Replica.ListAsync(directory.Path, linkTargets: false, cancellation).ConfigureAwait(false);
            if (recursive && directory.Filter is not null)
            {
                int before = list.Count;
                directory = await ProtectAsync(directory, list, notes, cancellation).ConfigureAwait(false);
                protects = list.Count < before;
            }
        }
        catch (ReplicaException failure)
        {
            failed(new ScanFailure(OnSource: false, directory.Replica.FullPath(directory.Path), failure));
            return [new Deletion(directory.Path, FileType.Unknown, IsKept: true)];
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
            if (entry.IsDirectory && !IsMountPoint(entry, device))
                below[i] = ListAsync(directory.Join(list.NameOf(entry)), device, recursive, failed, notes, cancellation);
        }
        // What is protected is not listed, but keeps the directory from being removed.
        List<Deletion> found = protects ? [new Deletion(directory.Path, FileType.Unknown, IsKept: true)] : [];
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
            // As what is protected.
            if (entry.IsDirectory && IsMountPoint(entry, device)) found.Add(new Deletion(directory.Path.Join(list.NameOf(entry)), FileType.Unknown, IsKept: true));
            else found.Add(new Deletion(directory.Path.Join(list.NameOf(entry)), entry.Stat.Type, kept, ParentGoes: true));
        }
        return found;
    }

    private async ValueTask<Origin> ProtectAsync(Origin directory, FileList list, ConcurrentBag<FilterNote> notes, CancellationToken cancellation)
    {
        DirectoryFilter filter = await directory.Filter!
            .EnterAsync(new MergeFileDirectory(directory.Replica, directory.Path), list, cancellation).ConfigureAwait(false);
        List<FilterNote> own = [];
        Origin entered = directory with { Filter = filter };
        _filter.Apply(filter, entered, directory.Path, list, own, isDeleting: true);
        foreach (FilterNote note in own) notes.Add(note);
        return entered;
    }

    /// <inheritdoc/>
    public void Dispose() => _listings.Dispose();

    private bool IsMountPoint(in FileList.Entry entry, ulong device) => oneFileSystem && entry.Stat.Device != device;
}
