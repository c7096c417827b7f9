using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution;

/// <summary>Makes a directory that the user named, with those above it that are missing.</summary>
internal static class PathMaker
{
    private const uint Everything = 0x1FF; // 0777, less the umask

    /// <summary>Makes the directory at <paramref name="path"/>.</summary>
    /// <param name="host">The host it is on.</param>
    /// <param name="path">The path, as for <see cref="IReplicaHost.Open"/>.</param>
    /// <param name="dryRun">Whether nothing is made, only counted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How many directories were missing.</returns>
    /// <exception cref="ReplicaException">One cannot be made.</exception>
    public static async Task<int> MakeAsync(IReplicaHost host, ReadOnlyMemory<byte> path, bool dryRun, CancellationToken cancellation)
    {
        using IReplica tree = host.Open(path.ToArray());
        if (await tree.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false) is FileStat stat)
            return stat.IsDirectory ? 0 : throw new ReplicaException(ReplicaError.Exists, "mkdir", "File exists (17)");
        ReadOnlyMemory<byte> trimmed = path[..path.Span.TrimEnd((byte)'/').Length];
        int slash = trimmed.Span.LastIndexOf((byte)'/');
        int missing = slash <= 0 ? 0 : await MakeAsync(host, trimmed[..slash], dryRun, cancellation).ConfigureAwait(false);
        if (!dryRun) await MakeAsync(tree, cancellation).ConfigureAwait(false);
        return missing + 1;
    }

    private static async Task MakeAsync(IReplica tree, CancellationToken cancellation)
    {
        try
        {
            await tree.CreateDirectoryAsync(RelativePath.Root, Everything, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            // Another task may have made it meanwhile.
            if (await tree.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false) is not { IsDirectory: true }) throw;
        }
    }
}
