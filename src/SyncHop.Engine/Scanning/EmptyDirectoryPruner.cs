using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Leaves out directories that have nothing but directories below them (<c>--prune-empty-dirs</c>). That is known only when
/// everything below is listed: the whole source is listed ahead, level by level, and kept until the directories are loaded.
/// </summary>
/// <param name="filters">The rules of the command line: what they protect on the destination stays, as in rsync; per-directory rules do not count.</param>
/// <param name="destination">The destination.</param>
/// <param name="parallel">How many directories are listed at once.</param>
/// <param name="list">Lists a directory's source side.</param>
/// <param name="childrenOf">Finds the directories in one that is listed.</param>
internal sealed class EmptyDirectoryPruner(
    FilterList filters, IReplica destination, int parallel,
    Func<DirectoryNode, CancellationToken, Task> list, Func<DirectoryNode, IReadOnlyList<DirectoryNode>> childrenOf)
{
    private readonly EntryFilter _protection = new(FilterSides.Receiver, takesNotes: false);
    private readonly DirectoryFilter? _rules = DirectoryFilter.Above(filters, FilterSides.Receiver);
    private readonly Dictionary<RelativePath, DirectoryNode> _ahead = [];

    /// <summary>Lists everything below the top and drops what is empty.</summary>
    /// <param name="top">The top, whose source side is listed.</param>
    /// <param name="cancellation">Ends the listing.</param>
    public async Task PruneAsync(DirectoryNode top, CancellationToken cancellation)
    {
        ParallelOptions bound = new() { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation };
        Stack<List<DirectoryNode>> levels = [];
        List<DirectoryNode> level = [top];
        while (level.Count > 0)
        {
            levels.Push(level);
            List<DirectoryNode> below = [];
            foreach (DirectoryNode node in level)
            {
                node.SetChildren(childrenOf(node));
                below.AddRange(node.Children);
            }
            await Parallel.ForEachAsync(
                below.Where(node => node.Origins.Count > 0), bound, async (node, stop) => await list(node, stop).ConfigureAwait(false)).ConfigureAwait(false);
            level = below;
        }
        foreach (List<DirectoryNode> nodes in levels)
        {
            foreach (DirectoryNode node in nodes) Prune(node);
        }
    }

    /// <summary>Gives a directory the source side that was listed ahead.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryLoad(DirectoryNode node)
    {
        DirectoryNode? ahead;
        lock (_ahead)
        {
            if (!_ahead.Remove(node.Path, out ahead)) return false;
        }
        node.Source = ahead.Source;
        node.Origins = ahead.Origins;
        node.OriginSets = ahead.OriginSets;
        Pass(ahead, node);
        return true;
    }

    private void Prune(DirectoryNode node)
    {
        HashSet<RelativePath> kept = [];
        foreach (DirectoryNode child in node.Children)
        {
            if (child.Source.Count > 0 || child.MissingArguments.Count > 0 || IsProtected(node, child))
            {
                kept.Add(child.Path);
                _ahead.Add(child.Path, child);
                continue;
            }
            // It is counted all the same, and what went wrong in it is told.
            node.Duplicates.Add(child.Stat);
            Pass(child, node);
        }
        node.Source.RemoveWhere((in FileList.Entry entry) => entry.IsDirectory && !kept.Contains(node.Path.Join(node.Source.NameOf(entry))));
        node.SetChildren([]);
    }

    private bool IsProtected(DirectoryNode parent, DirectoryNode child) =>
        _rules is not null
        && _protection.IsExcluded(_rules, new Origin(destination, parent.DestinationPath), parent.Path, child.Path.Name, isDirectory: true, []);

    private static void Pass(DirectoryNode from, DirectoryNode to)
    {
        to.Duplicates.AddRange(from.Duplicates);
        to.FilterNotes.AddRange(from.FilterNotes);
        to.UnsafeLinks.AddRange(from.UnsafeLinks);
        // The destination may be listed meanwhile.
        lock (to.Failures) to.Failures.AddRange(from.Failures);
    }
}
