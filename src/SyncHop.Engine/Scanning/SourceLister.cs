using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Scanning;

/// <summary>Lists directories of the source and leaves out what filter rules hide.</summary>
internal sealed class SourceLister(SyncOptions options)
{
    private readonly EntryFilter _filter = new(FilterSides.Sender, options.TellsFilterDecisions);

    /// <summary>The rules above the arguments; null when none hides anything.</summary>
    public DirectoryFilter? Above { get; } = DirectoryFilter.Above(options.Filters, FilterSides.Sender);

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
        FileList list = await directory.Replica.ListAsync(directory.Path, options.Links, cancellation).ConfigureAwait(false);
        if (directory.Filter is null) return new SourceList(list, directory);
        DirectoryFilter filter = await directory.Filter
            .EnterAsync(new MergeFileDirectory(directory.Replica, directory.Path), list, cancellation).ConfigureAwait(false);
        Origin entered = directory with { Filter = filter };
        _filter.Apply(filter, entered, transferPath, list, notes);
        return new SourceList(list, entered);
    }
}
