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
    public ValueTask<IReadOnlyList<UnsafeLink>> FollowAsync(IReplica replica, FileList list, CancellationToken cancellation) =>
        links.FollowAsync(replica, RelativePath.Root, RelativePath.Root, list, cancellation);

    /// <summary>Whether an argument is hidden.</summary>
    public bool IsHidden(IReplica replica, ReadOnlySpan<byte> name, bool isDirectory, List<FilterNote> notes) =>
        Above is not null && _filter.IsExcluded(Above, new Origin(replica, RelativePath.Root), RelativePath.Root, name, isDirectory, notes);

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
}
