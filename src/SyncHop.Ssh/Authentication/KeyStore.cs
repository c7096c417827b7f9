using System.IO.Abstractions;

namespace SyncHop.Ssh.Authentication;

/// <summary>The private keys of a whole chain: each file is read, warned about and unlocked once.</summary>
internal sealed class KeyStore(IFileSystem fileSystem)
{
    // The largest RSA key in PEM takes a few KiB.
    private const long MaximumLength = 1 << 20;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly Dictionary<string, KeyFile?> _files = [];

    /// <summary>The key of a file; null when it is not usable, which the user is told unless it is a default.</summary>
    public KeyFile? Get(string path, bool isDefault, IUserPrompt prompt)
    {
        if (!_files.TryGetValue(path, out KeyFile? key)) _files[path] = key = Load(path, isDefault, prompt);
        return key;
    }

    private KeyFile? Load(string path, bool isDefault, IUserPrompt prompt)
    {
        try
        {
            if (!fileSystem.File.Exists(path))
            {
                if (!isDefault) prompt.Warn($"identity file {Printable.Line(path)} does not exist");
                return null;
            }

            if (!OperatingSystem.IsWindows() && (fileSystem.File.GetUnixFileMode(path) & Others) is not 0 and var open)
            {
                prompt.Warn($"key {Printable.Line(path)} is not used: others have access to it "
                    + $"(mode bits {Convert.ToString((int)open, 8).PadLeft(4, '0')}); chmod 600 it");
                return null;
            }

            if (fileSystem.FileInfo.New(path).Length > MaximumLength)
            {
                prompt.Warn($"{Printable.Line(path)} is too large for a private key");
                return null;
            }

            return KeyFile.Create(path, fileSystem.File.ReadAllBytes(path), () => PublicLine(path + ".pub"), prompt);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            prompt.Warn($"cannot read key {Printable.Line(path)}: {Printable.Line(e.Message)}");
            return null;
        }
    }

    private string? PublicLine(string path) =>
        fileSystem.File.Exists(path) && fileSystem.FileInfo.New(path).Length <= MaximumLength
            ? fileSystem.File.ReadLines(path).FirstOrDefault()
            : null;
}
