using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Expands wildcards in a remote source's path, as the remote shell does for rsync (rsync(1), ADVANCED USAGE; glob(7)): <c>*</c>, <c>?</c> and
/// <c>[...]</c> match within a component, and a dot at its beginning only where it is written. What matches nothing stays as it is.
/// </summary>
internal static class SourceGlob
{
    /// <summary>Expands all paths.</summary>
    /// <param name="host">Where they are; on this machine a shell has done it already.</param>
    /// <param name="paths">The paths, as typed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The paths that are there, in the order of the patterns, and of their names for each.</returns>
    public static async Task<IReadOnlyList<byte[]>> ExpandAsync(IReplicaHost host, IReadOnlyList<byte[]> paths, CancellationToken cancellation)
    {
        if (host.Traits.IsLocal || !paths.Any(static path => IsPattern(path))) return paths;
        List<byte[]> expanded = [];
        foreach (byte[] path in paths) expanded.AddRange(await ExpandAsync(host, path, cancellation).ConfigureAwait(false));
        return expanded;
    }

    private static async Task<IReadOnlyList<byte[]>> ExpandAsync(IReplicaHost host, byte[] path, CancellationToken cancellation)
    {
        if (!IsPattern(path)) return [path];
        List<byte[]> found = [[]];
        // Behind a wildcard it must be seen whether the rest of the path is there.
        bool isSure = true;
        int next = 0;
        while (next < path.Length && found.Count > 0)
        {
            int start = next;
            while (next < path.Length && path[next] == '/') next++;
            byte[] slashes = path[start..next];
            int end = Array.IndexOf(path, (byte)'/', next) is >= 0 and var slash ? slash : path.Length;
            byte[] component = path[next..end];
            next = end;
            if (component.Length > 0 && HasWildcard(component))
            {
                List<byte[]>[] matches = await Task.WhenAll(found.Select(directory => MatchAsync(host, [.. directory, .. slashes], component, cancellation))).ConfigureAwait(false);
                found = [.. matches.SelectMany(static names => names)];
                isSure = false;
            }
            else
            {
                found = [.. found.Select(directory => (byte[])[.. directory, .. slashes, .. Unescaped(component)])];
            }
        }
        if (!isSure)
        {
            bool[] there = await Task.WhenAll(found.Select(candidate => IsThereAsync(host, candidate, cancellation))).ConfigureAwait(false);
            found = [.. found.Where((_, index) => there[index])];
        }
        return found.Count == 0 ? [path] : found;
    }

    private static async Task<List<byte[]>> MatchAsync(IReplicaHost host, byte[] directory, byte[] pattern, CancellationToken cancellation)
    {
        try
        {
            using IReplica tree = host.Open(directory.Length == 0 ? "."u8.ToArray() : directory);
            FileList list = await tree.ListAsync(RelativePath.Root, linkTargets: false, cancellation).ConfigureAwait(false);
            List<byte[]> names = [];
            foreach (ref readonly FileList.Entry entry in list.Entries)
            {
                ReadOnlySpan<byte> name = list.NameOf(entry);
                if ((name[0] != '.' || pattern[0] == '.') && Wildcard.IsMatch(pattern, name)) names.Add(name.ToArray());
            }
            names.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
            return [.. names.Select(name => (byte[])[.. directory, .. name])];
        }
        catch (ReplicaException)
        {
            // No directory, or one that may not be read: nothing in it matches.
            return [];
        }
    }

    private static async Task<bool> IsThereAsync(IReplicaHost host, byte[] path, CancellationToken cancellation)
    {
        try
        {
            using IReplica tree = host.Open(path);
            return await tree.StatAsync(RelativePath.Root, followLink: path[^1] == '/', cancellation).ConfigureAwait(false) is { } stat
                && (path[^1] != '/' || stat.IsDirectory);
        }
        catch (ReplicaException)
        {
            return false;
        }
    }

    private static bool IsPattern(ReadOnlySpan<byte> path) => path.IndexOfAny(Wildcard.Special) >= 0;

    private static bool HasWildcard(ReadOnlySpan<byte> component)
    {
        for (int i = 0; i < component.Length; i++)
        {
            if (component[i] == '\\') i++;
            else if (Wildcard.Special.Contains(component[i])) return true;
        }
        return false;
    }

    /// <summary>A component that is no pattern, without the backslashes that make wildcards plain.</summary>
    private static byte[] Unescaped(ReadOnlySpan<byte> component)
    {
        List<byte> plain = new(component.Length);
        for (int i = 0; i < component.Length; i++)
        {
            if (component[i] == '\\' && i + 1 < component.Length && Wildcard.Special.Contains(component[i + 1])) i++;
            plain.Add(component[i]);
        }
        return [.. plain];
    }
}
