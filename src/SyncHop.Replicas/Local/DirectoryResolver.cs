using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>Opens directories below a root, following no more symlinks on the way than are to be followed.</summary>
[SkipLocalsInit]
internal static class DirectoryResolver
{
    private const int PathCapacity = 4096; // PATH_MAX, with the NUL
    private const int RaceTries = 10;

    private static readonly int s_flags = Linux.O_PATH | Linux.O_DIRECTORY | Linux.O_NOFOLLOW;
    private static volatile bool s_lacksOpenat2;

    /// <summary>Whether <paramref name="name"/> is one path component that names an entry of its directory.</summary>
    public static bool IsComponent(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && !name.ContainsAny((byte)0, (byte)'/');

    /// <summary>Opens <paramref name="path"/> (not empty) below <paramref name="root"/> for use in <c>*at</c> calls.</summary>
    /// <returns>0 or the errno; ELOOP or ENOTDIR when a symlink is on the way.</returns>
    public static int Open(Descriptor root, ReadOnlySpan<byte> path, LinkFollowing follows, [NotNull] out Descriptor? opened)
    {
        opened = null!;
        foreach (Range range in path.Split((byte)'/'))
        {
            if (!IsComponent(path[range])) return Errno.EINVAL;
        }
        if (follows is LinkFollowing.Directories or LinkFollowing.Everything) return OpenFollowing(root, path, out opened);
        if (!s_lacksOpenat2 && path.Length < PathCapacity)
        {
            int error = OpenAtOnce(root, path, follows, out opened);
            for (int attempt = 1; error == Errno.EAGAIN && attempt < RaceTries; attempt++) error = OpenAtOnce(root, path, follows, out opened);
            // EPERM is what old container filters say for system calls they do not know. EAGAIN: a rename raced with the lookup.
            if (error is Errno.ENOSYS or Errno.EPERM) s_lacksOpenat2 = true;
            else if (error is not Errno.EAGAIN) return error;
        }
        return OpenStepwise(root, path, out opened);
    }

    /// <summary>For reading what symlinks lead to: the kernel follows them, 40 at most.</summary>
    private static int OpenFollowing(Descriptor root, ReadOnlySpan<byte> path, [NotNull] out Descriptor? opened)
    {
        opened = null!;
        if (path.Length >= PathCapacity) return Errno.ENAMETOOLONG;
        Span<byte> text = stackalloc byte[PathCapacity];
        path.CopyTo(text);
        text[path.Length] = 0;
        return Descriptor.Open(root, in MemoryMarshal.GetReference(text), Linux.O_PATH | Linux.O_DIRECTORY, 0, out opened);
    }

    private static int OpenAtOnce(Descriptor root, ReadOnlySpan<byte> path, LinkFollowing follows, [NotNull] out Descriptor? opened)
    {
        Span<byte> text = stackalloc byte[PathCapacity];
        path.CopyTo(text);
        text[path.Length] = 0;
        OpenHow how = follows == LinkFollowing.Beneath
            ? new() { Flags = (ulong)(Linux.O_PATH | Linux.O_DIRECTORY | Linux.O_CLOEXEC), Resolve = OpenHow.Beneath | OpenHow.NoMagicLinks }
            : new() { Flags = (ulong)(s_flags | Linux.O_CLOEXEC), Resolve = OpenHow.Beneath | OpenHow.NoSymlinks | OpenHow.NoMagicLinks };
        nint number;
        while ((number = Libc.openat2(
            Linux.SYS_openat2, root, in MemoryMarshal.GetReference(text), in how, Unsafe.SizeOf<OpenHow>())) < 0)
        {
            if (Errno.Last == Errno.EINTR) continue;
            opened = null!;
            // EXDEV: a symlink leads out of the tree.
            return Errno.Last == Errno.EXDEV ? Errno.ELOOP : Errno.Last;
        }
        opened = Descriptor.Own((int)number);
        return Errno.None;
    }

    /// <summary>One component after the other: for kernels before 5.6, and for paths longer than PATH_MAX.</summary>
    internal static int OpenStepwise(Descriptor root, ReadOnlySpan<byte> path, [NotNull] out Descriptor? opened)
    {
        opened = null!;
        Descriptor current = root;
        Span<byte> text = stackalloc byte[Location.NameCapacity];
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[range];
            Descriptor? next = null;
            int error = Errno.ENAMETOOLONG;
            if (name.Length < text.Length)
            {
                name.CopyTo(text);
                text[name.Length] = 0;
                error = Descriptor.Open(current, in MemoryMarshal.GetReference(text), s_flags, 0, out next);
            }
            if (current != root) current.Dispose();
            if (error != Errno.None) return error;
            current = next!;
        }
        opened = current;
        return Errno.None;
    }
}
