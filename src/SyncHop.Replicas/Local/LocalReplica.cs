using System.Runtime.CompilerServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>
/// A tree on this machine. Operations are system calls made before the method returns; the tasks are complete. Names are
/// raw bytes, entries are reached through directory descriptors, and below the root no symlink is followed.
/// </summary>
[SkipLocalsInit]
public sealed class LocalReplica : IReplica
{
    private readonly byte[] _rootPath; // as the user named it, NUL-terminated
    private readonly byte[] _fullRootPath;
    private readonly DirectoryCache _directories;
    private readonly DirectoryCache _changed; // of what is changed: no symlink leads out of the tree
    private readonly LinkFollowing _follows;
    private readonly bool _keepsAccessTimes;
    private readonly LinkGuard? _guard;

    internal LocalReplica(LocalHost host, ReadOnlySpan<byte> root, LinkFollowing follows)
    {
        Host = host;
        _keepsAccessTimes = host.KeepsAccessTimes;
        _rootPath = root.IsEmpty ? [(byte)'.', 0] : [.. root, 0];
        _fullRootPath = WorkingDirectory.MakeAbsolute(_rootPath.AsSpan(0, _rootPath.Length - 1));
        _follows = follows;
        _guard = host.Guard;
        _directories = new DirectoryCache(_rootPath, follows, _guard);
        _changed = follows is LinkFollowing.None or LinkFollowing.Beneath ? _directories : new DirectoryCache(_rootPath, LinkFollowing.Beneath, _guard);
    }

    /// <inheritdoc/>
    public IReplicaHost Host { get; }

    /// <inheritdoc/>
    public byte[] FullPath(RelativePath path) =>
        path.IsRoot ? [.. _fullRootPath]
        : _fullRootPath is [(byte)'/'] ? [(byte)'/', .. path.Bytes]
        : [.. _fullRootPath, (byte)'/', .. path.Bytes];

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ResolveRootAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return WorkingDirectory.Resolve(_rootPath);
    }

    /// <inheritdoc/>
    public async ValueTask<FileStat?> StatAsync(RelativePath path, bool followLink, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location at = path.IsRoot && _guard is not null
            ? Location.OfTrustedPath(_rootPath.AsSpan(0, _rootPath.Length - 1), followLink, _guard)
            : Locate(path, stackalloc byte[Location.NameCapacity]);
        FileStat stat = default;
        int error = at.Error;
        if (error == Errno.None)
            error = EntryStat.Get(at.Directory, in at.Name, followLink && !(path.IsRoot && _guard is not null) ? 0 : Linux.AT_SYMLINK_NOFOLLOW, out stat);
        // Not a directory, or a symlink, on the way: then there is no such entry either.
        else if (error == Errno.ELOOP && _follows == LinkFollowing.None) return null;
        if (error == Errno.None && followLink && stat.IsDirectory && _follows == LinkFollowing.Beneath && !path.IsRoot)
        {
            using Location inside = Location.OfDirectory(_directories, path.Bytes);
            error = inside.Error;
        }
        return error switch
        {
            Errno.None => stat,
            Errno.ENOENT or Errno.ENOTDIR => null,
            _ => throw Errno.Failure(error, "stat"),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<FileList> ListAsync(RelativePath directory, bool linkTargets, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long stamp = _directories.Stamp;
        using Location at = directory.IsRoot || _follows != LinkFollowing.None
            ? Location.OfDirectory(_directories, directory.Bytes)
            : Locate(directory, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("opendir");
        int flags = Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_NOFOLLOW | Linux.O_NONBLOCK;
        int error = Descriptor.OpenToRead(at.Directory, in at.Name, flags, _keepsAccessTimes, out Descriptor? opened);
        if (error != Errno.None) throw Errno.Failure(error, "opendir");
        try
        {
            return DirectoryReader.Read(opened, linkTargets, cancellation);
        }
        finally
        {
            // What was listed is likely to be worked on next.
            _directories.Offer(directory.Bytes, opened, stamp);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ExtendedAttributes?> ReadExtendedAsync(
        RelativePath path, FileType type, ExtendedSelection selection, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location at = LocateExtended(path, type, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("get_xattr_names: llistxattr");
        bool follows = _follows == LinkFollowing.Everything && type is not (FileType.Symlink or FileType.Directory);
        return ExtendedReader.Read(
            new ExtendedPlace(in at, stackalloc byte[ExtendedPlace.PathCapacity]), follows, selection, name => ReadWhole(path, type, name));
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> ReadLinkAsync(RelativePath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location at = Locate(path, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("readlink");
        return DirectoryReader.ReadLink(in at);
    }

    /// <inheritdoc/>
    public async ValueTask<ISourceFile> OpenReadAsync(RelativePath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location at = Locate(path, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("open");
        return LocalSourceFile.Open(in at, _keepsAccessTimes, _follows == LinkFollowing.Everything);
    }

    /// <inheritdoc/>
    public async ValueTask<ITargetFile> CreateFileAsync(
        RelativePath temporary, uint permissions, long length, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location at = Location.OfEntry(_changed, temporary.Bytes, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("mkstemp");
        return LocalTargetFile.Create(_changed, temporary, in at, permissions);
    }

    /// <inheritdoc/>
    public async ValueTask<ITargetFile> OpenWriteAsync(RelativePath path, uint permissions, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location at = Location.OfEntry(_changed, path.Bytes, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("open");
        return LocalTargetFile.OpenInPlace(_changed, path, in at, permissions);
    }

    /// <inheritdoc/>
    public async ValueTask CreateDirectoryAsync(RelativePath path, uint permissions, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location at = LocateToChange(path, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("mkdir");
        while (Libc.mkdirat(at.Directory, in at.Name, permissions & FileStat.PermissionMask) < 0)
            Errno.RetryOrThrow("mkdir");
        Forget(path);
    }

    /// <inheritdoc/>
    public async ValueTask CreateSymlinkAsync(RelativePath path, ReadOnlyMemory<byte> target, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (target.Span.Contains((byte)0)) throw Errno.Failure(Errno.EINVAL, "symlink");
        byte[] terminatedTarget = [.. target.Span, 0];
        using Location at = LocateToChange(path, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("symlink");
        while (Libc.symlinkat(in terminatedTarget[0], at.Directory, in at.Name) < 0) Errno.RetryOrThrow("symlink");
    }

    /// <inheritdoc/>
    public async ValueTask CreateSpecialAsync(
        RelativePath path, FileType type, uint permissions, ulong rdev, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool isDevice = type is FileType.CharacterDevice or FileType.BlockDevice;
        if (!isDevice && type is not (FileType.Fifo or FileType.Socket)) throw Errno.Failure(Errno.EINVAL, "mknod");
        using Location at = LocateToChange(path, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("mknod");
        uint mode = FileStat.TypeBits(type) | (permissions & FileStat.PermissionMask);
        while (Libc.mknodat(at.Directory, in at.Name, mode, isDevice ? rdev : 0) < 0) Errno.RetryOrThrow("mknod");
    }

    /// <inheritdoc/>
    public async ValueTask RemoveFileAsync(RelativePath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location at = LocateToChange(path, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("unlink");
        while (Libc.unlinkat(at.Directory, in at.Name, 0) < 0) Errno.RetryOrThrow("unlink");
    }

    /// <inheritdoc/>
    public async ValueTask RemoveDirectoryAsync(RelativePath path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location at = LocateToChange(path, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("rmdir");
        while (Libc.unlinkat(at.Directory, in at.Name, Linux.AT_REMOVEDIR) < 0) Errno.RetryOrThrow("rmdir");
        Forget(path);
    }

    /// <inheritdoc/>
    public ValueTask RenameAsync(RelativePath from, RelativePath to, CancellationToken cancellation) =>
        MoveAsync(from, this, to, cancellation);

    /// <inheritdoc/>
    public async ValueTask MoveAsync(RelativePath from, IReplica tree, RelativePath to, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        LocalReplica other = (LocalReplica)tree;
        using Location source = LocateToChange(from, stackalloc byte[Location.NameCapacity]);
        source.ThrowIfUnreachable("rename");
        using Location target = other.LocateToChange(to, stackalloc byte[Location.NameCapacity]);
        target.ThrowIfUnreachable("rename");
        while (Libc.renameat(source.Directory, in source.Name, target.Directory, in target.Name) < 0)
            Errno.RetryOrThrow("rename");
        Forget(from);
        other.Forget(to);
    }

    /// <inheritdoc/>
    public async ValueTask CreateLinkAsync(RelativePath path, IReplica tree, RelativePath existing, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location source = ((LocalReplica)tree).LocateToChange(existing, stackalloc byte[Location.NameCapacity]);
        source.ThrowIfUnreachable("link");
        using Location target = LocateToChange(path, stackalloc byte[Location.NameCapacity]);
        target.ThrowIfUnreachable("link");
        while (Libc.linkat(source.Directory, in source.Name, target.Directory, in target.Name, 0) < 0) Errno.RetryOrThrow("link");
    }

    /// <inheritdoc/>
    public async ValueTask<ReplicaException?> SetAttributesAsync(
        RelativePath path, FileType type, AttributeChange change, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Location at = type == FileType.Directory && (path.IsRoot || IsKeptLink(path))
            ? Location.OfDirectory(_changed, path.Bytes)
            : LocateToChange(path, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("setattr");
        return EntryAttributes.Set(in at, type, change);
    }

    private byte[] ReadWhole(RelativePath path, FileType type, byte[] name)
    {
        using Location at = LocateExtended(path, type, stackalloc byte[Location.NameCapacity]);
        at.ThrowIfUnreachable("get_xattr_data: lgetxattr");
        int error = new ExtendedPlace(in at, stackalloc byte[ExtendedPlace.PathCapacity]).Get(name, out byte[] value);
        return error == Errno.None ? value : throw Errno.Failure(error, "get_xattr_data: lgetxattr");
    }

    private Location LocateExtended(RelativePath path, FileType type, Span<byte> nameBuffer) =>
        type == FileType.Directory && (path.IsRoot || _follows != LinkFollowing.None)
            ? Location.OfDirectory(_directories, path.Bytes)
            : Locate(path, nameBuffer);

    /// <summary>Closes the directories; files still open stay usable.</summary>
    public void Dispose()
    {
        _directories.Dispose();
        _changed.Dispose();
    }

    /// <summary>Whether a symlink is in the place of a directory, whose attributes are meant.</summary>
    private bool IsKeptLink(RelativePath path)
    {
        if (_follows != LinkFollowing.Beneath) return false;
        using Location at = LocateToChange(path, stackalloc byte[Location.NameCapacity]);
        return at.Error == Errno.None
            && EntryStat.Get(at.Directory, in at.Name, Linux.AT_SYMLINK_NOFOLLOW, out FileStat stat) == Errno.None && stat.IsSymlink;
    }

    private void Forget(RelativePath path)
    {
        _directories.Forget(path.Bytes);
        if (_changed != _directories) _changed.Forget(path.Bytes);
    }

    private Location LocateToChange(RelativePath path, Span<byte> nameBuffer) =>
        path.IsRoot ? LocateRoot() : Location.OfEntry(_changed, path.Bytes, nameBuffer);

    private Location Locate(RelativePath path, Span<byte> nameBuffer) =>
        path.IsRoot ? LocateRoot() : Location.OfEntry(_directories, path.Bytes, nameBuffer);

    private Location LocateRoot() =>
        _guard is not null ? Location.OfTrustedPath(_rootPath.AsSpan(0, _rootPath.Length - 1), followsLast: false, _guard)
        : Location.OfUserPath(_rootPath);
}
