using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Planning;

/// <summary>
/// Decides what is removed from the destination, and in which order. Removals count against <c>--max-delete</c> in the order
/// in which they are planned, so that a dry run stops where the run would.
/// </summary>
/// <param name="options">The run's options.</param>
/// <param name="removed">How many entries earlier attempts of the run removed.</param>
internal sealed class DeletionPlanner(SyncOptions options, int removed)
{
    private int _planned = removed;

    /// <summary>How many removals <c>--max-delete</c> forbade.</summary>
    public int Skipped { get; private set; }

    /// <summary>What the source does not have and no filter rule protects, contents before their directory; the names of the source are <paramref name="matched"/>.</summary>
    public static List<Deletion> Extraneous(DirectoryNode node, bool[] matched)
    {
        List<int> extraneous = [];
        for (int i = 0; i < matched.Length; i++)
        {
            if (!matched[i] && !node.Protected.Contains(i)) extraneous.Add(i);
        }
        FileList list = node.Destination;
        extraneous.Sort((x, y) => FileListOrder.Compare(
            list.NameOf(list.Entries[y]), list.Entries[y].IsDirectory, list.NameOf(list.Entries[x]), list.Entries[x].IsDirectory));
        List<Deletion> deletions = [];
        foreach (int index in extraneous) Add(node, index, deletions, contents: true);
        return deletions;
    }

    /// <summary>What source arguments that do not exist have as counterparts; they are then <paramref name="matched"/>.</summary>
    public List<Deletion> Missing(DirectoryNode node, bool[] matched)
    {
        List<Deletion> deletions = [];
        foreach (byte[] name in node.MissingArguments.Order(Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y))))
        {
            int found = FileListOrder.Find(node.Destination, node.RenamedTo ?? name);
            if (found < 0 || matched[found]) continue;
            matched[found] = true;
            Add(node, found, deletions, contents: options.EmptiesDirectories);
        }
        return deletions;
    }

    /// <summary>Marks which entries of the destination the source has.</summary>
    public static bool[] Match(DirectoryNode node)
    {
        var matched = new bool[node.Destination.Count];
        if (matched.Length == 0) return matched;
        int next = 0;
        foreach (ref readonly FileList.Entry entry in node.Source.Entries)
        {
            int found = FileListOrder.Find(node.Destination, node.DestinationNameOf(entry), ref next);
            if (found >= 0) matched[found] = true;
        }
        return matched;
    }

    /// <summary>
    /// What of the removals <c>--max-delete</c> permits: the others are marked, and so are directories that they keep from
    /// becoming empty.
    /// </summary>
    public List<Deletion> Limit(List<Deletion> deletions)
    {
        if (options.MaxDelete is not int limit) return deletions;
        List<Deletion> limited = new(deletions.Count);
        HashSet<RelativePath> keeping = [];
        foreach (Deletion deletion in deletions)
        {
            bool kept = deletion.IsKept || keeping.Contains(deletion.Path);
            // Of a directory that is not empty rsync tries the removal all the same, except at the top.
            bool tries = !kept || deletion.ParentGoes;
            bool skipped = tries && _planned >= limit;
            if (skipped) Skipped++;
            else if (!kept) _planned++;
            if (kept || skipped) keeping.Add(deletion.Path.Parent);
            limited.Add(deletion with { IsKept = kept, IsSkipped = skipped });
        }
        return limited;
    }

    private static void Add(DirectoryNode node, int index, List<Deletion> deletions, bool contents)
    {
        bool kept = false;
        if (node.Subtrees.TryGetValue(index, out List<Deletion>? below))
        {
            foreach (Deletion deletion in below)
            {
                kept |= deletion.IsKept || !contents;
                if (contents && deletion.Type != FileType.Unknown) deletions.Add(deletion);
            }
        }
        FileList.Entry entry = node.Destination.Entries[index];
        deletions.Add(new Deletion(node.DestinationPath.Join(node.Destination.NameOf(entry)), entry.Stat.Type, kept));
    }
}
