namespace SyncHop.Engine.Contract;

/// <summary>
/// A machine that holds trees: the local one, or the final host of a hop chain. All replicas of one host share its
/// connection and are used from many tasks at once.
/// </summary>
public interface IReplicaHost : IAsyncDisposable
{
    /// <summary>Users and groups of this host.</summary>
    IIdentities Identities { get; }

    /// <summary>What this host can do.</summary>
    ReplicaTraits Traits { get; }

    /// <summary>
    /// The tree at <paramref name="root"/>, which need not exist yet. An absolute path, or one relative to the working
    /// directory (local) or the home directory (remote). Symlinks in <paramref name="root"/> itself are followed, since the user named it.
    /// </summary>
    /// <param name="root">The path.</param>
    /// <param name="follows">Which symlinks below it are followed.</param>
    IReplica Open(byte[] root, LinkFollowing follows = LinkFollowing.None);

    /// <summary>Whether this host hashes files itself when it is asked: <see cref="ISourceFile.HashAsync"/> works, as far as is known.</summary>
    /// <param name="cancellation">Ends the wait; the host may have to be asked, once.</param>
    /// <exception cref="ReplicaLostException">The host is gone.</exception>
    ValueTask<bool> HashesFilesAsync(CancellationToken cancellation) => ValueTask.FromResult(false);
}

/// <summary>What a host can do, and how it is best used.</summary>
public sealed record ReplicaTraits
{
    /// <summary>Whether it is this machine: no round trips, no bytes on the wire.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>The length in bytes of the reads and writes it serves best.</summary>
    public required int BlockLength { get; init; }

    /// <summary>How many connections to it carry content at the moment.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Whether an answer takes so long that it is worth to have very many files under way.</summary>
    public bool IsFar { get; init; }

    /// <summary>How many files may be open at once.</summary>
    public required int OpenFiles { get; init; }

    /// <summary>Whether named pipes, sockets and device nodes can be made.</summary>
    public required bool CanMakeSpecialFiles { get; init; }

    /// <summary>Whether the time and owner of a symlink itself can be set.</summary>
    public required bool CanSetLinkAttributes { get; init; }

    /// <summary>Whether <see cref="FileStat.Rdev"/> is known.</summary>
    public required bool KnowsDevices { get; init; }

    /// <summary>Whether <see cref="FileStat.Device"/> of directories can be known.</summary>
    public required bool TellsFileSystems { get; init; }

    /// <summary>Whether it has extended attributes and access control lists.</summary>
    public bool HasExtendedAttributes { get; init; }

    /// <summary>Whether <see cref="ITargetFile.CopyFromAsync"/> works: ranges of an open file are copied without passing through here.</summary>
    public required bool CanCopyRanges { get; init; }

    /// <summary>Whether <see cref="ITargetFile.FlushAsync"/> works.</summary>
    public required bool CanFlush { get; init; }

    /// <summary>Whether <see cref="ITargetFile.AllocateAsync"/> works.</summary>
    public required bool CanAllocate { get; init; }
}

/// <summary>
/// One side of a sync: a tree of entries below a root. Paths are relative to that root and never lead out of it: below
/// the root no symlink is followed, also not one that is put in the way while the run goes on, but for what
/// <see cref="LinkFollowing"/> the tree was opened with.
/// Every method throws <see cref="ReplicaException"/> when the operation fails for that entry,
/// <see cref="ReplicaLostException"/> when the replica is gone, <see cref="OperationCanceledException"/> when cancelled.
/// </summary>
public interface IReplica : IDisposable
{
    /// <summary>The host this tree is on.</summary>
    IReplicaHost Host { get; }

    /// <summary>The path as the host knows it, absolute where that is known, for messages.</summary>
    byte[] FullPath(RelativePath path);

    /// <summary>
    /// The root's absolute path with all symlinks in it resolved, so that it is the same however the root was named
    /// (realpath(3), REALPATH); null where the host does not tell, or there is no such directory.
    /// </summary>
    ValueTask<byte[]?> ResolveRootAsync(CancellationToken cancellation);

    /// <summary>The entry's stat; null when there is none (or a directory on the way to it is missing).</summary>
    /// <param name="path">The entry.</param>
    /// <param name="followLink">stat(2) instead of lstat(2) for the last component; only for what the user named, and where symlinks are followed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<FileStat?> StatAsync(RelativePath path, bool followLink, CancellationToken cancellation);

    /// <summary>All entries of a directory but <c>.</c> and <c>..</c>, in no order, not followed.</summary>
    /// <param name="directory">The directory; never a symlink (NotDirectory), except the root itself and where symlinks are followed.</param>
    /// <param name="linkTargets">Whether the targets of symlinks are wanted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<FileList> ListAsync(RelativePath directory, bool linkTargets, CancellationToken cancellation);

    /// <summary>The extended attributes and access control lists of an entry itself, a symlink not followed.</summary>
    /// <param name="path">The entry.</param>
    /// <param name="type">Its kind: a symlink that <see cref="LinkFollowing"/> takes for a directory is one.</param>
    /// <param name="selection">Which are asked for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>null when it has none of those.</returns>
    /// <exception cref="ReplicaException">NotSupported where <see cref="ReplicaTraits.HasExtendedAttributes"/> is false, or they cannot be read.</exception>
    ValueTask<ExtendedAttributes?> ReadExtendedAsync(RelativePath path, FileType type, ExtendedSelection selection, CancellationToken cancellation) =>
        throw new ReplicaException(ReplicaError.NotSupported, "getxattr", "Operation not supported (95)");

    /// <summary>The target of a symlink.</summary>
    ValueTask<byte[]> ReadLinkAsync(RelativePath path, CancellationToken cancellation);

    /// <summary>Opens a regular file for reading; a symlink is not followed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<ISourceFile> OpenReadAsync(RelativePath path, CancellationToken cancellation);

    /// <summary>
    /// Creates a new file for writing under a temporary name; fails with <see cref="ReplicaError.Exists"/> when the name
    /// is taken. When it does not return a file, it leaves none: also when it is cancelled.
    /// </summary>
    /// <param name="temporary">The temporary name, in the directory of the file it will become.</param>
    /// <param name="permissions">The permissions it gets less this side's umask (open(2)).</param>
    /// <param name="length">The expected length in bytes, a hint.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<ITargetFile> CreateFileAsync(RelativePath temporary, uint permissions, long length, CancellationToken cancellation);

    /// <summary>
    /// Opens a regular file where it is, to change its content in place; makes it when it is missing. What is there stays
    /// as it is until it is written over. Anything but a regular file is refused; a symlink is not followed. A file its
    /// owner may not write to is opened all the same, as rsync does, and keeps its permissions.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="permissions">The permissions a missing file gets less this side's umask.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<ITargetFile> OpenWriteAsync(RelativePath path, uint permissions, CancellationToken cancellation);

    /// <summary>Makes a directory, whose parent exists, with <paramref name="permissions"/> less this side's umask (mkdir(2)).</summary>
    ValueTask CreateDirectoryAsync(RelativePath path, uint permissions, CancellationToken cancellation);

    /// <summary>Makes a symlink; fails with <see cref="ReplicaError.Exists"/> when the name is taken.</summary>
    ValueTask CreateSymlinkAsync(RelativePath path, ReadOnlyMemory<byte> target, CancellationToken cancellation);

    /// <summary>Makes a named pipe, socket or device node with <paramref name="permissions"/> less this side's umask (mknod(2)).</summary>
    ValueTask CreateSpecialAsync(RelativePath path, FileType type, uint permissions, ulong rdev, CancellationToken cancellation);

    /// <summary>Removes an entry that is not a directory.</summary>
    ValueTask RemoveFileAsync(RelativePath path, CancellationToken cancellation);

    /// <summary>Removes an empty directory; <see cref="ReplicaError.NotEmpty"/> when it is not empty.</summary>
    ValueTask RemoveDirectoryAsync(RelativePath path, CancellationToken cancellation);

    /// <summary>
    /// Renames, replacing what is not a directory at <paramref name="to"/> in one step where the host can do that; where it
    /// cannot, no cancellation comes between the steps.
    /// </summary>
    ValueTask RenameAsync(RelativePath from, RelativePath to, CancellationToken cancellation);

    /// <summary>Renames into a tree of the same host, replacing as <see cref="RenameAsync"/> does.</summary>
    ValueTask MoveAsync(RelativePath from, IReplica tree, RelativePath to, CancellationToken cancellation);

    /// <summary>
    /// Gives what is not a directory another name (link(2)), a symlink itself and not what it points to; fails with
    /// <see cref="ReplicaError.Exists"/> when the name is taken, with <see cref="ReplicaError.NotSupported"/> where there are no hard links.
    /// </summary>
    /// <param name="path">The new name.</param>
    /// <param name="tree">A tree of the same host.</param>
    /// <param name="existing">The entry in it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask CreateLinkAsync(RelativePath path, IReplica tree, RelativePath existing, CancellationToken cancellation);

    /// <summary>Sets attributes of the entry itself (a symlink is not followed). All that can be set is set.</summary>
    /// <returns>null, or the first failure; the others were still tried.</returns>
    ValueTask<ReplicaException?> SetAttributesAsync(
        RelativePath path, FileType type, AttributeChange change, CancellationToken cancellation);
}

/// <summary>An open file to read from. Reads at different offsets may overlap in time.</summary>
public interface ISourceFile : IAsyncDisposable
{
    /// <summary>The file's stat now, of the open file itself (fstat(2)).</summary>
    ValueTask<FileStat> StatAsync(CancellationToken cancellation);

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/>.</summary>
    /// <returns>The bytes read: less than asked only at the end of the file.</returns>
    ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Has the host hash blocks of the file itself; only where <see cref="IReplicaHost.HashesFilesAsync"/>.</summary>
    /// <param name="offset">Where the first block begins, in bytes.</param>
    /// <param name="length">Bytes to hash, at least 1 and at most <see cref="BlockHashes.MostBlocks"/> blocks; the last block is what remains.</param>
    /// <param name="blockLength">Bytes of a block, at least <see cref="BlockHashes.ShortestBlock"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>null when the host cannot, does something else, or the file has become shorter.</returns>
    ValueTask<BlockHashes?> HashAsync(long offset, long length, int blockLength, CancellationToken cancellation);
}

/// <summary>
/// A file being written: a new one under a temporary name (<see cref="IReplica.CreateFileAsync"/>), which disposing of it
/// without <see cref="CommitAsync"/> having succeeded removes, or one that is changed where it is
/// (<see cref="IReplica.OpenWriteAsync"/>), which then stays as far as it was written. Writes and copies at different offsets
/// may overlap in time.
/// </summary>
public interface ITargetFile : IAsyncDisposable
{
    /// <summary>
    /// Writes at <paramref name="offset"/>. When the task completes the buffer may be used again; whether the write
    /// succeeded may only be known at <see cref="CommitAsync"/>.
    /// </summary>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation);

    /// <summary>Writes zeros as <see cref="WriteAsync"/> does, but as a hole where the side can make one in what a file has (fallocate(2)).</summary>
    ValueTask WriteZerosAsync(long offset, ReadOnlyMemory<byte> zeros, CancellationToken cancellation);

    /// <summary>
    /// Copies a range of another open file of the same host into this one on the host itself (copy_file_range(2),
    /// copy-data); only where <see cref="ReplicaTraits.CanCopyRanges"/>. Whether it succeeded may only be known at
    /// <see cref="CommitAsync"/>; a range that reaches beyond the end of <paramref name="basis"/> fails.
    /// </summary>
    /// <param name="basis">The file to copy from, open until this one is committed or disposed of; not the same file as this one.</param>
    /// <param name="from">Where the range begins there, in bytes.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="to">Where it goes in this file, in bytes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask CopyFromAsync(ISourceFile basis, long from, long length, long to, CancellationToken cancellation);

    /// <summary>Gets the file its space on disk, where the file system does that (fallocate(2)); its length stays as it is.</summary>
    /// <exception cref="ReplicaException">There is not so much space, or (not <see cref="ReplicaTraits.CanAllocate"/>) the side has no such operation.</exception>
    ValueTask AllocateAsync(long length, CancellationToken cancellation);

    /// <summary>
    /// Puts what was written on stable storage (fsync(2)); only where <see cref="ReplicaTraits.CanFlush"/>. Whether it
    /// succeeded may only be known at <see cref="CommitAsync"/>.
    /// </summary>
    ValueTask FlushAsync(CancellationToken cancellation);

    /// <summary>The file's stat now, of the open file itself (fstat(2)); what was written before counts.</summary>
    ValueTask<FileStat> StatAsync(CancellationToken cancellation);

    /// <summary>Waits for everything written and copied so far, and opens the file for reading.</summary>
    /// <exception cref="ReplicaException">A write or copy failed, or the file cannot be read.</exception>
    ValueTask<ISourceFile> OpenWrittenAsync(CancellationToken cancellation);

    /// <summary>
    /// Waits for all writes, gives the file its length and attributes, closes it, and renames it over <paramref name="path"/>
    /// unless it has that name. All that happens only when every write succeeded. Failing to set an attribute does not
    /// stop the rename.
    /// </summary>
    /// <param name="path">The name in the end.</param>
    /// <param name="length">The length in bytes the file gets: what lies behind it is cut off, what was never written below it reads as zeros.</param>
    /// <param name="change">The attributes it gets.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>null, or the first attribute that could not be set.</returns>
    /// <exception cref="ReplicaException">A write, the close or the rename failed; nothing was replaced.</exception>
    ValueTask<ReplicaException?> CommitAsync(RelativePath path, long length, AttributeChange change, CancellationToken cancellation);

    /// <summary>Called when <see cref="CommitAsync"/> has closed the file, before it gets its name; a side whose names cost no round trip need not.</summary>
    Action? Closed { set; }

    /// <summary>What is known to be written: writes that have succeeded, also when the side is gone since.</summary>
    WrittenRanges Written { get; }

    /// <summary>Lets a temporary file stay when it is disposed of without having been committed.</summary>
    void Leave();
}
