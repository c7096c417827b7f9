using SyncHop.Ssh.HostKeys;

namespace SyncHop.Ssh.Authentication;

/// <summary>What a file that IdentityFile names, and the files beside it, say of a key.</summary>
/// <param name="Path">The file as named.</param>
internal sealed record IdentityFile(string Path)
{
    /// <summary>The public key's blob; null when only a passphrase would tell.</summary>
    public byte[]? PublicKey { get; init; }

    /// <summary>The private key; null when the file has none or it cannot be used, and only the agent can sign.</summary>
    public KeyFile? Private { get; init; }

    /// <summary>The certificate in the file with <c>-cert.pub</c> added to its name; null for none.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>Why there is no private key, for the case that the agent does not have it either.</summary>
    public string? Problem { get; init; }
}
