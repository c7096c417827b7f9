using System.IO.Abstractions;
using System.Runtime.InteropServices;
using System.Text;

namespace SyncHop.Ssh.HostKeys;

/// <summary>Adds a key to a known_hosts file.</summary>
internal static partial class KnownHostsFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // fcntl(2) and <asm-generic/fcntl.h>.
    private const int SetStatusFlags = 4;
    private const int AppendFlag = 0x400;

    /// <summary>Appends one line with one write, so that concurrent writers neither mix nor overwrite their lines.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static void Append(IFileSystem fileSystem, string path, string name, byte[] key, bool hashed)
    {
        string names = hashed ? KnownHostsEntry.HashedName(name) : name;
        string line = $"{names} {KnownHostsEntry.TypeOf(key)} {Convert.ToBase64String(key)}\n";
        string? directory = fileSystem.Path.GetDirectoryName(path);
        if (!string.IsNullOrEmpty(directory) && !fileSystem.Directory.Exists(directory))
        {
            if (OperatingSystem.IsWindows()) fileSystem.Directory.CreateDirectory(directory);
            else fileSystem.Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }

        if (fileSystem.File.Exists(path) && !EndsWithNewline(fileSystem, path)) line = "\n" + line;
        using Stream file = OpenToAppend(fileSystem, path);
        file.Write(Encoding.UTF8.GetBytes(line));
    }

    /// <summary>A file of which every write goes to the end, wherever that is by then.</summary>
    internal static Stream OpenToAppend(IFileSystem fileSystem, string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        if (fileSystem is not FileSystem || !OperatingSystem.IsLinux()) return fileSystem.FileStream.New(path, options);
        var file = new FileStream(path, options);
        // .NET writes to where the end was when it opened the file; in this mode Linux knows better (pwrite(2)).
        _ = SetFlags(file.SafeFileHandle, SetStatusFlags, AppendFlag);
        return file;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetFlags(SafeHandle file, int command, int flags);

    private static bool EndsWithNewline(IFileSystem fileSystem, string path)
    {
        using FileSystemStream file = fileSystem.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length == 0) return true;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }
}
