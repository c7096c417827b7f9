using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Execution;

/// <summary>The directories that wait for items which come with a later plan, or after all plans.</summary>
internal sealed class LateItems
{
    private readonly Dictionary<DirectoryNode, (DirectoryProgress Progress, int Items)> _waiting = [];

    /// <summary>Lets a directory wait for those that its plan has announced.</summary>
    public void Await(DirectoryProgress progress)
    {
        int items = progress.Plan.LateItems;
        if (items == 0) return;
        for (int i = 0; i < items; i++) progress.Begin();
        DirectoryNode node = progress.Plan.Node;
        _waiting[node] = (progress, _waiting.GetValueOrDefault(node).Items + items);
    }

    /// <summary>The directory of an item that has come; whoever takes it ends its waiting for the item.</summary>
    public DirectoryProgress Take(DirectoryNode node)
    {
        (DirectoryProgress progress, int items) = _waiting[node];
        if (items == 1) _waiting.Remove(node);
        else _waiting[node] = (progress, items - 1);
        return progress;
    }
}
