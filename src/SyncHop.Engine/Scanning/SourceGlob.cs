using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Expands wildcards in a remote source's path, as the remote shell does for rsync (rsync(1), ADVANCED USAGE; glob(7)): <c>*</c>, <c>?</c> and
/// <c>[...]</c> match within a component, and a dot at its beginning only where it is written. What matches nothing stays as it is.
/// </summary>
internal static class SourceGlob
{
    private const int QuestionsAtOnce = 256;

    /// <summary>Bytes of the paths that one pattern may become; a shell has room for some 2 MiB (execve(2), ARG_MAX).</summary>
    private const int MostBytes = 32 << 20;

    /// <summary>Expands all paths.</summary>
    /// <param name="host">Where they are; on this machine a shell has done it already.</param>
    /// <param name="paths">The paths, as typed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The paths that are there, in the order of the patterns, and of their names for each.</returns>
    /// <exception cref="SyncException">The server does not tell what is there, or it is too much.</exception>
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
        // What comes from a listing is there; whether what is written behind it is must be asked.
        bool hasMatched = false, isListed = true;
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
                List<byte[]> matches = [];
                long bytes = 0;
                foreach (byte[][] directories in found.Chunk(QuestionsAtOnce))
                {
                    foreach (List<byte[]> names in await Task.WhenAll(directories.Select(directory => MatchAsync(host, [.. directory, .. slashes], component, cancellation))).ConfigureAwait(false))
                    {
                        matches.AddRange(names);
                        bytes += names.Sum(static name => (long)name.Length);
                        if (bytes > MostBytes) throw Refused(path, "it matches too many names");
                    }
                }
                found = matches;
                hasMatched = isListed = true;
            }
            else
            {
                found = [.. found.Select(directory => (byte[])[.. directory, .. slashes, .. Unescaped(component)])];
                isListed = !hasMatched;
            }
        }
        if (!isListed)
        {
            List<byte[]> there = [];
            foreach (byte[][] candidates in found.Chunk(QuestionsAtOnce))
            {
                bool[] answers = await Task.WhenAll(candidates.Select(candidate => IsThereAsync(host, candidate, cancellation))).ConfigureAwait(false);
                there.AddRange(candidates.Where((_, index) => answers[index]));
            }
            found = there;
        }
        return found.Count == 0 ? [path] : found;
    }

    private static async Task<List<byte[]>> MatchAsync(IReplicaHost host, byte[] directory, byte[] pattern, CancellationToken cancellation)
    {
        using IReplica tree = host.Open(directory.Length == 0 ? "."u8.ToArray() : directory);
        try
        {
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
        catch (ReplicaException failure)
        {
            // Not every server says that what cannot be listed is no directory.
            if (IsAbsence(failure) || !await IsThereAsync(host, [.. directory, (byte)'/'], cancellation).ConfigureAwait(false)) return [];
            throw Refused(tree.FullPath(RelativePath.Root), failure.Reason);
        }
    }

    private static async Task<bool> IsThereAsync(IReplicaHost host, byte[] path, CancellationToken cancellation)
    {
        bool isDirectory = path[^1] == '/';
        using IReplica tree = host.Open(path);
        try
        {
            return await tree.StatAsync(RelativePath.Root, followLink: isDirectory, cancellation).ConfigureAwait(false) is { } stat && (!isDirectory || stat.IsDirectory);
        }
        catch (ReplicaException failure)
        {
            return IsAbsence(failure) ? false : throw Refused(tree.FullPath(RelativePath.Root), failure.Reason);
        }
    }

    /// <summary>As a shell takes it; anything else that goes wrong must not pass for "there is nothing", or <c>--delete</c> would believe it.</summary>
    private static bool IsAbsence(ReplicaException failure) =>
        failure.Error is ReplicaError.NotFound or ReplicaError.NotDirectory or ReplicaError.PermissionDenied;

    private static SyncException Refused(byte[] path, string reason) => new(ExitCode.FileSelection, "synchop: [sender] cannot expand wildcards in", path, reason);

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

    /// <summary>A component that is no pattern, without the backslashes that make the next byte plain.</summary>
    private static byte[] Unescaped(ReadOnlySpan<byte> component)
    {
        List<byte> plain = new(component.Length);
        for (int i = 0; i < component.Length; i++)
        {
            if (component[i] == '\\' && i + 1 < component.Length && (component[i + 1] == '\\' || Wildcard.Special.Contains(component[i + 1]))) i++;
            plain.Add(component[i]);
        }
        return [.. plain];
    }
}
