using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace SyncHop.Replicas.Local;

/// <summary>
/// An open file descriptor, counted: disposing of it closes it when its last use ends, so that no call ever meets a
/// descriptor number that was closed and given out again.
/// </summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Stands for the working directory in <c>*at</c> calls; never closed.</summary>
    public static readonly Descriptor WorkingDirectory = new(Linux.AT_FDCWD, isOwned: false);

    private Descriptor(int number, bool isOwned) : base(isOwned) => SetHandle(number);

    /// <summary>The errno of close(2), or 0; known after the last use.</summary>
    public int CloseError { get; private set; }

    /// <summary>The number, valid while held.</summary>
    public int Number => (int)handle;

    /// <summary>openat(2) with <c>O_CLOEXEC</c>.</summary>
    /// <returns>0 or the errno.</returns>
    public static int Open(
        Descriptor directory, ref readonly byte name, int flags, uint mode, [NotNull] out Descriptor? opened)
    {
        int number;
        while ((number = Libc.openat(directory, in name, flags | Linux.O_CLOEXEC, mode)) < 0)
        {
            if (Errno.Last == Errno.EINTR) continue;
            opened = null!;
            return Errno.Last;
        }
        opened = Own(number);
        return Errno.None;
    }

    /// <summary>openat(2) for reading, with <c>O_NOATIME</c> if wanted, which only the owner and root may use.</summary>
    /// <returns>0 or the errno.</returns>
    public static int OpenToRead(
        Descriptor directory, ref readonly byte name, int flags, bool keepsAccessTime, [NotNull] out Descriptor? opened)
    {
        if (!keepsAccessTime) return Open(directory, in name, flags, 0, out opened);
        int error = Open(directory, in name, flags | Linux.O_NOATIME, 0, out opened);
        return error == Errno.EPERM ? Open(directory, in name, flags, 0, out opened) : error;
    }

    /// <summary>Takes over a descriptor that a system call returned.</summary>
    public static Descriptor Own(int number) => new(number, isOwned: true);

    /// <summary>The number, to be closed by who takes it.</summary>
    public int Detach()
    {
        int number = Number;
        SetHandleAsInvalid();
        return number;
    }

    /// <summary>Keeps it open until <see cref="Release"/>.</summary>
    public void Retain()
    {
        bool added = false;
        DangerousAddRef(ref added);
    }

    /// <summary>Ends one <see cref="Retain"/>.</summary>
    public void Release() => DangerousRelease();

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        // Not repeated after EINTR: Linux has closed it by then (close(2)).
        if (Libc.close((int)handle) < 0 && Errno.Last != Errno.EINTR) CloseError = Errno.Last;
        return true;
    }
}
