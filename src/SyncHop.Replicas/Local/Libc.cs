using System.Runtime.InteropServices;

namespace SyncHop.Replicas.Local;

/// <summary>
/// The C library's functions as the man pages name them. Names and paths are NUL-terminated bytes. 64-bit Linux only
/// (x64, arm64), where off_t, time_t and long have 64 bits and variadic arguments are passed like named ones.
/// </summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    public static partial int openat(Descriptor directory, ref readonly byte name, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int close(int descriptor);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int statx(Descriptor directory, ref readonly byte name, int flags, uint mask, out StatxBuffer buffer);

    /// <summary>With a descriptor that is kept open by who calls.</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static partial int statx(int directory, ref readonly byte name, int flags, uint mask, out StatxBuffer buffer);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint readlinkat(Descriptor directory, ref readonly byte name, ref byte buffer, nint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int mkdirat(Descriptor directory, ref readonly byte name, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int mknodat(Descriptor directory, ref readonly byte name, uint mode, ulong device);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int symlinkat(ref readonly byte target, Descriptor directory, ref readonly byte name);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int unlinkat(Descriptor directory, ref readonly byte name, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int renameat(
        Descriptor fromDirectory, ref readonly byte from, Descriptor toDirectory, ref readonly byte to);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int linkat(
        Descriptor existingDirectory, ref readonly byte existing, Descriptor directory, ref readonly byte name, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fchownat(Descriptor directory, ref readonly byte name, uint uid, uint gid, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fchown(Descriptor file, uint uid, uint gid);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int chmod(ref readonly byte path, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fchmod(Descriptor file, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int utimensat(Descriptor directory, ref readonly byte name, TimeSpecs* times, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int futimens(Descriptor file, TimeSpecs* times);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint pread(Descriptor file, ref byte buffer, nint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint pwrite(Descriptor file, ref readonly byte buffer, nint count, long offset);

    /// <summary>realpath(3); the buffer holds PATH_MAX bytes.</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static partial byte* realpath(ref readonly byte path, byte* resolved);

    /// <summary>copy_file_range(2), Linux 4.5; both offsets are moved on by what was copied.</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static partial nint copy_file_range(Descriptor from, ref long fromOffset, Descriptor to, ref long toOffset, nint count, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fstatfs(Descriptor file, out StatFs info);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fallocate(Descriptor file, int mode, long offset, long length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fsync(Descriptor file);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int ftruncate(Descriptor file, long length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint llistxattr(ref readonly byte path, ref byte list, nint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint flistxattr(Descriptor file, ref byte list, nint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint lgetxattr(ref readonly byte path, ref readonly byte name, ref byte value, nint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint getxattr(ref readonly byte path, ref readonly byte name, ref byte value, nint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint fgetxattr(Descriptor file, ref readonly byte name, ref byte value, nint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int lsetxattr(ref readonly byte path, ref readonly byte name, ref readonly byte value, nint size, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fsetxattr(Descriptor file, ref readonly byte name, ref readonly byte value, nint size, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int lremovexattr(ref readonly byte path, ref readonly byte name);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fremovexattr(Descriptor file, ref readonly byte name);

    /// <summary>Returns the error number and leaves errno alone.</summary>
    [LibraryImport(Library)]
    public static partial int posix_fadvise(Descriptor file, long offset, long length, int advice);

    [LibraryImport(Library, SetLastError = true)]
    public static partial byte* getcwd(byte* buffer, nint size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int getrlimit(int resource, out ResourceLimit limit);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setrlimit(int resource, ref readonly ResourceLimit limit);

    [LibraryImport(Library)]
    public static partial uint geteuid();

    [LibraryImport(Library)]
    public static partial uint getegid();

    [LibraryImport(Library, SetLastError = true)]
    public static partial int getgroups(int size, uint* list);

    /// <summary>Returns the error number, as the three below do.</summary>
    [LibraryImport(Library)]
    public static partial int getpwuid_r(uint uid, AccountRecord* record, byte* buffer, nint size, AccountRecord** result);

    [LibraryImport(Library)]
    public static partial int getgrgid_r(uint gid, AccountRecord* record, byte* buffer, nint size, AccountRecord** result);

    [LibraryImport(Library)]
    public static partial int getpwnam_r(
        ref readonly byte name, AccountRecord* record, byte* buffer, nint size, AccountRecord** result);

    [LibraryImport(Library)]
    public static partial int getgrnam_r(
        ref readonly byte name, AccountRecord* record, byte* buffer, nint size, AccountRecord** result);

    /// <summary>getdents64(2), which not every C library wraps.</summary>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint getdents64(nint number, Descriptor directory, ref byte buffer, nint size);

    /// <summary>openat2(2), Linux 5.6, not wrapped by the C library.</summary>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint openat2(nint number, Descriptor directory, ref readonly byte path, ref readonly OpenHow how, nint size);

    /// <summary>fchmodat2(2), Linux 6.6: chmod that can be told not to follow.</summary>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint fchmodat2(nint number, Descriptor directory, ref readonly byte name, nint mode, nint flags);
}
