using System.IO.Abstractions;
using System.Security.Cryptography;
using System.Text;
using SyncHop.Ssh.HostKeys;

namespace SyncHop.Ssh.Authentication;

/// <summary>
/// The key files of a chain, or of several that share it: each is read, warned about and unlocked once, and a key whose
/// passphrase was not known is not asked for again. Chains that share one connect one after the other.
/// </summary>
/// <param name="fileSystem">Where the files are.</param>
public sealed class KeyStore(IFileSystem fileSystem)
{
    // The largest RSA key in PEM takes a few KiB.
    private const long MaximumLength = 1 << 20;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly Dictionary<string, IdentityFile> _identities = [];
    private readonly Dictionary<string, Certificate?> _certificates = [];
    private readonly HashSet<string> _warnings = [];

    /// <summary>Keys of the usual file system.</summary>
    public KeyStore()
        : this(new FileSystem())
    {
    }

    /// <summary>What a file that IdentityFile names holds: a private key, or a public key of the agent's.</summary>
    internal IdentityFile Identity(string path)
    {
        lock (_identities)
        {
            if (!_identities.TryGetValue(path, out IdentityFile? identity)) _identities[path] = identity = Load(path);
            return identity;
        }
    }

    /// <summary>The user certificate in a file; null and a warning when there is none.</summary>
    internal Certificate? CertificateFile(string path, IUserPrompt prompt)
    {
        lock (_certificates)
        {
            if (_certificates.TryGetValue(path, out Certificate? certificate)) return certificate;
            certificate = UserCertificate(path);
            if (certificate is null) Warn($"{Printable.Line(path)} is not a user certificate", prompt);
            return _certificates[path] = certificate;
        }
    }

    /// <summary>Says something once, however many hops it is about.</summary>
    internal void Warn(string message, IUserPrompt prompt)
    {
        lock (_warnings)
        {
            if (!_warnings.Add(message)) return;
        }

        prompt.Warn(message);
    }

    private IdentityFile Load(string path)
    {
        string name = Printable.Line(path);
        var identity = new IdentityFile(path) { Certificate = UserCertificate(path + "-cert.pub") };
        byte[]? beside = PublicKey(path + ".pub");
        try
        {
            if (fileSystem.Directory.Exists(path)) return identity with { Problem = $"{name} is a directory, not a key" };
            if (!fileSystem.File.Exists(path))
                return identity with { PublicKey = beside, Problem = $"identity file {name} does not exist" };
            if (fileSystem.FileInfo.New(path).Length > MaximumLength)
                return identity with { Problem = $"{name} is too large for a private key" };
            return Read(identity with { PublicKey = beside }, fileSystem.File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return identity with { PublicKey = beside, Problem = $"cannot read key {name}: {Printable.Line(e.Message)}" };
        }
    }

    private IdentityFile Read(IdentityFile identity, byte[] content)
    {
        string name = Printable.Line(identity.Path), text = Encoding.UTF8.GetString(content);
        if (KeyContainer.Inspect(text) is not { } container)
        {
            return KeyContainer.PublicKeyOf(FirstLine(text)) is { } named
                ? identity with { PublicKey = named, Problem = $"{name} is a public key, and the agent does not hold its private one; the private key's file has no .pub" }
                : identity with { Problem = $"{name} is not a private key in OpenSSH or PEM format" };
        }

        identity = identity with { PublicKey = container.PublicKey ?? identity.PublicKey };
        string? problem = Refusal(identity);
        if (problem is null)
            return identity with { Private = new KeyFile(identity.Path, content, container, identity.PublicKey) };
        CryptographicOperations.ZeroMemory(content);
        return identity with { Problem = problem };
    }

    // As ssh: the access that others have counts for a file of the user's own.
    private string? Refusal(IdentityFile identity)
    {
        string name = Printable.Line(identity.Path);
        if (!OperatingSystem.IsWindows()
            && (fileSystem.File.GetUnixFileMode(identity.Path) & Others) is not 0 and var open
            && FileOwner.IsUser(identity.Path))
            return $"key {name} is not used: others have access to it "
                + $"(mode bits {Convert.ToString((int)open, 8).PadLeft(4, '0')}); chmod 600 it";
        string type = identity.PublicKey is null ? "" : KnownHostsEntry.TypeOf(identity.PublicKey);
        return identity.PublicKey is null || KeyAlgorithms.CanSign(type)
            ? null
            : $"key {name} has the type {Printable.Line(type)}, which only an agent can use";
    }

    private Certificate? UserCertificate(string path) =>
        PublicKey(path) is { } blob && Certificate.Parse(blob) is { Kind: CertificateKind.User } certificate
            ? certificate
            : null;

    private byte[]? PublicKey(string path)
    {
        try
        {
            return fileSystem.File.Exists(path) && fileSystem.FileInfo.New(path).Length <= MaximumLength
                ? KeyContainer.PublicKeyOf(FirstLine(fileSystem.File.ReadAllText(path)))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
