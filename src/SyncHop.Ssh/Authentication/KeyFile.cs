using System.Security.Cryptography;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Security;

namespace SyncHop.Ssh.Authentication;

/// <summary>One private key, unlocked at most once however many hops use it.</summary>
internal sealed class KeyFile(string path, byte[] content, KeyContainer container, byte[]? publicKey)
{
    private const int PassphraseTries = 3;

    private PrivateKeyFile? _unlocked;
    private bool _unavailable;

    /// <summary>True when signing would still need a passphrase.</summary>
    public bool IsLocked => _unlocked is null && container.Encrypted;

    /// <summary>The public key's blob; null when only the passphrase would tell.</summary>
    public byte[]? PublicKey => publicKey;

    /// <summary>Why the key could not be unlocked; null when it could, or was not tried.</summary>
    public string? Problem { get; private set; }

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
        CryptographicOperations.ZeroMemory(content);
        return _unlocked;
    }

    private PrivateKeyFile? UnlockWithPassphrase(IUserPrompt prompt)
    {
        if (!prompt.IsInteractive)
        {
            Problem = $"key {Printable.Line(path)} needs a passphrase, and {prompt.Obstacle}";
            return null;
        }

        string question = $"Enter passphrase for key '{Printable.Line(path)}': ";
        for (int tries = 0; tries < PassphraseTries; tries++)
        {
            if (prompt.AskSecret(question, path) is not { Length: > 0 } passphrase) break;
            Problem = $"the passphrase of key {Printable.Line(path)} is wrong";
            // SSH.NET takes it as a string, which cannot be cleared.
            string text = Encoding.UTF8.GetString(passphrase);
            CryptographicOperations.ZeroMemory(passphrase);
            if (TryRead(text, null) is { } key)
            {
                Problem = null;
                return key;
            }

            question = $"Bad passphrase, try again for '{Printable.Line(path)}': ";
        }

        Problem ??= $"no passphrase was given for key {Printable.Line(path)}";
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
            if (prompt is not null) Problem = $"key {Printable.Line(path)} cannot be used: {Printable.Line(e.Message)}";
            return null;
        }
    }
}
