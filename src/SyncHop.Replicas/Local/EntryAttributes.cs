using System.Runtime.InteropServices;
using System.Text.Unicode;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>
/// Sets owner, then permissions, because chown(2) clears setuid, then the modification time. All that can be set is set;
/// the first failure is returned.
/// </summary>
internal static unsafe class EntryAttributes
{
    private const uint Unchanged = uint.MaxValue; // the -1 of chown(2)

    private const uint OwnerWrite = 0x80; // 0200

    private static volatile bool s_lacksFchmodat2;

    /// <summary>Sets them on an entry, which is not followed when it is a symlink.</summary>
    public static ReplicaException? Set(in Location at, FileType type, AttributeChange change)
    {
        FirstFailure failure = default;
        if (change.Uid is not null || change.Gid is not null)
        {
            int error = ChangeOwner(in at, change.Uid, change.Gid);
            failure.Note(error, change.Uid is null ? "chgrp" : "chown");
            // The group alone may be permitted where the owner is not.
            if (error != Errno.None && change.Uid is not null && change.Gid is not null) _ = ChangeOwner(in at, null, change.Gid);
        }
        if (change.Extended is { } extended) failure.Note(SetExtended(in at, extended));
        // Linux gives symlinks no permissions of their own.
        if (change.Permissions is { } permissions && type != FileType.Symlink)
            failure.Note(ChangeMode(at.Directory, in at.Name, permissions), "chmod");
        if (change.Mtime is not null || change.Atime is not null)
        {
            TimeSpecs times = new(change.Atime, change.Mtime);
            while (Libc.utimensat(at.Directory, in at.Name, &times, Linux.AT_SYMLINK_NOFOLLOW) < 0)
            {
                if (failure.NoteLast("utimensat")) break;
            }
        }
        return failure.Exception;
    }

    /// <summary>Sets them on an open file.</summary>
    public static ReplicaException? Set(Descriptor file, AttributeChange change)
    {
        FirstFailure failure = default;
        if (change.Uid is not null || change.Gid is not null)
        {
            int error = ChangeOwner(file, change.Uid, change.Gid);
            failure.Note(error, change.Uid is null ? "chgrp" : "chown");
            if (error != Errno.None && change.Uid is not null && change.Gid is not null) _ = ChangeOwner(file, null, change.Gid);
        }
        // Where it cannot be read, nobody is let in.
        if (change.Extended is { } extended)
            failure.Note(ExtendedWriter.Set(new ExtendedPlace(file), extended, extended.AdaptsFrom is not null && EntryStat.Get(file, out FileStat made) == Errno.None ? made.Permissions : 0));
        if (change.Permissions is { } permissions)
        {
            while (Libc.fchmod(file, permissions & FileStat.PermissionMask) < 0)
            {
                if (failure.NoteLast("chmod")) break;
            }
        }
        if (change.Mtime is not null || change.Atime is not null)
        {
            TimeSpecs times = new(change.Atime, change.Mtime);
            while (Libc.futimens(file, &times) < 0)
            {
                if (failure.NoteLast("futimens")) break;
            }
        }
        return failure.Exception;
    }

    /// <summary>Where an entry's owner may not write to it, who may is let in for the moment, as by rsync: xattr(7) asks for that.</summary>
    private static ReplicaException? SetExtended(in Location at, ExtendedChange change)
    {
        ExtendedPlace place = new(in at, stackalloc byte[ExtendedPlace.PathCapacity]);
        // Where it cannot be read, nobody is let in.
        uint mode = change.AdaptsFrom is not null && EntryStat.Get(at.Directory, in at.Name, Linux.AT_SYMLINK_NOFOLLOW, out FileStat made) == Errno.None ? made.Permissions : 0;
        ReplicaException? failure = ExtendedWriter.Set(in place, change, mode);
        if (failure?.Error != ReplicaError.PermissionDenied
            || EntryStat.Get(at.Directory, in at.Name, Linux.AT_SYMLINK_NOFOLLOW, out FileStat stat) != Errno.None
            || stat.IsSymlink || (stat.Permissions & OwnerWrite) != 0
            || ChangeMode(at.Directory, in at.Name, stat.Permissions | OwnerWrite) != Errno.None)
            return failure;
        failure = ExtendedWriter.Set(in place, change, mode);
        int error = ChangeMode(at.Directory, in at.Name, stat.Permissions);
        return failure ?? (error == Errno.None ? null : Errno.Failure(error, "chmod"));
    }

    /// <summary>chmod of the entry itself: a symlink put in its place meanwhile is not followed.</summary>
    /// <returns>0 or the errno; EOPNOTSUPP for a symlink.</returns>
    public static int ChangeMode(Descriptor directory, ref readonly byte name, uint permissions)
    {
        permissions &= FileStat.PermissionMask;
        while (!s_lacksFchmodat2)
        {
            if (Libc.fchmodat2(Linux.SYS_fchmodat2, directory, in name, (nint)permissions, Linux.AT_SYMLINK_NOFOLLOW) == 0)
                return Errno.None;
            int error = Errno.Last;
            if (error == Errno.ENOSYS) s_lacksFchmodat2 = true;
            // EPERM is also what old container filters say for system calls they do not know.
            else if (error == Errno.EPERM) break;
            else if (error != Errno.EINTR) return error;
        }
        return ChangeModeByDescriptor(directory, in name, permissions);
    }

    /// <summary>For kernels before 6.6: pins the entry with <c>O_PATH</c>, looks that it is no symlink, and changes what was pinned.</summary>
    internal static int ChangeModeByDescriptor(Descriptor directory, ref readonly byte name, uint permissions)
    {
        int error = Descriptor.Open(directory, in name, Linux.O_PATH | Linux.O_NOFOLLOW, 0, out Descriptor? entry);
        if (error != Errno.None) return error;
        using (entry)
        {
            error = EntryStat.Get(entry, out FileStat stat);
            if (error != Errno.None) return error;
            if (stat.IsSymlink) return Errno.EOPNOTSUPP;
            // fchmod(2) refuses an O_PATH descriptor; its link in /proc leads to the pinned inode whatever its name is now.
            Span<byte> path = stackalloc byte[32];
            if (!Utf8.TryWrite(path, $"/proc/self/fd/{entry.Number}\0", out _)) return Errno.EINVAL;
            while (Libc.chmod(in MemoryMarshal.GetReference(path), permissions) < 0)
            {
                if (Errno.Last == Errno.EINTR) continue;
                return Errno.Last == Errno.ENOENT ? Errno.EOPNOTSUPP : Errno.Last; // ENOENT: no /proc here
            }
            return Errno.None;
        }
    }

    private static int ChangeOwner(in Location at, uint? uid, uint? gid)
    {
        while (Libc.fchownat(at.Directory, in at.Name, uid ?? Unchanged, gid ?? Unchanged, Linux.AT_SYMLINK_NOFOLLOW) < 0)
        {
            if (Errno.Last != Errno.EINTR) return Errno.Last;
        }
        return Errno.None;
    }

    private static int ChangeOwner(Descriptor file, uint? uid, uint? gid)
    {
        while (Libc.fchown(file, uid ?? Unchanged, gid ?? Unchanged) < 0)
        {
            if (Errno.Last != Errno.EINTR) return Errno.Last;
        }
        return Errno.None;
    }

    private struct FirstFailure
    {
        public ReplicaException? Exception { get; private set; }

        public void Note(ReplicaException? failure) => Exception ??= failure;

        public void Note(int errno, string operation)
        {
            if (errno != Errno.None) Exception ??= Errno.Failure(errno, operation);
        }

        /// <returns>false when a signal interrupted the call and it is to be made again.</returns>
        public bool NoteLast(string operation)
        {
            int errno = Errno.Last;
            if (errno == Errno.EINTR) return false;
            Note(errno, operation);
            return true;
        }
    }
}
