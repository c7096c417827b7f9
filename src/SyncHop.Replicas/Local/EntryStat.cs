using System.Runtime.CompilerServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>stat(2) in its variants.</summary>
[SkipLocalsInit]
internal static class EntryStat
{
    /// <returns>0 or the errno.</returns>
    public static int Get(Descriptor directory, ref readonly byte name, int flags, out FileStat stat)
    {
        StatxBuffer buffer;
        while (Libc.statx(directory, in name, flags, Linux.STATX_WANTED, out buffer) < 0)
        {
            if (Errno.Last == Errno.EINTR) continue;
            stat = default;
            return Errno.Last;
        }
        stat = buffer.ToFileStat();
        return Errno.None;
    }

    /// <summary>The stat of an entry, not followed, in a directory whose descriptor the caller keeps open.</summary>
    /// <returns>0 or the errno.</returns>
    public static int Get(int directory, ref readonly byte name, out FileStat stat)
    {
        StatxBuffer buffer;
        while (Libc.statx(directory, in name, Linux.AT_SYMLINK_NOFOLLOW, Linux.STATX_WANTED, out buffer) < 0)
        {
            if (Errno.Last == Errno.EINTR) continue;
            stat = default;
            return Errno.Last;
        }
        stat = buffer.ToFileStat();
        return Errno.None;
    }

    /// <summary>When an open entry itself was last changed: its attributes, its place, what it is.</summary>
    /// <returns>0 or the errno.</returns>
    public static int GetChangeTime(Descriptor entry, out DateTimeOffset time)
    {
        time = default;
        byte empty = 0;
        StatxBuffer buffer;
        while (Libc.statx(entry, in empty, Linux.AT_EMPTY_PATH, Linux.STATX_CTIME, out buffer) < 0)
        {
            if (Errno.Last != Errno.EINTR) return Errno.Last;
        }
        time = buffer.ChangeTime;
        return Errno.None;
    }

    /// <summary>The stat of an open file.</summary>
    /// <returns>0 or the errno.</returns>
    public static int Get(Descriptor file, out FileStat stat)
    {
        byte empty = 0;
        return Get(file, in empty, Linux.AT_EMPTY_PATH, out stat);
    }
}
