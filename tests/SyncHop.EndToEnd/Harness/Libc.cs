using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SyncHop.EndToEnd.Harness;

/// <summary>
/// The system calls that build and read trees with names that .NET's file API cannot express.
/// Paths are byte strings (<see cref="ByteString"/>).
/// </summary>
internal static unsafe partial class Libc
{
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxBasicStats = 0x7ff;
    private const int WriteCreateTruncate = 0x1 | 0x40 | 0x200;

    private const int NoSuchProcess = 3;

    public const int SigHup = 1;

    public const int SigInt = 2;

    public const int SigTerm = 15;

    /// <summary>What lstat tells, from statx(2) since its layout is the same on every machine.</summary>
    public readonly record struct Status(
        char Kind, int Mode, uint Uid, uint Gid, long Size, long Seconds, uint Nanoseconds, uint Major, uint Minor, uint LinkCount, ulong Inode, (uint Major, uint Minor) FileSystem);

    public static uint UserId { get; } = geteuid();

    public static uint GroupId { get; } = getegid();

    public static Status? TryStatus(string path)
    {
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* p = buffer)
        {
            if (statx(AtFdCwd, ByteString.ToPath(path), AtSymlinkNoFollow, StatxBasicStats, p) != 0)
                return null;
            var mode = *(ushort*)(p + 28);
            var kind = (mode & 0xf000) switch
            {
                0x8000 => 'f',
                0x4000 => 'd',
                0xa000 => 'l',
                0x1000 => 'p',
                0xc000 => 's',
                0x2000 => 'c',
                _ => 'b',
            };
            return new Status(kind, mode & 0xfff, *(uint*)(p + 20), *(uint*)(p + 24), *(long*)(p + 40),
                *(long*)(p + 112), *(uint*)(p + 120), *(uint*)(p + 128), *(uint*)(p + 132), *(uint*)(p + 16), *(ulong*)(p + 32),
                (*(uint*)(p + 136), *(uint*)(p + 140)));
        }
    }

    public static List<string> List(string path)
    {
        var directory = opendir(ByteString.ToPath(path));
        if (directory == 0)
            throw Failure("opendir", path);
        var names = new List<string>();
        for (var entry = readdir(directory); entry != null; entry = readdir(directory))
        {
            // struct dirent: ino 8, off 8, reclen 2, type 1, name.
            var name = System.Text.Encoding.Latin1.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + 19));
            if (name is not ("." or ".."))
                names.Add(name);
        }
        _ = closedir(directory);
        return names;
    }

    public static string ReadLink(string path)
    {
        var buffer = new byte[4096];
        var length = readlink(ByteString.ToPath(path), buffer, buffer.Length);
        if (length < 0)
            throw Failure("readlink", path);
        return System.Text.Encoding.Latin1.GetString(buffer, 0, (int)length);
    }

    /// <summary>Opens for reading; null when that is not allowed.</summary>
    public static FileStream? TryOpenRead(string path)
    {
        var descriptor = open(ByteString.ToPath(path), 0, 0);
        return descriptor < 0 ? null : Stream(descriptor, FileAccess.Read);
    }

    public static FileStream Create(string path)
    {
        var descriptor = open(ByteString.ToPath(path), WriteCreateTruncate, 0x1b6);
        return descriptor < 0 ? throw Failure("open", path) : Stream(descriptor, FileAccess.Write);
    }

    public static void MakeDirectory(string path) => Check(mkdir(ByteString.ToPath(path), 0x1ff), "mkdir", path);

    public static void MakeLink(string target, string path) =>
        Check(symlink(ByteString.ToPath(target), ByteString.ToPath(path)), "symlink", path);

    public static void MakeHardLink(string existing, string path) =>
        Check(link(ByteString.ToPath(existing), ByteString.ToPath(path)), "link", path);

    /// <summary>Makes a fifo, socket or device.</summary>
    public static void MakeNode(string path, char kind, uint major, uint minor)
    {
        uint type = kind switch { 'p' => 0x1000, 's' => 0xc000, 'c' => 0x2000, _ => 0x6000 };
        // makedev of <sys/sysmacros.h>, for numbers below 256 and 4096
        Check(mknod(ByteString.ToPath(path), type | 0x1b6, (major << 8) | minor), "mknod", path);
    }

    public static void SetMode(string path, int mode) => Check(chmod(ByteString.ToPath(path), (uint)mode), "chmod", path);

    public static void SetOwner(string path, uint uid, uint gid) =>
        Check(lchown(ByteString.ToPath(path), uid, gid), "lchown", path);

    public static void SetTime(string path, long seconds, long nanoseconds)
    {
        long[] times = [seconds, nanoseconds, seconds, nanoseconds];
        Check(utimensat(AtFdCwd, ByteString.ToPath(path), times, AtSymlinkNoFollow), "utimensat", path);
    }

    /// <summary>The names of the extended attributes of the entry itself; none where the file system has none.</summary>
    public static IEnumerable<string> Attributes(string path)
    {
        var list = new byte[64 * 1024];
        var length = llistxattr(ByteString.ToPath(path), list, list.Length);
        return length <= 0 ? [] : System.Text.Encoding.Latin1.GetString(list, 0, (int)length - 1).Split('\0');
    }

    /// <summary>Null when it cannot be read.</summary>
    public static byte[]? TryGetAttribute(string path, string name)
    {
        var value = new byte[64 * 1024];
        var length = lgetxattr(ByteString.ToPath(path), ByteString.ToPath(name), value, value.Length);
        return length < 0 ? null : value[..(int)length];
    }

    public static void SetAttribute(string path, string name, byte[] value) =>
        Check(lsetxattr(ByteString.ToPath(path), ByteString.ToPath(name), value, value.Length, 0), "lsetxattr", path);

    /// <summary>Sends a signal to a child; one that has just ended gets none.</summary>
    public static void Signal(int process, int signal)
    {
        if (kill(process, signal) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
            throw Failure("kill", process.ToString());
    }

    private static FileStream Stream(int descriptor, FileAccess access) =>
        new(new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true), access);

    private static void Check(int result, string call, string path)
    {
        if (result != 0)
            throw Failure(call, path);
    }

    private static IOException Failure(string call, string path) =>
        new($"{call} {ByteString.Show(path)}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint getegid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int directory, byte[] path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint opendir(byte[] path);

    [LibraryImport("libc")]
    private static partial byte* readdir(nint directory);

    [LibraryImport("libc")]
    private static partial int closedir(nint directory);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readlink(byte[] path, byte[] buffer, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte[] path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkdir(byte[] path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int symlink(byte[] target, byte[] path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int link(byte[] existing, byte[] path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mknod(byte[] path, uint mode, ulong device);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int chmod(byte[] path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int lchown(byte[] path, uint uid, uint gid);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int utimensat(int directory, byte[] path, long[] times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint llistxattr(byte[] path, byte[] list, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint lgetxattr(byte[] path, byte[] name, byte[] value, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int lsetxattr(byte[] path, byte[] name, byte[] value, nint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
