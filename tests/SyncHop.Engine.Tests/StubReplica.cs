using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Tests;

/// <summary>A tree that has a name and can be read as the test says; nothing else works.</summary>
internal sealed class StubReplica(string root = "/r", ReplicaTraits? traits = null) : IReplica, IReplicaHost
{
    /// <summary>What opening a file gives.</summary>
    public Func<RelativePath, ISourceFile> Open { get; init; } = _ => throw new NotSupportedException();

    /// <summary>Whether the host hashes files.</summary>
    public bool Hashes { get; init; }

    public IReplicaHost Host => this;

    public IIdentities Identities { get; } = new StubIdentities();

    public ReplicaTraits Traits { get; } = traits ?? Samples.Traits;

    public byte[] FullPath(RelativePath path) => path.IsRoot ? Samples.B(root) : [.. Samples.B(root), (byte)'/', .. path.Bytes];

    public ValueTask<ISourceFile> OpenReadAsync(RelativePath path, CancellationToken cancellation) => new(Open(path));

    public ValueTask<bool> HashesFilesAsync(CancellationToken cancellation) => new(Hashes);

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    IReplica IReplicaHost.Open(byte[] root, LinkFollowing follows) => throw new NotSupportedException();

    public ValueTask<byte[]?> ResolveRootAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<FileStat?> StatAsync(RelativePath path, bool followLink, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<FileList> ListAsync(RelativePath directory, bool linkTargets, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<byte[]> ReadLinkAsync(RelativePath path, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<ITargetFile> CreateFileAsync(RelativePath temporary, uint permissions, long length, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<ITargetFile> OpenWriteAsync(RelativePath path, uint permissions, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask CreateDirectoryAsync(RelativePath path, uint permissions, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask CreateSymlinkAsync(RelativePath path, ReadOnlyMemory<byte> target, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask CreateSpecialAsync(RelativePath path, FileType type, uint permissions, ulong rdev, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask RemoveFileAsync(RelativePath path, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask RemoveDirectoryAsync(RelativePath path, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask RenameAsync(RelativePath from, RelativePath to, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask MoveAsync(RelativePath from, IReplica tree, RelativePath to, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask CreateLinkAsync(RelativePath path, IReplica tree, RelativePath existing, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<ReplicaException?> SetAttributesAsync(
        RelativePath path, FileType type, AttributeChange change, CancellationToken cancellation) => throw new NotSupportedException();
}
