using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Walks both sides depth first, in rsync's order, with many directories being listed ahead of the one that is needed,
/// so that a tree costs about its depth in round trips and not its size. What is listed ahead is bounded by entries.
/// </summary>
internal sealed class TreeScanner
{
    /// <summary>How many entries may lie listed and not yet used; the directory that is needed next is always listed.</summary>
    private const int EntriesAhead = 50_000;

    private readonly NodeLoader _loader;
    private readonly int _parallel;
    private readonly CancellationToken _cancellation;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<DirectoryNode, DirectoryNode> _waiting = new(ScanOrder.Instance);
    private readonly Stack<DirectoryNode> _path = new();
    private int _loading;
    private int _entriesAhead;

    /// <param name="top">The top, whose lists are there already.</param>
    /// <param name="loader">Lists a directory on both sides.</param>
    /// <param name="parallel">How many directories are listed at once.</param>
    /// <param name="cancellation">Ends the listing.</param>
    public TreeScanner(DirectoryNode top, NodeLoader loader, int parallel, CancellationToken cancellation)
    {
        _loader = loader;
        _parallel = parallel;
        _cancellation = cancellation;
        _path.Push(top);
        top.IsStarted = true;
        top.Loaded.SetResult();
        _entriesAhead = EntriesOf(top);
        lock (_lock) Enqueue(top);
        StartWaiting();
    }

    /// <summary>The next directory in rsync's order, loaded; null at the end.</summary>
    public async ValueTask<DirectoryNode?> NextAsync()
    {
        if (!_path.TryPop(out DirectoryNode? node)) return null;
        bool start = false;
        lock (_lock)
        {
            if (!node.IsStarted)
            {
                node.IsStarted = start = true;
                _loading++;
            }
        }
        if (start) _ = LoadAsync(node);
        await node.Loaded.Task.ConfigureAwait(false);
        IReadOnlyList<DirectoryNode> children = node.TakeChildren();
        for (int i = children.Count - 1; i >= 0; i--) _path.Push(children[i]);
        lock (_lock) _entriesAhead -= EntriesOf(node);
        StartWaiting();
        return node;
    }

    private static int EntriesOf(DirectoryNode node) => node.Source.Count + node.Destination.Count;

    private void Enqueue(DirectoryNode parent)
    {
        foreach (DirectoryNode child in parent.Children) _waiting.Enqueue(child, child);
    }

    private void StartWaiting()
    {
        while (true)
        {
            DirectoryNode? node = null;
            lock (_lock)
            {
                while (_loading < _parallel && _entriesAhead < EntriesAhead && _waiting.TryDequeue(out node, out _))
                {
                    if (!node.IsStarted) break;
                    node = null;
                }
                if (node is null) return;
                node.IsStarted = true;
                _loading++;
            }
            _ = Task.Run(() => LoadAsync(node));
        }
    }

    private async Task LoadAsync(DirectoryNode node)
    {
        try
        {
            await _loader.LoadAsync(node, _cancellation).ConfigureAwait(false);
            lock (_lock)
            {
                _loading--;
                _entriesAhead += EntriesOf(node);
                Enqueue(node);
            }
            node.Loaded.SetResult();
        }
        catch (Exception failure)
        {
            // Whoever waits for this directory gets the failure; it ends the run.
            lock (_lock) _loading--;
            node.Loaded.SetException(failure);
            return;
        }
        StartWaiting();
    }
}
