using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Planning;

/// <summary>How well an earlier copy fits.</summary>
internal enum BasisQuality
{
    /// <summary>The same kind of entry.</summary>
    Kind,
    /// <summary>The same content.</summary>
    Content,
    /// <summary>The same content and attributes.</summary>
    Exact,
}

/// <summary>An earlier copy of an entry.</summary>
/// <param name="Quality">How well it fits.</param>
/// <param name="Tree">The tree it is in.</param>
/// <param name="Stat">Its stat.</param>
internal sealed record BasisMatch(BasisQuality Quality, IReplica Tree, FileStat Stat);

/// <summary>Finds the best earlier copy of an entry in the directories of <c>--link-dest</c> and the like; of equals the first.</summary>
internal sealed class BasisMatcher(SyncOptions options, AttributeComparison attributes)
{
    /// <summary>The best earlier copy of a directory itself.</summary>
    public BasisMatch? FindDirectory(DirectoryNode node)
    {
        BasisMatch? best = null;
        foreach (BasisDirectory directory in node.Basis)
        {
            bool exact = attributes.Differences(node.Stat, directory.Stat, replaced: false) == ItemFlags.None;
            best = Better(best, exact ? BasisQuality.Exact : BasisQuality.Content, directory, directory.Stat);
        }
        return best;
    }

    /// <summary>The best earlier copy of what is not a directory.</summary>
    /// <param name="node">The directory it is in.</param>
    /// <param name="index">Its index in the node's source list.</param>
    public BasisMatch? Find(DirectoryNode node, int index)
    {
        BasisMatch? best = null;
        FileList.Entry entry = node.Source.Entries[index];
        foreach (BasisDirectory directory in node.Basis)
        {
            int found = FileListOrder.Find(directory.Files, node.DestinationNameOf(entry));
            if (found < 0) continue;
            FileList.Entry earlier = directory.Files.Entries[found];
            if (earlier.Stat.Type != entry.Stat.Type) continue;
            bool same = entry.Stat.IsRegular
                ? IsSameFile(node, index, entry.Stat, earlier.Stat, directory)
                : HasSameValue(node, entry, directory.Files, earlier);
            BasisQuality quality = !same ? BasisQuality.Kind
                : attributes.Differences(entry.Stat, earlier.Stat, replaced: false) == ItemFlags.None ? BasisQuality.Exact
                : BasisQuality.Content;
            best = Better(best, quality, directory, earlier.Stat);
        }
        return best;
    }

    private bool IsSameFile(DirectoryNode node, int index, in FileStat source, in FileStat earlier, BasisDirectory directory) =>
        QuickCheck.Check(options, source, earlier) switch
        {
            QuickCheckResult.Same => true,
            QuickCheckResult.CompareContents => node.EqualEarlier.Contains((index, directory.Index)),
            _ => false,
        };

    private static bool HasSameValue(DirectoryNode node, in FileList.Entry entry, FileList earlierList, in FileList.Entry earlier)
    {
        if (entry.Stat.IsSymlink) return node.Source.TargetOf(entry).SequenceEqual(earlierList.TargetOf(earlier));
        return entry.Stat.Type is FileType.Fifo or FileType.Socket || entry.Stat.Rdev == earlier.Stat.Rdev;
    }

    private static BasisMatch Better(BasisMatch? best, BasisQuality quality, BasisDirectory directory, FileStat stat) =>
        best is not null && best.Quality >= quality ? best : new BasisMatch(quality, directory.Tree, stat);
}
