using System.Runtime.InteropServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>Constants of the Linux kernel's interface.</summary>
internal static class Linux
{
    private static readonly bool s_isArm64 = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_NOCTTY = 0x100;
    public const int O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800;
    public const int O_NOATIME = 0x40000;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;

    /// <summary>arm64 numbers these two differently from x64.</summary>
    public static readonly int O_DIRECTORY = s_isArm64 ? 0x4000 : 0x10000;
    public static readonly int O_NOFOLLOW = s_isArm64 ? 0x8000 : 0x20000;

    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_REMOVEDIR = 0x200;
    public const int AT_EMPTY_PATH = 0x1000;

    public const uint STATX_WANTED = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x40 | 0x100 | 0x200; // type, mode, nlink, uid, gid, atime, mtime, ino, size

    public const uint STATX_CTIME = 0x80;

    public const int FALLOC_FL_KEEP_SIZE = 1;
    public const int FALLOC_FL_PUNCH_HOLE = 2;
    public const long PROC_SUPER_MAGIC = 0x9FA0;
    public const long SYSFS_MAGIC = 0x62656572;
    public const int POSIX_FADV_SEQUENTIAL = 2;
    public const int RLIMIT_NOFILE = 7;

    public static readonly nint SYS_getdents64 = s_isArm64 ? 61 : 217;
    public const nint SYS_openat2 = 437;
    public const nint SYS_fchmodat2 = 452;
}

/// <summary><c>struct statx</c> (statx(2)): one layout on all architectures, 256 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatxBuffer
{
    [FieldOffset(16)] private readonly uint _linkCount;
    [FieldOffset(20)] private readonly uint _uid;
    [FieldOffset(24)] private readonly uint _gid;
    [FieldOffset(28)] private readonly ushort _mode;
    [FieldOffset(32)] private readonly ulong _inode;
    [FieldOffset(40)] private readonly ulong _size;
    [FieldOffset(64)] private readonly long _atimeSeconds;
    [FieldOffset(72)] private readonly uint _atimeNanoseconds;
    [FieldOffset(96)] private readonly long _ctimeSeconds;
    [FieldOffset(104)] private readonly uint _ctimeNanoseconds;
    [FieldOffset(112)] private readonly long _mtimeSeconds;
    [FieldOffset(120)] private readonly uint _mtimeNanoseconds;
    [FieldOffset(128)] private readonly uint _rdevMajor;
    [FieldOffset(132)] private readonly uint _rdevMinor;
    [FieldOffset(136)] private readonly uint _devMajor;
    [FieldOffset(140)] private readonly uint _devMinor;

    /// <summary>When the entry itself was last changed, to 100 ns; the end of time for what no date can say.</summary>
    public readonly DateTimeOffset ChangeTime => _ctimeSeconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && _ctimeSeconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? DateTimeOffset.FromUnixTimeSeconds(_ctimeSeconds).AddTicks(_ctimeNanoseconds / TimeSpan.NanosecondsPerTick)
        : DateTimeOffset.MaxValue;

    public readonly FileStat ToFileStat() => new()
    {
        Mode = _mode,
        Uid = _uid,
        Gid = _gid,
        Size = (long)_size,
        AtimeSeconds = _atimeSeconds,
        AtimeNanoseconds = (int)_atimeNanoseconds,
        MtimeSeconds = _mtimeSeconds,
        MtimeNanoseconds = (int)_mtimeNanoseconds,
        Rdev = MakeDevice(_rdevMajor, _rdevMinor),
        Device = MakeDevice(_devMajor, _devMinor),
        Inode = _inode,
        LinkCount = _linkCount,
    };

    /// <summary>makedev(3) as glibc and musl pack it.</summary>
    private static ulong MakeDevice(ulong major, ulong minor) =>
        ((major & 0xFFFFF000) << 32) | ((major & 0xFFF) << 8) | ((minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
}

/// <summary>The beginning of <c>struct statfs</c> (statfs(2)), in more room than any architecture needs.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct StatFs
{
    private readonly nint _type;

    /// <summary>The kind of file system, a magic number.</summary>
    public readonly long Type => _type;
}

/// <summary><c>struct open_how</c> (openat2(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenHow
{
    public const ulong NoMagicLinks = 0x02;
    public const ulong NoSymlinks = 0x04;
    public const ulong Beneath = 0x08;

    public ulong Flags;
    public ulong Mode;
    public ulong Resolve;
}

/// <summary><c>struct timespec[2]</c> (utimensat(2)): access time and modification time; null leaves one as it is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TimeSpecs(Timestamp? atime, Timestamp? mtime)
{
    private const long UTIME_OMIT = (1L << 30) - 2;

    private readonly long _accessSeconds = atime?.Seconds ?? 0;
    private readonly long _accessNanoseconds = atime?.Nanoseconds ?? UTIME_OMIT;
    private readonly long _modificationSeconds = mtime?.Seconds ?? 0;
    private readonly long _modificationNanoseconds = mtime?.Nanoseconds ?? UTIME_OMIT;
}

/// <summary><c>struct rlimit</c> (getrlimit(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ResourceLimit
{
    public ulong Soft;
    public ulong Hard;
}

/// <summary>
/// What <c>struct passwd</c> and <c>struct group</c> have in common on 64-bit glibc and musl (name, password, id), with
/// room for the rest of the longer one.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct AccountRecord
{
    [FieldOffset(0)] public byte* Name;
    [FieldOffset(16)] public uint Id;
}
