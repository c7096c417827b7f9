using System.Text;
using Renci.SshNet;
using Renci.SshNet.Security;
using SyncHop.Ssh.HostKeys;

namespace SyncHop.Ssh.Authentication;

/// <summary>One private key, unlocked at most once however many hops use it.</summary>
internal sealed class KeyFile(string path, byte[] content, KeyContainer container, byte[]? publicKey)
{
    private const int PassphraseTries = 3;

    private PrivateKeyFile? _unlocked;
    private bool _unavailable;

    public string Path => path;

    /// <summary>True when signing would still need a passphrase.</summary>
    public bool IsLocked => _unlocked is null && container.Encrypted;

    /// <summary>The public key's blob; null when only the passphrase would tell.</summary>
    public byte[]? PublicKey => publicKey;

    /// <summary>The signature algorithms to try, best first; empty for a type that is not supported.</summary>
    /// <remarks>SHA-1 signatures (<c>ssh-rsa</c>) are never used.</remarks>
    public static IReadOnlyList<string> AlgorithmsFor(byte[] publicKey) => KnownHostsEntry.TypeOf(publicKey) switch
    {
        "ssh-rsa" => ["rsa-sha2-512", "rsa-sha2-256"],
        "ssh-ed25519" => ["ssh-ed25519"],
        "ecdsa-sha2-nistp256" => ["ecdsa-sha2-nistp256"],
        "ecdsa-sha2-nistp384" => ["ecdsa-sha2-nistp384"],
        "ecdsa-sha2-nistp521" => ["ecdsa-sha2-nistp521"],
        _ => [],
    };

    /// <summary>The algorithm that signs; asks for the passphrase when needed.</summary>
    /// <returns>Null when the key cannot be used; the user has been told.</returns>
    public HostAlgorithm? Signer(string algorithm, IUserPrompt prompt) =>
        Unlock(prompt)?.HostKeyAlgorithms.FirstOrDefault(a => a.Name == algorithm);

    /// <summary>Learns the public key of a format that hides it; asks for the passphrase when needed.</summary>
    public byte[]? ReadPublicKey(IUserPrompt prompt) =>
        publicKey ??= Unlock(prompt)?.HostKeyAlgorithms.FirstOrDefault()?.Data;

    private PrivateKeyFile? Unlock(IUserPrompt prompt)
    {
        if (_unlocked is not null || _unavailable) return _unlocked;
        _unlocked = container.Encrypted ? UnlockWithPassphrase(prompt) : TryRead(null, prompt);
        _unavailable = _unlocked is null;
        return _unlocked;
    }

    private PrivateKeyFile? UnlockWithPassphrase(IUserPrompt prompt)
    {
        if (!prompt.IsInteractive)
        {
            prompt.Warn($"key {Printable.Line(path)} needs a passphrase and there is no terminal to ask for it");
            return null;
        }

        string question = $"Enter passphrase for key '{Printable.Line(path)}': ";
        for (int tries = 0; tries < PassphraseTries; tries++)
        {
            string? passphrase = prompt.AskSecret(question);
            if (string.IsNullOrEmpty(passphrase)) return null;
            if (TryRead(passphrase, null) is { } key) return key;
            question = $"Bad passphrase, try again for '{Printable.Line(path)}': ";
        }

        return null;
    }

    // SSH.NET's parsers throw many kinds of exceptions for a wrong passphrase and for a damaged file alike.
    private PrivateKeyFile? TryRead(string? passphrase, IUserPrompt? prompt)
    {
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            return new PrivateKeyFile(stream, passphrase);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            prompt?.Warn($"key {Printable.Line(path)} cannot be used: {Printable.Line(e.Message)}");
            return null;
        }
    }

    /// <summary>Wraps a file's content; null and a warning when it is no key we can use.</summary>
    public static KeyFile? Create(string path, byte[] content, Func<string?> publicLine, IUserPrompt prompt)
    {
        KeyContainer? container = KeyContainer.Inspect(Encoding.UTF8.GetString(content));
        if (container is null)
        {
            prompt.Warn($"{Printable.Line(path)} is not a private key in OpenSSH or PEM format");
            return null;
        }

        byte[]? publicKey = container.PublicKey ?? (publicLine() is { } line ? KeyContainer.PublicKeyOf(line) : null);
        if (publicKey is not null && AlgorithmsFor(publicKey).Count == 0)
        {
            prompt.Warn($"key {Printable.Line(path)} has the unsupported type "
                + Printable.Line(KnownHostsEntry.TypeOf(publicKey)));
            return null;
        }

        return new KeyFile(path, content, container, publicKey);
    }
}
