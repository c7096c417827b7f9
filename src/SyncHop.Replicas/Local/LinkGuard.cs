using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>Which symlinks are followed on the way of a path (<see cref="TrustedPath"/>).</summary>
internal sealed class LinkGuard
{
    /// <summary>Keeps from those of others.</summary>
    public static LinkGuard OfOthers { get; } = new();

    /// <summary>Whether also those are followed that belong neither to the superuser nor to the user who runs this.</summary>
    public bool FollowsOthers { get; init; }

    /// <summary>
    /// Those that came later, or were moved to where they are, are not followed: both set the time of the last change, which nobody
    /// can set back. null where that does not matter. The file system's clock is a few milliseconds behind this one, never ahead; where
    /// it is ahead, as a server's may be or after this one was set back, the time says nothing, and the symlink is followed.
    /// </summary>
    public DateTimeOffset? Latest { get; init; }

    /// <summary>This machine's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Asks about a symlink.</summary>
    /// <param name="link">It, open.</param>
    /// <param name="stat">Its stat.</param>
    /// <returns>0 or the errno; <see cref="Errno.ForeignLink"/> and <see cref="Errno.LateLink"/> where it is not to be followed.</returns>
    public int Check(Descriptor link, in FileStat stat)
    {
        if (!FollowsOthers && stat.Uid != 0 && stat.Uid != Libc.geteuid()) return Errno.ForeignLink;
        if (Latest is not { } latest) return Errno.None;
        int error = EntryStat.GetChangeTime(link, out DateTimeOffset changed);
        if (error != Errno.None) return error;
        return changed > latest && changed <= Clock.GetUtcNow() && !IsKernels(link) ? Errno.LateLink : Errno.None;
    }

    /// <summary>Whether it is in /proc or /sys, where the time is that of the first look and nobody moves anything.</summary>
    private static bool IsKernels(Descriptor link) => Libc.fstatfs(link, out StatFs info) == 0 && info.Type is Linux.PROC_SUPER_MAGIC or Linux.SYSFS_MAGIC;
}
