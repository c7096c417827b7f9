using System.Runtime.InteropServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>A regular file open for reading with pread(2).</summary>
internal sealed class LocalSourceFile : ISourceFile
{
    private const long ReadAheadLength = 256 * 1024;

    private readonly Descriptor _file;

    private LocalSourceFile(Descriptor file) => _file = file;

    /// <summary>Opens the file; anything but a regular file is refused.</summary>
    /// <param name="at">Where it is.</param>
    /// <param name="keepsAccessTime">Whether reading is to leave its access time alone.</param>
    /// <param name="followsLink">Whether a symlink is followed.</param>
    /// <exception cref="ReplicaException">It cannot be opened, or is not a regular file.</exception>
    public static LocalSourceFile Open(in Location at, bool keepsAccessTime, bool followsLink = false)
    {
        // O_NONBLOCK: opening a named pipe would wait for its writer.
        int flags = Linux.O_RDONLY | (followsLink ? 0 : Linux.O_NOFOLLOW) | Linux.O_NONBLOCK | Linux.O_NOCTTY;
        int error = Descriptor.OpenToRead(at.Directory, in at.Name, flags, keepsAccessTime, out Descriptor? file);
        if (error != Errno.None) throw Errno.Failure(error, "open");

        error = EntryStat.Get(file, out FileStat stat);
        if (error == Errno.None && stat.IsRegular)
        {
            // Only a hint: where it is not taken the file is read all the same.
            if (stat.Size > ReadAheadLength) _ = Libc.posix_fadvise(file, 0, 0, Linux.POSIX_FADV_SEQUENTIAL);
            return new LocalSourceFile(file);
        }
        file.Dispose();
        if (error == Errno.None && !stat.IsDirectory)
            throw new ReplicaException(ReplicaError.Other, "open", "not a regular file");
        throw Errno.Failure(error == Errno.None ? Errno.EISDIR : error, "open");
    }

    /// <summary>The open file.</summary>
    internal Descriptor File => _file;

    /// <inheritdoc/>
    public async ValueTask<FileStat> StatAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int error = EntryStat.Get(_file, out FileStat stat);
        return error == Errno.None ? stat : throw Errno.Failure(error, "fstat");
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Span<byte> rest = buffer.Span;
        while (!rest.IsEmpty)
        {
            nint read = Libc.pread(_file, ref MemoryMarshal.GetReference(rest), rest.Length, offset);
            if (read < 0)
            {
                Errno.RetryOrThrow("read");
                continue;
            }
            if (read == 0) break;
            offset += read;
            rest = rest[(int)read..];
        }
        return buffer.Length - rest.Length;
    }

    /// <inheritdoc/>
    public ValueTask<BlockHashes?> HashAsync(long offset, long length, int blockLength, CancellationToken cancellation) =>
        ValueTask.FromResult<BlockHashes?>(null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }
}
