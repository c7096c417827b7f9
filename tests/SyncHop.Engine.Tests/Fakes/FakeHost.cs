using System.Text;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Tests.Fakes;

/// <summary>A host whose trees are in memory; every operation can be made to fail by a <see cref="FaultPlan"/>.</summary>
internal sealed class FakeHost(FakeNode root, FaultPlan faults, bool isLocal = false) : IReplicaHost
{
    public FakeNode Root { get; } = root;

    public FaultPlan Faults { get; } = faults;

    public Lock Lock { get; } = new();

    /// <summary>Whether each tree is a file system of its own.</summary>
    public bool TreesAreApart { get; init; }

    /// <summary>Changes what a listing says; given the directory's path.</summary>
    public Action<string, FileList>? Tamper { get; init; }

    /// <summary>Called with each operation and its path, under the lock.</summary>
    public Action<string, string>? Watch { get; init; }

    /// <summary>
    /// Where given, operations take effect in the order of their calls, and are answered when what this returns, given the
    /// operation and its path, has completed.
    /// </summary>
    public Func<string, string, Task>? Answer { get; init; }

    /// <summary>Where given, an operation takes effect when what this returns has completed.</summary>
    public Func<string, string, Task>? Begin { get; init; }

    /// <summary>What the host answers when it is asked for hashes of a content; null for a host that does not hash.</summary>
    public Func<byte[], long, long, int, BlockHashes?>? Hashing { get; init; }

    public IIdentities Identities { get; } = new FakeIdentities();

    public ReplicaTraits Traits => new()
    {
        IsLocal = isLocal,
        BlockLength = 1024,
        OpenFiles = 1000,
        CanMakeSpecialFiles = true,
        CanSetLinkAttributes = true,
        KnowsDevices = true,
        TellsFileSystems = true,
        CanCopyRanges = true,
        CanFlush = true,
        CanAllocate = true,
    };

    public IReplica Open(byte[] root, LinkFollowing follows = LinkFollowing.None) => new FakeReplica(this, Text(root).Trim('/'));

    public ValueTask<bool> HashesFilesAsync(CancellationToken cancellation) => ValueTask.FromResult(Hashing is not null);

    /// <summary>Hashes as check-file has them.</summary>
    public static BlockHashes? Hash(byte[] content, long offset, long length, int blockLength)
    {
        List<byte> hashes = [];
        for (long start = offset; start < offset + length; start += blockLength)
        {
            int count = (int)Math.Min(blockLength, offset + length - start);
            hashes.AddRange(System.Security.Cryptography.SHA256.HashData(content.AsSpan((int)start, count)));
        }
        return new BlockHashes(System.Security.Cryptography.HashAlgorithmName.SHA256, hashes.ToArray());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private sealed class FakeIdentities : IIdentities
    {
        public bool IsSuperuser => false;

        public uint Uid => 0;

        public ValueTask LoadAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public bool IsMember(uint gid) => true;

        public ValueTask<IdentityNames> NamesAsync(IReadOnlyCollection<uint> uids, IReadOnlyCollection<uint> gids, CancellationToken cancellation) =>
            ValueTask.FromResult(new IdentityNames(new Dictionary<uint, byte[]>(), new Dictionary<uint, byte[]>()));

        public uint? FindUser(ReadOnlySpan<byte> name) => null;

        public uint? FindGroup(ReadOnlySpan<byte> name) => null;
    }
}
