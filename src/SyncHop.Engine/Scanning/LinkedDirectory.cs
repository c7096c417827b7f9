using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>Finds the directory that a symlink in a tree leads to, without ever leaving the tree.</summary>
internal static class LinkedDirectory
{
    private const int LinkLimit = 40; // as the kernel's

    /// <summary>The directory at a path whose components may be symlinks; null when there is none, or when a link is absolute or leads out.</summary>
    public static async Task<(RelativePath Path, FileStat Stat)?> FindAsync(IReplica tree, RelativePath path, CancellationToken cancellation)
    {
        Stack<byte[]> rest = new();
        Push(rest, path.Bytes);
        RelativePath at = RelativePath.Root;
        int links = 0;
        while (rest.TryPop(out byte[]? name))
        {
            if (name is [] or [(byte)'.']) continue;
            if (name is [(byte)'.', (byte)'.'])
            {
                if (at.IsRoot) return null;
                at = at.Parent;
                continue;
            }
            RelativePath next = at.Join(name);
            if (await tree.StatAsync(next, followLink: false, cancellation).ConfigureAwait(false) is not FileStat stat) return null;
            if (stat.IsSymlink)
            {
                byte[] target = await tree.ReadLinkAsync(next, cancellation).ConfigureAwait(false);
                if (target is [(byte)'/', ..] || ++links > LinkLimit) return null;
                Push(rest, target);
                continue;
            }
            if (!stat.IsDirectory) return null;
            at = next;
        }
        if (at.IsRoot) return null;
        return await tree.StatAsync(at, followLink: false, cancellation).ConfigureAwait(false) is FileStat found ? (at, found) : null;
    }

    private static void Push(Stack<byte[]> rest, ReadOnlySpan<byte> path)
    {
        List<byte[]> components = [];
        foreach (Range range in path.Split((byte)'/')) components.Add(path[range].ToArray());
        for (int i = components.Count - 1; i >= 0; i--) rest.Push(components[i]);
    }
}
