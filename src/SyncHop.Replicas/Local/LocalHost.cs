using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>This machine.</summary>
public sealed class LocalHost : IReplicaHost
{
    private const int PreferredBlockLength = 256 * 1024;

    // A file being written holds its directory open too, and a local copy has a source and a target: three descriptors
    // per file, and some for everything else.
    private const int DescriptorsPerFile = 4;

    /// <summary>Raises the process's limit of open files as far as permitted.</summary>
    public LocalHost()
    {
        Traits = new ReplicaTraits
        {
            IsLocal = true,
            BlockLength = PreferredBlockLength,
            OpenFiles = Math.Max(1, OpenFileLimit.Raise() / DescriptorsPerFile),
            CanMakeSpecialFiles = true,
            CanSetLinkAttributes = true,
            KnowsDevices = true,
            TellsFileSystems = true,
            HasExtendedAttributes = true,
            CanCopyRanges = true,
            CanFlush = true,
            CanAllocate = true,
        };
    }

    /// <summary>Whether reading leaves access times alone where that is permitted: <c>O_NOATIME</c> (open(2)).</summary>
    public bool KeepsAccessTimes { get; init; }

    /// <summary>Which symlinks in the roots of trees are followed; null for all.</summary>
    internal LinkGuard? Guard { get; private init; }

    /// <inheritdoc/>
    public IIdentities Identities { get; private init; } = new LocalIdentities();

    /// <summary>The same machine, guarded against symlinks in the roots of trees: see <see cref="TrustedPath"/>.</summary>
    /// <param name="followsOthers">Whether those of others are followed.</param>
    /// <param name="latestLink">From when on a symlink that is made, or moved to where it is, is refused; null where that does not matter.</param>
    public LocalHost Guarded(bool followsOthers = false, DateTimeOffset? latestLink = null) => new()
    {
        KeepsAccessTimes = KeepsAccessTimes,
        Guard = new LinkGuard { FollowsOthers = followsOthers, Latest = latestLink },
        Identities = Identities,
    };

    /// <inheritdoc/>
    public ReplicaTraits Traits { get; }

    /// <inheritdoc/>
    /// <remarks>The empty path is the working directory. Nothing is opened before the first operation.</remarks>
    /// <exception cref="ArgumentException">The path has a NUL in it.</exception>
    public IReplica Open(byte[] root, LinkFollowing follows = LinkFollowing.None)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (root.AsSpan().Contains((byte)0)) throw new ArgumentException("the path has a NUL byte in it", nameof(root));
        return new LocalReplica(this, root, follows);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
