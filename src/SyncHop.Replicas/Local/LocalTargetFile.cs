using System.Runtime.InteropServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>
/// A file being written with pwrite(2). Its directory stays open, so that the rename happens in the very directory in
/// which the temporary file was made, whatever has become of the path.
/// </summary>
internal sealed class LocalTargetFile : ITargetFile
{
    private readonly DirectoryCache _directories;
    private readonly RelativePath _temporary;
    private readonly byte[] _name;
    private readonly Descriptor _directory;
    private readonly Descriptor _file;
    private ReplicaException? _failure;
    private bool _isCommitted;
    private int _isDisposed;

    private LocalTargetFile(DirectoryCache directories, RelativePath temporary, Descriptor directory, Descriptor file)
    {
        _directories = directories;
        _temporary = temporary;
        _name = [.. temporary.Name, 0];
        _directory = directory;
        _file = file;
    }

    /// <summary>Creates the file at <paramref name="at"/>, the location of <paramref name="temporary"/>.</summary>
    /// <exception cref="ReplicaException">It cannot be created, or exists.</exception>
    public static LocalTargetFile Create(
        DirectoryCache directories, RelativePath temporary, in Location at, uint permissions)
    {
        int flags = Linux.O_WRONLY | Linux.O_CREAT | Linux.O_EXCL | Linux.O_NOFOLLOW | Linux.O_NOCTTY;
        int error = Descriptor.Open(at.Directory, in at.Name, flags, permissions & FileStat.PermissionMask, out Descriptor? file);
        if (error != Errno.None) throw Errno.Failure(error, "mkstemp");
        at.Directory.Retain();
        return new LocalTargetFile(directories, temporary, at.Directory, file);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ReadOnlySpan<byte> rest = data.Span;
        try
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
        catch (ReplicaException failure)
        {
            Volatile.Write(ref _failure, failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReplicaException?> CommitAsync(
        RelativePath path, AttributeChange change, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _failure) is { } failure) throw failure;
        ReplicaException? attributeFailure = EntryAttributes.Set(_file, change);

        // Network file systems report a failed write no earlier than here.
        _file.Dispose();
        if (_file.CloseError != Errno.None) throw _failure = Errno.Failure(_file.CloseError, "close");

        Span<byte> nameBuffer = stackalloc byte[Location.NameCapacity];
        using Location to = path.Parent == _temporary.Parent
            ? Location.OfEntry(_directory, path.Name, nameBuffer)
            : Location.OfEntry(_directories, path.Bytes, nameBuffer);
        to.ThrowIfUnreachable("rename");
        while (Libc.renameat(_directory, in _name[0], to.Directory, in to.Name) < 0) Errno.RetryOrThrow("rename");
        _isCommitted = true;
        return attributeFailure;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return ValueTask.CompletedTask;
        _file.Dispose();
        if (!_isCommitted)
        {
            // Nothing can be done about a temporary file that cannot be removed.
            while (Libc.unlinkat(_directory, in _name[0], 0) < 0 && Errno.Last == Errno.EINTR) { }
        }
        _directory.Release();
        return ValueTask.CompletedTask;
    }
}
