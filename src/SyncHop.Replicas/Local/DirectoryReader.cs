using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>Lists an open directory with getdents64(2) and the stat of each entry.</summary>
[SkipLocalsInit]
internal static class DirectoryReader
{
    private const int BufferLength = 64 * 1024;
    private const int TargetCapacity = 4096; // PATH_MAX; Linux has no longer link targets

    // struct linux_dirent64: d_ino 8, d_off 8, d_reclen 2, d_type 1, d_name
    private const int LengthOffset = 16;
    private const int NameOffset = 19;

    /// <summary>All its entries but <c>.</c> and <c>..</c>; entries that cannot be looked at become problems.</summary>
    /// <exception cref="ReplicaException">The directory itself cannot be read.</exception>
    public static FileList Read(Descriptor directory, bool linkTargets, CancellationToken cancellation)
    {
        FileList list = new();
        // Once for all entries instead of once for each.
        directory.Retain();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                nint filled;
                while ((filled = Libc.getdents64(Linux.SYS_getdents64, directory, ref buffer[0], BufferLength)) < 0)
                    Errno.RetryOrThrow("readdir");
                if (filled == 0) return list;
                Span<byte> records = buffer.AsSpan(0, (int)filled);
                MakeRoom(list, records);
                AddEntries(list, directory, records, linkTargets);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            directory.Release();
        }
    }

    /// <summary>The target of a symlink, of <paramref name="length"/> bytes.</summary>
    /// <returns>0 or the errno.</returns>
    private static int ReadLink(Descriptor directory, ref readonly byte name, Span<byte> buffer, out int length)
    {
        nint filled;
        while ((filled = Libc.readlinkat(directory, in name, ref MemoryMarshal.GetReference(buffer), buffer.Length)) < 0)
        {
            if (Errno.Last == Errno.EINTR) continue;
            length = 0;
            return Errno.Last;
        }
        length = (int)filled;
        // A full buffer may hold only the beginning.
        return length == buffer.Length ? Errno.ENAMETOOLONG : Errno.None;
    }

    /// <summary>The target of a symlink, in an array of its own.</summary>
    /// <exception cref="ReplicaException">It cannot be read.</exception>
    public static byte[] ReadLink(in Location at)
    {
        Span<byte> buffer = stackalloc byte[TargetCapacity];
        int error = ReadLink(at.Directory, in at.Name, buffer, out int length);
        return error == Errno.None ? buffer[..length].ToArray() : throw Errno.Failure(error, "readlink");
    }

    /// <summary>The target of a symlink that is open with <c>O_PATH</c>.</summary>
    /// <returns>0 or the errno.</returns>
    public static int ReadLink(Descriptor link, out byte[] target)
    {
        Span<byte> buffer = stackalloc byte[TargetCapacity];
        byte empty = 0;
        int error = ReadLink(link, in empty, buffer, out int length);
        target = buffer[..length].ToArray();
        return error;
    }

    private static void MakeRoom(FileList list, ReadOnlySpan<byte> records)
    {
        int entries = 0, bytes = 0;
        for (; !records.IsEmpty; entries++)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(records[LengthOffset..]);
            bytes += length - NameOffset;
            records = records[length..];
        }
        list.MakeRoom(entries, bytes);
    }

    private static void AddEntries(FileList list, Descriptor directory, Span<byte> records, bool linkTargets)
    {
        Span<byte> targetBuffer = stackalloc byte[TargetCapacity];
        int number = directory.Number;
        while (!records.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(records[LengthOffset..]);
            Span<byte> name = records[NameOffset..length];
            ref byte terminated = ref MemoryMarshal.GetReference(name);
            name = name[..name.IndexOf((byte)0)];
            records = records[length..];
            if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) continue;

            int targetLength = 0;
            int error = EntryStat.Get(number, in terminated, out FileStat stat);
            if (error == Errno.None && linkTargets && stat.IsSymlink)
                error = ReadLink(directory, in terminated, targetBuffer, out targetLength);
            if (error == Errno.None) list.Add(name, in stat, targetBuffer[..targetLength]);
            else list.AddProblem(new ListProblem(name.ToArray(), Errno.Failure(error, "readlink_stat")));
        }
    }
}
