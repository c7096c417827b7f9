using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;
using SyncHop.Engine.Links;

namespace SyncHop.Engine.Scanning;

/// <summary>Lists directories of the source and leaves out what filter rules hide.</summary>
/// <param name="options">The options.</param>
/// <param name="links">Follows symlinks.</param>
internal sealed class SourceLister(SyncOptions options, LinkFollower links)
{
    private readonly EntryFilter _filter = new(FilterSides.Sender, options.TellsFilterDecisions);

    /// <summary>The rules above the arguments; null when none hides anything.</summary>
    public DirectoryFilter? Above { get; } = DirectoryFilter.Above(options.Filters, FilterSides.Sender);

    /// <summary>Follows the symlinks in a listing that was not made here.</summary>
    /// <param name="replica">The tree.</param>
    /// <param name="directory">The directory they are in.</param>
    /// <param name="transferPath">Its path in the transfer.</param>
    /// <param name="list">The entries.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The unsafe ones that were followed.</returns>
    public ValueTask<IReadOnlyList<UnsafeLink>> FollowAsync(
        IReplica replica, RelativePath directory, RelativePath transferPath, FileList list, CancellationToken cancellation) =>
        links.FollowAsync(replica, directory, transferPath, list, cancellation);

    /// <summary>Whether an argument is hidden.</summary>
    public bool IsHidden(IReplica replica, RelativePath path, bool isDirectory, List<FilterNote> notes) =>
        Above is not null && _filter.IsExcluded(Above, new Origin(replica, path.Parent), path.Parent, path.Name, isDirectory, notes);

    /// <summary>Lists a directory.</summary>
    /// <param name="directory">The directory, with the rules above it.</param>
    /// <param name="transferPath">Its path in the transfer.</param>
    /// <param name="notes">Gets what rules decided.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What is not hidden, and the directory with its own rules.</returns>
    /// <exception cref="ReplicaException">The directory cannot be listed.</exception>
    /// <exception cref="FilterException">A per-directory rule file cannot be used.</exception>
    public async ValueTask<SourceList> ListAsync(
        Origin directory, RelativePath transferPath, List<FilterNote> notes, CancellationToken cancellation)
    {
        if (directory.Selection is { } selection) return await SelectAsync(directory, selection, transferPath, notes, cancellation).ConfigureAwait(false);
        FileList list = await directory.Replica.ListAsync(directory.Path, options.NeedsLinkTargets, cancellation).ConfigureAwait(false);
        if (directory.Filter is null) return new SourceList(list, directory) { Unsafe = await FollowAsync().ConfigureAwait(false) };
        DirectoryFilter filter = await directory.Filter
            .EnterAsync(new MergeFileDirectory(directory.Replica, directory.Path), list, cancellation).ConfigureAwait(false);
        Origin entered = directory with { Filter = filter };
        IReadOnlyList<UnsafeLink> followed = await FollowAsync().ConfigureAwait(false);
        _filter.Apply(filter, entered, transferPath, list, notes);
        return new SourceList(list, entered) { Unsafe = followed };

        ValueTask<IReadOnlyList<UnsafeLink>> FollowAsync() => links.FollowAsync(directory.Replica, directory.Path, transferPath, list, cancellation);
    }

    /// <summary>
    /// Takes what is selected in a directory. The rules of the command line were asked when it was looked up; those of
    /// per-directory files are asked here, but, as in rsync, not about what lies at the top, and about files only in an incremental run.
    /// </summary>
    private async ValueTask<SourceList> SelectAsync(
        Origin directory, Selection selection, RelativePath transferPath, List<FilterNote> notes, CancellationToken cancellation)
    {
        FileList list = selection.ToList();
        if (directory.Filter is not { ReadsFiles: true } above || transferPath.IsRoot) return new SourceList(list, directory);
        FileList all = await directory.Replica.ListAsync(directory.Path, linkTargets: false, cancellation).ConfigureAwait(false);
        DirectoryFilter filter = await above
            .EnterAsync(new MergeFileDirectory(directory.Replica, directory.Path), all, cancellation).ConfigureAwait(false);
        Origin entered = directory with { Filter = filter };
        if (!options.ListsIncrementally) return new SourceList(list, entered);
        list.RemoveWhere((in FileList.Entry entry) =>
        {
            ReadOnlySpan<byte> name = list.NameOf(entry);
            return !selection.IsImplied(name) && _filter.IsExcluded(filter, entered, transferPath, name, entry.Stat.IsDirectory, notes);
        });
        return new SourceList(list, entered);
    }
}
