using System.Runtime.InteropServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>
/// A file being written with pwrite(2). Its directory stays open, so that the rename happens in the very directory in
/// which the file was opened, whatever has become of the path.
/// </summary>
internal sealed class LocalTargetFile : ITargetFile
{
    private const uint OwnerWrite = 0x80; // 0200
    private const int OpenTries = 100;

    private readonly DirectoryCache _directories;
    private readonly RelativePath _path;
    private readonly byte[] _name;
    private readonly Descriptor _directory;
    private readonly Descriptor _file;
    private readonly bool _isTemporary;
    private ReplicaException? _failure;
    private bool _isCommitted;
    private bool _isLeft;
    private int _isDisposed;

    private LocalTargetFile(DirectoryCache directories, RelativePath path, Descriptor directory, Descriptor file, bool isTemporary)
    {
        _directories = directories;
        _path = path;
        _name = [.. path.Name, 0];
        _directory = directory;
        _file = file;
        _isTemporary = isTemporary;
        directory.Retain();
    }

    /// <summary>Creates the file at <paramref name="at"/>, the location of <paramref name="temporary"/>.</summary>
    /// <exception cref="ReplicaException">It cannot be created, or exists.</exception>
    public static LocalTargetFile Create(
        DirectoryCache directories, RelativePath temporary, in Location at, uint permissions)
    {
        int flags = Linux.O_WRONLY | Linux.O_CREAT | Linux.O_EXCL | Linux.O_NOFOLLOW | Linux.O_NOCTTY;
        int error = Descriptor.Open(at.Directory, in at.Name, flags, permissions & FileStat.PermissionMask, out Descriptor? file);
        if (error != Errno.None) throw Errno.Failure(error, "mkstemp");
        return new LocalTargetFile(directories, temporary, at.Directory, file, isTemporary: true);
    }

    /// <summary>Opens the regular file at <paramref name="at"/>, the location of <paramref name="path"/>, as it is, or makes it.</summary>
    /// <exception cref="ReplicaException">It cannot be opened, or is not a regular file.</exception>
    public static LocalTargetFile OpenInPlace(DirectoryCache directories, RelativePath path, in Location at, uint permissions)
    {
        // O_NONBLOCK: opening a named pipe would wait for its reader.
        int flags = Linux.O_WRONLY | Linux.O_NOFOLLOW | Linux.O_NOCTTY | Linux.O_NONBLOCK;
        Descriptor? file = null;
        int error = Errno.ENOENT;
        // It may come and go between the two ways to open it. O_CREAT alone would be refused on others' files in /tmp (fs.protected_regular).
        for (int attempt = 0; attempt < OpenTries && error is Errno.ENOENT or Errno.EEXIST; attempt++)
        {
            error = Descriptor.Open(at.Directory, in at.Name, flags, 0, out file);
            if (error != Errno.ENOENT) break;
            error = Descriptor.Open(
                at.Directory, in at.Name, flags | Linux.O_CREAT | Linux.O_EXCL, permissions & FileStat.PermissionMask, out file);
        }
        if (error == Errno.EACCES) error = OpenReadOnly(in at, flags, out file);
        if (error != Errno.None) throw Errno.Failure(error, "open");

        error = EntryStat.Get(file!, out FileStat stat);
        if (error == Errno.None && stat.IsRegular) return new LocalTargetFile(directories, path, at.Directory, file!, isTemporary: false);
        file!.Dispose();
        if (error == Errno.None) throw new ReplicaException(ReplicaError.Other, "open", "not a regular file");
        throw Errno.Failure(error, "open");
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        WriteAsync(offset, data, asHole: false, cancellation);

    /// <inheritdoc/>
    public ValueTask WriteZerosAsync(long offset, ReadOnlyMemory<byte> zeros, CancellationToken cancellation) =>
        WriteAsync(offset, zeros, asHole: true, cancellation);

    private async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, bool asHole, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            if (!asHole || !TryPunch(offset, data.Length)) Write(offset, data.Span);
            Written.Add(offset, data.Length);
        }
        catch (ReplicaException failure)
        {
            Volatile.Write(ref _failure, failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask CopyFromAsync(ISourceFile basis, long from, long length, long to, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            FileRange.Copy(((LocalSourceFile)basis).File, from, _file, to, length, cancellation);
        }
        catch (ReplicaException failure)
        {
            Volatile.Write(ref _failure, failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask AllocateAsync(long length, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (length == 0) return;
        while (Libc.fallocate(_file, Linux.FALLOC_FL_KEEP_SIZE, 0, length) < 0)
        {
            // Not on this file system.
            if (Errno.Last == Errno.EOPNOTSUPP) return;
            Errno.RetryOrThrow("do_fallocate");
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (Libc.fsync(_file) < 0) Errno.RetryOrThrow("fsync");
    }

    /// <inheritdoc/>
    public async ValueTask<FileStat> StatAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int error = EntryStat.Get(_file, out FileStat stat);
        return error == Errno.None ? stat : throw Errno.Failure(error, "fstat");
    }

    /// <inheritdoc/>
    public async ValueTask<ISourceFile> OpenWrittenAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _failure) is { } failure) throw failure;
        Span<byte> nameBuffer = stackalloc byte[Location.NameCapacity];
        using Location at = Location.OfEntry(_directory, _path.Name, nameBuffer);
        at.ThrowIfUnreachable("open");
        return LocalSourceFile.Open(in at, keepsAccessTime: false);
    }

    /// <inheritdoc/>
    public async ValueTask<ReplicaException?> CommitAsync(
        RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _failure) is { } failure) throw failure;
        SetLength(length);
        ReplicaException? attributeFailure = EntryAttributes.Set(_file, change);

        // Network file systems report a failed write no earlier than here.
        _file.Dispose();
        if (_file.CloseError != Errno.None) throw _failure = Errno.Failure(_file.CloseError, "close");
        if (path != _path) Rename(path);
        _isCommitted = true;
        return attributeFailure;
    }

    /// <inheritdoc/>
    public Action? Closed
    {
        // The rename costs no round trip.
        set { }
    }

    /// <inheritdoc/>
    public WrittenRanges Written { get; } = new();

    /// <inheritdoc/>
    public void Leave() => _isLeft = true;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return ValueTask.CompletedTask;
        _file.Dispose();
        if (_isTemporary && !_isCommitted && !_isLeft)
        {
            // Nothing can be done about a temporary file that cannot be removed.
            while (Libc.unlinkat(_directory, in _name[0], 0) < 0 && Errno.Last == Errno.EINTR) { }
        }
        _directory.Release();
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens a file without write permission for its owner, and leaves it so: the descriptor stays writable.</summary>
    private static int OpenReadOnly(in Location at, int flags, out Descriptor? file)
    {
        file = null;
        int error = EntryStat.Get(at.Directory, in at.Name, Linux.AT_SYMLINK_NOFOLLOW, out FileStat stat);
        if (error != Errno.None) return error;
        if (!stat.IsRegular || (stat.Permissions & OwnerWrite) != 0) return Errno.EACCES;
        if (EntryAttributes.ChangeMode(at.Directory, in at.Name, stat.Permissions | OwnerWrite) != Errno.None) return Errno.EACCES;
        error = Descriptor.Open(at.Directory, in at.Name, flags, 0, out file);
        if (error == Errno.None) EntryAttributes.Set(file, new AttributeChange { Permissions = stat.Permissions });
        else EntryAttributes.ChangeMode(at.Directory, in at.Name, stat.Permissions);
        return error;
    }

    private void Write(long offset, ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            nint written = Libc.pwrite(_file, in MemoryMarshal.GetReference(rest), rest.Length, offset);
            if (written < 0)
            {
                Errno.RetryOrThrow("write");
                continue;
            }
            offset += written;
            rest = rest[(int)written..];
        }
    }

    /// <summary>Makes a range below the end a hole.</summary>
    private bool TryPunch(long offset, long length)
    {
        int error;
        do error = Libc.fallocate(_file, Linux.FALLOC_FL_PUNCH_HOLE | Linux.FALLOC_FL_KEEP_SIZE, offset, length) < 0 ? Errno.Last : Errno.None;
        while (error == Errno.EINTR);
        // Where the file system has no holes, or anything else is wrong, writing shows it.
        return error == Errno.None;
    }

    private void SetLength(long length)
    {
        int error = EntryStat.Get(_file, out FileStat stat);
        if (error != Errno.None) throw Errno.Failure(error, "fstat");
        // Of a file that is written in place the time changes even when nothing else does.
        if (stat.Size == length && _isTemporary) return;
        while (Libc.ftruncate(_file, length) < 0) Errno.RetryOrThrow("ftruncate");
    }

    private void Rename(RelativePath path)
    {
        Span<byte> nameBuffer = stackalloc byte[Location.NameCapacity];
        using Location to = path.Parent == _path.Parent
            ? Location.OfEntry(_directory, path.Name, nameBuffer)
            : Location.OfEntry(_directories, path.Bytes, nameBuffer);
        to.ThrowIfUnreachable("rename");
        while (Libc.renameat(_directory, in _name[0], to.Directory, in to.Name) < 0) Errno.RetryOrThrow("rename");
    }
}
