using SyncHop.Ssh.Configuration;
using SyncHop.Ssh.HostKeys;

namespace SyncHop.Ssh.Authentication;

/// <summary>The signature algorithms of user keys.</summary>
internal static class KeyAlgorithms
{
    // SHA-1 signatures (ssh-rsa) are never used, as in ssh.
    private static readonly string[] Plain =
    [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com", "rsa-sha2-512", "rsa-sha2-256",
    ];

    private static readonly string[] All = [.. Plain.Select(CertificateNameOf), .. Plain];

    /// <summary>True for the types whose private keys can be used from a file.</summary>
    public static bool CanSign(string keyType) =>
        keyType == "ssh-rsa" || (Plain.Contains(keyType) && !keyType.StartsWith("sk-", StringComparison.Ordinal));

    /// <summary>True when every signature takes a touch of the token that holds the key.</summary>
    public static bool NeedsTouch(string algorithm) => algorithm.StartsWith("sk-", StringComparison.Ordinal);

    /// <summary>The algorithms to try for a key, best first; empty for a type that is not supported or not wanted.</summary>
    /// <param name="blob">The public key or certificate.</param>
    /// <param name="wanted">PubkeyAcceptedAlgorithms.</param>
    /// <param name="server">
    /// The server's identification: every OpenSSH that takes rsa-sha2-256 takes rsa-sha2-512, and a second try of the same
    /// key counts against MaxAuthTries.
    /// </param>
    public static IReadOnlyList<string> For(byte[] blob, AlgorithmList? wanted, string? server)
    {
        string type = KnownHostsEntry.TypeOf(blob);
        string[] names = type switch
        {
            "ssh-rsa" => ["rsa-sha2-512", "rsa-sha2-256"],
            "ssh-rsa" + Certificate.Suffix => [CertificateNameOf("rsa-sha2-512"), CertificateNameOf("rsa-sha2-256")],
            _ => [type],
        };
        IReadOnlyList<string> accepted = wanted?.Apply(All, All) ?? All;
        var tries = names.Where(accepted.Contains).ToList();
        bool one = server?.Contains("OpenSSH_", StringComparison.Ordinal) ?? false;
        return one && tries.Count > 1 ? tries[..1] : tries;
    }

    /// <summary>The algorithm that makes the signature itself: a certificate is signed for by its key.</summary>
    public static string SignatureOf(string algorithm) => Certificate.KeyTypeOf(algorithm) ?? algorithm;

    private static string CertificateNameOf(string algorithm)
    {
        int at = algorithm.IndexOf('@', StringComparison.Ordinal);
        return (at < 0 ? algorithm : algorithm[..at]) + Certificate.Suffix;
    }
}
