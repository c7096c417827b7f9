using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Lists the directories of <c>--link-dest</c> and the like beside those of the transfer, so that looking for earlier copies
/// costs no round trip per file.
/// </summary>
/// <param name="trees">The trees of earlier copies, in the order given.</param>
/// <param name="linkTargets">Whether the targets of symlinks are wanted.</param>
internal sealed class BasisLister(IReadOnlyList<IReplica> trees, bool linkTargets)
{
    /// <summary>What each tree has of a directory; nothing where it cannot be listed.</summary>
    public async Task<IReadOnlyList<BasisDirectory>> ListAsync(DirectoryNode node, CancellationToken cancellation)
    {
        if (node.Basis.Count == 0 || node.IsSkipped) return [];
        Task<BasisDirectory>[] listings = [.. node.Basis.Select(directory => ListAsync(directory, node.DestinationPath, cancellation))];
        return await Task.WhenAll(listings).ConfigureAwait(false);
    }

    /// <summary>The top of each tree.</summary>
    public async Task<IReadOnlyList<BasisDirectory>> TopAsync(CancellationToken cancellation)
    {
        List<BasisDirectory> tops = [];
        for (int i = 0; i < trees.Count; i++)
        {
            FileStat? stat = await trees[i].StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
            if (stat is { IsDirectory: true } top) tops.Add(new BasisDirectory(i, trees[i], top, new FileList()));
        }
        return tops;
    }

    /// <summary>What the trees have of a directory in the one that was listed.</summary>
    public static IReadOnlyList<BasisDirectory> Below(IReadOnlyList<BasisDirectory> parents, ReadOnlySpan<byte> name)
    {
        if (parents.Count == 0) return [];
        List<BasisDirectory> below = [];
        foreach (BasisDirectory parent in parents)
        {
            int found = FileListOrder.Find(parent.Files, name);
            if (found >= 0 && parent.Files.Entries[found].Stat is { IsDirectory: true } stat)
                below.Add(new BasisDirectory(parent.Index, parent.Tree, stat, new FileList()));
        }
        return below;
    }

    private async Task<BasisDirectory> ListAsync(BasisDirectory directory, RelativePath path, CancellationToken cancellation)
    {
        try
        {
            FileList files = await directory.Tree.ListAsync(path, linkTargets, cancellation).ConfigureAwait(false);
            FileListOrder.SortByName(files);
            return directory with { Files = files };
        }
        catch (ReplicaException)
        {
            // Then there is no earlier copy to be had, and the file is sent.
            return directory;
        }
    }
}

/// <summary>A directory of the transfer as a tree of earlier copies has it.</summary>
/// <param name="Index">Which of the trees.</param>
/// <param name="Tree">The tree.</param>
/// <param name="Stat">The directory's stat.</param>
/// <param name="Files">Its entries by name, once listed.</param>
internal sealed record BasisDirectory(int Index, IReplica Tree, FileStat Stat, FileList Files);
