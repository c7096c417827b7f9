using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>
/// Resolves a path that the user typed component by component and follows a symlink only when it belongs to the superuser or to
/// the user who runs this, as rsync 3.5 does: whoever else may write to one of its directories cannot lead it elsewhere
/// (CVE-2026-53796, CVE-2026-53802, CVE-2026-53803; rsync(1), <c>--insecure-links</c>).
/// </summary>
public static class TrustedPath
{
    private const int LongestChain = 40; // as Linux itself, path_resolution(7)

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The path.</param>
    /// <param name="failure">Why it cannot be opened, with the errno where there is one; null on success.</param>
    /// <returns>The file, or null.</returns>
    public static SafeFileHandle? OpenForReading(ReadOnlySpan<byte> path, out string? failure) =>
        Open(path, Linux.O_RDONLY | Linux.O_NOCTTY, out failure);

    /// <summary>Opens a file for writing at its end, or makes it (less the umask, for everyone to read and write).</summary>
    /// <param name="path">The path.</param>
    /// <param name="failure">Why it cannot be opened, with the errno where there is one; null on success.</param>
    /// <returns>The file, or null.</returns>
    public static SafeFileHandle? OpenForAppending(ReadOnlySpan<byte> path, out string? failure) =>
        Open(path, Linux.O_WRONLY | Linux.O_CREAT | Linux.O_APPEND | Linux.O_NOCTTY, out failure);

    /// <summary>Finds the directory of a path's last component.</summary>
    /// <param name="path">The path; empty is the working directory.</param>
    /// <param name="followsLast">Whether the last component is followed too where it is a symlink.</param>
    /// <param name="guard">Which symlinks are followed.</param>
    /// <param name="keepsMagic">Whether a last component that is a symlink of /proc is left for open(2) to follow: what it leads to may have no path (proc_pid_fd(5)).</param>
    /// <param name="directory">The directory, open, to be disposed of.</param>
    /// <param name="name">The last component, NUL-terminated; it need not be there.</param>
    /// <returns>0 or the errno; <see cref="Errno.ForeignLink"/> and <see cref="Errno.LateLink"/> where a symlink on the way is not followed.</returns>
    internal static int Locate(ReadOnlySpan<byte> path, bool followsLast, LinkGuard guard, bool keepsMagic, [NotNull] out Descriptor? directory, out byte[] name)
    {
        name = [(byte)'.', 0];
        byte[] rest = path.ToArray();
        int error = OpenStart(rest, out directory);
        int links = 0;
        while (error == Errno.None)
        {
            ReadOnlySpan<byte> left = rest.AsSpan().TrimStart((byte)'/');
            if (left.IsEmpty) return Errno.None;
            int slash = left.IndexOf((byte)'/');
            ReadOnlySpan<byte> after = slash < 0 ? [] : left[slash..];
            bool isLast = after.TrimStart((byte)'/').IsEmpty;
            byte[] component = [.. slash < 0 ? left : left[..slash], 0];
            error = Descriptor.Open(directory!, in component[0], Linux.O_PATH | Linux.O_NOFOLLOW, 0, out Descriptor? next);
            if (isLast && error == Errno.ENOENT)
            {
                name = component;
                return Errno.None;
            }
            if (error != Errno.None) break;
            error = EntryStat.Get(next, out FileStat stat);
            if (error == Errno.None && stat.IsSymlink && (followsLast || !isLast))
            {
                error = Follow(next, stat, guard, ++links, out byte[] target);
                next.Dispose();
                if (error != Errno.None) break;
                if (isLast && keepsMagic && IsProc(directory!))
                {
                    name = component;
                    return Errno.None;
                }
                rest = [.. target, .. after];
                if (target is not [(byte)'/', ..]) continue;
                directory!.Dispose();
                error = OpenStart(rest, out directory);
            }
            else if (isLast)
            {
                next.Dispose();
                name = component;
                return error;
            }
            else
            {
                directory!.Dispose();
                directory = next;
                rest = after.ToArray();
            }
        }
        directory?.Dispose();
        directory = null!;
        return error;
    }

    private static SafeFileHandle? Open(ReadOnlySpan<byte> path, int flags, out string? failure)
    {
        Descriptor? file = null;
        int error = Locate(path, followsLast: true, LinkGuard.OfOthers, keepsMagic: true, out Descriptor? directory, out byte[] name);
        if (error == Errno.None)
        {
            using (directory) error = Descriptor.Open(directory!, in name[0], flags | (IsProc(directory!) ? 0 : Linux.O_NOFOLLOW), ReadAndWrite, out file);
        }
        failure = error == Errno.None ? null : Errno.Failure(error, "open").Reason;
        return failure is null ? new SafeFileHandle(file!.Detach(), ownsHandle: true) : null;
    }

    private const uint ReadAndWrite = 0x1B6; // 0666

    private static int OpenStart(ReadOnlySpan<byte> path, [NotNull] out Descriptor? start)
    {
        ReadOnlySpan<byte> from = path is [(byte)'/', ..] ? "/\0"u8 : ".\0"u8;
        return Descriptor.Open(Descriptor.WorkingDirectory, in MemoryMarshal.GetReference(from), Linux.O_PATH | Linux.O_DIRECTORY, 0, out start);
    }

    /// <summary>Whether a directory is one of /proc, whose symlinks are the kernel's.</summary>
    private static bool IsProc(Descriptor directory) => Libc.fstatfs(directory, out StatFs info) == 0 && info.Type == Linux.PROC_SUPER_MAGIC;

    private static int Follow(Descriptor link, in FileStat stat, LinkGuard guard, int links, out byte[] target)
    {
        target = [];
        int error = guard.Check(link, stat);
        if (error != Errno.None) return error;
        if (links > LongestChain) return Errno.ELOOP;
        return DirectoryReader.ReadLink(link, out target);
    }
}
