using SyncHop.Engine.Contract;

namespace SyncHop.Engine;

// What becomes of symlinks.
public sealed partial record SyncOptions
{
    /// <summary><c>--copy-links, -L</c>: what a symlink of the source leads to is copied.</summary>
    public bool CopyLinks { get; init; }

    /// <summary><c>--copy-dirlinks, -k</c>: the same for symlinks to directories alone.</summary>
    public bool CopyDirectoryLinks { get; init; }

    /// <summary><c>--copy-unsafe-links</c>: the same for symlinks that may lead out of the transfer.</summary>
    public bool CopyUnsafeLinks { get; init; }

    /// <summary><c>--safe-links</c>: symlinks that may lead out of the transfer are not made.</summary>
    public bool SafeLinks { get; init; }

    /// <summary><c>--keep-dirlinks, -K</c>: a symlink to a directory on the destination stands for that directory.</summary>
    public bool KeepDirectoryLinks { get; init; }

    /// <summary><c>--munge-links</c>: symlinks on this side have targets that cannot be followed.</summary>
    public bool MungeLinks { get; init; }

    /// <summary>Whether some symlinks of the source are followed.</summary>
    internal bool FollowsLinks => CopyLinks || CopyDirectoryLinks || CopyUnsafeLinks;

    /// <summary>Whether the targets of the source's symlinks matter.</summary>
    internal bool NeedsLinkTargets => !CopyLinks && (Links || CopyUnsafeLinks);

    /// <summary>Which symlinks below the sources are followed when they are read.</summary>
    internal LinkFollowing SourceLinks => CopyLinks || CopyUnsafeLinks ? LinkFollowing.Everything
        : CopyDirectoryLinks ? LinkFollowing.Directories : LinkFollowing.None;

    /// <summary>Which symlinks below the destination are followed.</summary>
    internal LinkFollowing DestinationLinks => KeepDirectoryLinks ? LinkFollowing.Beneath : LinkFollowing.None;
}
