using System.IO.Abstractions;
using System.Text;

namespace SyncHop.Ssh.HostKeys;

/// <summary>Adds a key to a known_hosts file.</summary>
internal static class KnownHostsFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Appends one line with one write, so that concurrent writers do not mix their lines.</summary>
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
        var options = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using FileSystemStream file = fileSystem.FileStream.New(path, options);
        file.Write(Encoding.UTF8.GetBytes(line));
    }

    private static bool EndsWithNewline(IFileSystem fileSystem, string path)
    {
        using FileSystemStream file = fileSystem.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length == 0) return true;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }
}
