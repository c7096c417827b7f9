namespace SyncHop.Sftp;

/// <summary>The file type bits of POSIX <c>st_mode</c>, as OpenSSH's server sends them in the permissions field.</summary>
public enum SftpFileType : uint
{
    /// <summary>The server sent no type.</summary>
    Unknown = 0,

    /// <summary>A named pipe.</summary>
    Fifo = 0x1000,

    /// <summary>A character device.</summary>
    CharacterDevice = 0x2000,

    /// <summary>A directory.</summary>
    Directory = 0x4000,

    /// <summary>A block device.</summary>
    BlockDevice = 0x6000,

    /// <summary>A regular file.</summary>
    Regular = 0x8000,

    /// <summary>A symbolic link.</summary>
    Symlink = 0xA000,

    /// <summary>A socket.</summary>
    Socket = 0xC000,
}
