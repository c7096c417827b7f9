namespace SyncHop.Engine.Scanning;

/// <summary>The order in which directories are needed: depth first, siblings in list order.</summary>
internal sealed class ScanOrder : IComparer<DirectoryNode>
{
    public static ScanOrder Instance { get; } = new();

    public int Compare(DirectoryNode? x, DirectoryNode? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        int depth = x.Depth - y.Depth;
        while (x.Depth > y.Depth) x = x.Parent!;
        while (y.Depth > x.Depth) y = y.Parent!;
        // One is above the other: the upper one is needed first.
        if (ReferenceEquals(x, y)) return depth;
        while (!ReferenceEquals(x.Parent, y.Parent))
        {
            x = x.Parent!;
            y = y.Parent!;
        }
        return x.Index - y.Index;
    }
}
