using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution;

/// <summary>Tells whether two trees of one host have the same root.</summary>
internal static class SamePlace
{
    /// <summary>
    /// Whether both roots are one directory: by the paths that the host finds when it follows all symlinks, and where it tells
    /// numbers by these too, since a directory may be mounted in two places. Where one is not there, by the paths as they are named.
    /// </summary>
    public static async Task<bool> IsAsync(IReplica a, IReplica b, CancellationToken cancellation)
    {
        Task<byte[]?> first = a.ResolveRootAsync(cancellation).AsTask(), second = b.ResolveRootAsync(cancellation).AsTask();
        if (await first.ConfigureAwait(false) is not { } pathOfA || await second.ConfigureAwait(false) is not { } pathOfB)
            return AbsolutePath.Clean(a.FullPath(RelativePath.Root)).AsSpan().SequenceEqual(AbsolutePath.Clean(b.FullPath(RelativePath.Root)));
        return pathOfA.AsSpan().SequenceEqual(pathOfB) || (a.Host.Traits.IsLocal && await AreOneInodeAsync(a, b, cancellation).ConfigureAwait(false));
    }

    private static async Task<bool> AreOneInodeAsync(IReplica a, IReplica b, CancellationToken cancellation)
    {
        try
        {
            return await a.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false) is FileStat first
                && await b.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false) is FileStat second
                && first.Inode != 0 && first.Inode == second.Inode && first.Device == second.Device;
        }
        catch (ReplicaException)
        {
            // Where one cannot be looked at, nothing is put either, and each file says so.
            return false;
        }
    }
}
