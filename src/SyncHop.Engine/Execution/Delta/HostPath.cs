using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>The absolute paths of a tree's entries, by which signatures are found whatever way the tree was named. Asks the host once, or a second
/// time where the first was before the root was made.</summary>
internal sealed class HostPath(IReplica replica)
{
    private readonly Lock _lock = new();
    private Task<byte[]?>? _early, _root;

    /// <summary>Asks for the root's path before anybody needs it, so that the answer comes with others.</summary>
    public void AskEarly(CancellationToken cancellation) => _early = replica.ResolveRootAsync(cancellation).AsTask();

    /// <summary>An entry's absolute path, symlinks in the root resolved; null where the host does not tell.</summary>
    public async Task<byte[]?> OfAsync(RelativePath path, CancellationToken cancellation)
    {
        byte[]? root = _early is null ? null : await _early.ConfigureAwait(false);
        if (root is null)
        {
            Task<byte[]?> asked;
            lock (_lock) asked = _root ??= replica.ResolveRootAsync(cancellation).AsTask();
            root = await asked.ConfigureAwait(false);
        }
        if (root is null || path.IsRoot) return root;
        return root is [(byte)'/'] ? [(byte)'/', .. path.Bytes] : [.. root, (byte)'/', .. path.Bytes];
    }
}
