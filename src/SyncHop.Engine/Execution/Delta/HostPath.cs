using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>The absolute paths of a tree's entries, by which signatures are found whatever way the tree was named. Asks the host once.</summary>
internal sealed class HostPath(IReplica replica)
{
    private readonly Lock _lock = new();
    private Task<byte[]?>? _root;

    /// <summary>An entry's absolute path, symlinks in the root resolved; null where the host does not tell.</summary>
    public async Task<byte[]?> OfAsync(RelativePath path, CancellationToken cancellation)
    {
        Task<byte[]?> asked;
        lock (_lock) asked = _root ??= replica.ResolveRootAsync(cancellation).AsTask();
        byte[]? root = await asked.ConfigureAwait(false);
        if (root is null || path.IsRoot) return root;
        return root is [(byte)'/'] ? [(byte)'/', .. path.Bytes] : [.. root, (byte)'/', .. path.Bytes];
    }
}
