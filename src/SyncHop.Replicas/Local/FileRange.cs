using System.Buffers;
using System.Runtime.InteropServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>Copies a range between two open files: in the kernel where it can, and shared rather than copied on some file systems.</summary>
internal static class FileRange
{
    /// <summary>How much is copied between two looks whether the run was cancelled.</summary>
    private const int Step = 16 << 20;

    private const int BufferLength = 256 * 1024;

    /// <summary>Copies.</summary>
    /// <exception cref="ReplicaException">A call failed, or the range reaches beyond the end of <paramref name="source"/>.</exception>
    public static void Copy(Descriptor source, long from, Descriptor target, long to, long length, CancellationToken cancellation)
    {
        while (length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            nint copied = Libc.copy_file_range(source, ref from, target, ref to, (nint)Math.Min(length, Step), 0);
            if (copied < 0)
            {
                if (Errno.Last == Errno.EINTR) continue;
                // Not between these file systems, not by this kernel, or a fault on one of the two sides: by reading and writing it
                // shows on which.
                CopyThroughMemory(source, from, target, to, length, cancellation);
                return;
            }
            if (copied == 0) throw Ended();
            length -= copied;
        }
    }

    /// <summary>The same by pread(2) and pwrite(2).</summary>
    internal static void CopyThroughMemory(Descriptor source, long from, Descriptor target, long to, long length, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (length > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                nint read;
                while ((read = Libc.pread(source, ref MemoryMarshal.GetArrayDataReference(buffer), (nint)Math.Min(length, buffer.Length), from)) < 0)
                    Errno.RetryOrThrow("read");
                if (read == 0) throw Ended();
                for (nint done = 0; done < read;)
                {
                    nint written = Libc.pwrite(target, in buffer[(int)done], read - done, to + done);
                    if (written < 0) Errno.RetryOrThrow("write");
                    else done += written;
                }
                from += read;
                to += read;
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ReplicaException Ended() => new(ReplicaError.Other, "read", "the file became shorter while it was read");
}
