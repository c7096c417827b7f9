using SyncHop.Engine.Contract;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Scanning;

// --delete-after asks the rule files that the destination has when everything else is done: the transfer may have brought them.
internal sealed partial class NodeLoader
{
    /// <summary>Looks at a directory of the destination again, after the one above it, for what the source, which is still listed, does not have.</summary>
    public async Task LookAgainAsync(DirectoryNode node, CancellationToken cancellation)
    {
        // What was found at first has been told.
        node.Failures.Clear();
        if (await ListDestinationAsync(node, cancellation).ConfigureAwait(false) is not FileList list) return;
        // Other runs' temporary files stay, as everywhere.
        Leftovers.TakeFrom(list, node.Source, node.DestinationPath, resumption);
        FileListOrder.SortByName(list);
        node.Destination = list;
        await ProtectAsync(node, cancellation).ConfigureAwait(false);
        await ListSubtreesAsync(node, deletes: true, cancellation).ConfigureAwait(false);
    }
}
