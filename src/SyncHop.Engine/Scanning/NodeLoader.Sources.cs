using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

// The source side of a directory: its lists, as one.
internal sealed partial class NodeLoader
{
    private const int LongestPath = 4095; // PATH_MAX without the NUL

    private async Task ListSourcesAsync(DirectoryNode node, CancellationToken cancellation)
    {
        List<SourceList> lists = [];
        List<Origin> entered = [];
        foreach (Origin origin in node.Origins)
        {
            SourceList? list = await ListSourceAsync(node, origin, cancellation).ConfigureAwait(false);
            if (list is not null) lists.Add(list);
            entered.Add(list?.Directory ?? origin);
        }
        node.Origins = entered;
        Merge(node, lists);
    }

    private void Merge(DirectoryNode node, IReadOnlyList<SourceList> lists)
    {
        node.Source = SourceList.Merge(lists, node, options.ListsIncrementally);
        FileListOrder.Sort(node.Source);
    }

    private async Task<SourceList?> ListSourceAsync(DirectoryNode node, Origin origin, CancellationToken cancellation)
    {
        try
        {
            SourceList list = await sources.ListAsync(origin, node.Path, node.FilterNotes, cancellation).ConfigureAwait(false);
            node.UnsafeLinks.AddRange(list.Unsafe);
            if (origin.Selection is { } selection)
            {
                // Modes were changed when it was looked up.
                node.Duplicates.AddRange(selection.Duplicates);
                return list;
            }
            NoteProblems(node, list.Files, origin.Replica, origin.Path, onSource: true);
            list.Files.ChangeModes(options);
            RemoveOverlong(node, origin.Replica, origin.Path, list.Files);
            return list;
        }
        catch (ReplicaException failure)
        {
            Note(node, new ScanFailure(OnSource: true, origin.Replica.FullPath(origin.Path), failure));
            return null;
        }
    }

    /// <summary>Leaves out what no path reaches, as rsync does: a server may present a tree without end.</summary>
    private static void RemoveOverlong(DirectoryNode node, IReplica replica, RelativePath path, FileList list)
    {
        if (path.Bytes.Length < LongestPath / 2) return;
        for (int i = list.Count - 1; i >= 0; i--)
        {
            RelativePath entry = path.Join(list.NameOf(list.Entries[i]));
            if (entry.Bytes.Length <= LongestPath) continue;
            Note(node, new ScanFailure(
                OnSource: true, replica.FullPath(entry), new ReplicaException(ReplicaError.Other, "readlink_stat", "File name too long (36)")));
            list.RemoveAt(i);
        }
    }
}
