namespace SyncHop.Engine.Contract;

/// <summary>The kinds of directory entry, from the type bits of <c>st_mode</c> (inode(7)).</summary>
public enum FileType : byte
{
    /// <summary>A kind this program does not know.</summary>
    Unknown,
    /// <summary>A regular file.</summary>
    Regular,
    /// <summary>A directory.</summary>
    Directory,
    /// <summary>A symbolic link.</summary>
    Symlink,
    /// <summary>A character device.</summary>
    CharacterDevice,
    /// <summary>A block device.</summary>
    BlockDevice,
    /// <summary>A named pipe.</summary>
    Fifo,
    /// <summary>A Unix-domain socket.</summary>
    Socket,
}

/// <summary>What a replica knows of one entry without following symlinks: the fields of lstat(2) that a sync compares.</summary>
public readonly record struct FileStat
{
    /// <summary>Mask of the permission bits that rsync preserves: rwx for all, setuid, setgid, sticky.</summary>
    public const uint PermissionMask = 0xFFF; // 07777

    private const uint TypeMask = 0xF000; // S_IFMT

    /// <summary><c>st_mode</c>: type bits and permission bits.</summary>
    public uint Mode { get; init; }

    /// <summary>Nanoseconds within <see cref="MtimeSeconds"/>; 0 where the side has whole seconds only.</summary>
    public int MtimeNanoseconds { get; init; }

    /// <summary>Modification time, seconds since 1970 UTC.</summary>
    public long MtimeSeconds { get; init; }

    /// <summary>Access time, seconds since 1970 UTC.</summary>
    public long AtimeSeconds { get; init; }

    /// <summary>Nanoseconds within <see cref="AtimeSeconds"/>; 0 where the side has whole seconds only.</summary>
    public int AtimeNanoseconds { get; init; }

    /// <summary>Length in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Owner.</summary>
    public uint Uid { get; init; }

    /// <summary>Group.</summary>
    public uint Gid { get; init; }

    /// <summary>Device number of a device node as <c>makedev(3)</c> packs it; 0 otherwise or where unknown.</summary>
    public ulong Rdev { get; init; }

    /// <summary>
    /// The file system the entry is on: <c>st_dev</c>, or over SFTP, for directories alone and where it is wanted, <c>f_fsid</c>; 0 where unknown.
    /// </summary>
    public ulong Device { get; init; }

    /// <summary>The inode's number on its file system; 0 where the side cannot tell (SFTP v3).</summary>
    public ulong Inode { get; init; }

    /// <summary>How many names the inode has; 0 where the side cannot tell (SFTP v3).</summary>
    public uint LinkCount { get; init; }

    /// <summary>Extended attributes and access control lists, where they were asked for and there are any; null otherwise.</summary>
    public ExtendedAttributes? Extended { get; init; }

    /// <summary>The permission bits alone (07777).</summary>
    public uint Permissions => Mode & PermissionMask;

    /// <summary>The kind of entry.</summary>
    public FileType Type => TypeOf(Mode);

    /// <summary>Whether the entry is a directory.</summary>
    public bool IsDirectory => Type == FileType.Directory;

    /// <summary>Whether the entry is a regular file.</summary>
    public bool IsRegular => Type == FileType.Regular;

    /// <summary>Whether the entry is a symbolic link.</summary>
    public bool IsSymlink => Type == FileType.Symlink;

    /// <summary>Whether the entry is a device node, a named pipe or a socket.</summary>
    public bool IsDeviceOrSpecial => Type is FileType.CharacterDevice or FileType.BlockDevice or FileType.Fifo or FileType.Socket;

    /// <summary>The kind of entry that a mode's type bits name (inode(7)).</summary>
    public static FileType TypeOf(uint mode) => (mode & TypeMask) switch
    {
        0x8000 => FileType.Regular,
        0x4000 => FileType.Directory,
        0xA000 => FileType.Symlink,
        0x2000 => FileType.CharacterDevice,
        0x6000 => FileType.BlockDevice,
        0x1000 => FileType.Fifo,
        0xC000 => FileType.Socket,
        _ => FileType.Unknown,
    };

    /// <summary>The type bits of <c>st_mode</c> for a kind of entry.</summary>
    public static uint TypeBits(FileType type) => type switch
    {
        FileType.Regular => 0x8000,
        FileType.Directory => 0x4000,
        FileType.Symlink => 0xA000,
        FileType.CharacterDevice => 0x2000,
        FileType.BlockDevice => 0x6000,
        FileType.Fifo => 0x1000,
        FileType.Socket => 0xC000,
        _ => 0,
    };
}
