using System.Text;

namespace SyncHop.Sftp;

/// <summary>
/// An extension of OpenSSH that this client can use: its name and the version it was written for
/// (OpenSSH's PROTOCOL section 4; "clients MUST check the version number").
/// </summary>
public sealed class SftpExtension
{
    /// <summary>rename(2) semantics: replaces an existing target atomically.</summary>
    public static readonly SftpExtension PosixRename = new("posix-rename@openssh.com", "1");

    /// <summary>File system figures by path.</summary>
    public static readonly SftpExtension StatVfs = new("statvfs@openssh.com", "2");

    /// <summary>File system figures by open handle.</summary>
    public static readonly SftpExtension FStatVfs = new("fstatvfs@openssh.com", "2");

    /// <summary>link(2).</summary>
    public static readonly SftpExtension HardLink = new("hardlink@openssh.com", "1");

    /// <summary>fsync(2).</summary>
    public static readonly SftpExtension FSync = new("fsync@openssh.com", "1");

    /// <summary>SETSTAT that does not follow a symlink.</summary>
    public static readonly SftpExtension LSetStat = new("lsetstat@openssh.com", "1");

    /// <summary>The server's packet sizes and number of open handles.</summary>
    public static readonly SftpExtension Limits = new("limits@openssh.com", "1");

    /// <summary>REALPATH with ~ and ~user expanded.</summary>
    public static readonly SftpExtension ExpandPath = new("expand-path@openssh.com", "1");

    /// <summary>Copies a range between two open files on the server.</summary>
    public static readonly SftpExtension CopyData = new("copy-data", "1");

    /// <summary>A user's home directory.</summary>
    public static readonly SftpExtension HomeDirectory = new("home-directory", "1");

    /// <summary>Names of user and group ids.</summary>
    public static readonly SftpExtension UsersGroupsById = new("users-groups-by-id@openssh.com", "1");

    private readonly byte[] _wireName;

    private SftpExtension(string name, string version)
    {
        Name = name;
        Version = version;
        _wireName = Encoding.ASCII.GetBytes(name);
    }

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary>The version that this client speaks.</summary>
    public string Version { get; }

    internal ReadOnlySpan<byte> WireName => _wireName;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
