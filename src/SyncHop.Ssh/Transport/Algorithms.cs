using System.Runtime.Intrinsics.X86;
using Renci.SshNet;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace SyncHop.Ssh.Transport;

/// <summary>The order in which algorithms are offered; of each list the server takes the first it has.</summary>
internal static class Algorithms
{
    // A hop with curve25519 takes about 30 ms, one with sntrup761 95 ms, most of it here: SSH.NET's sntrup761 is slow
    // managed code. mlkem768x25519 is fast and resists quantum computers; only servers older than OpenSSH 9.9 fall
    // back to a key exchange that does not.
    private static readonly string[] KeyExchanges =
    [
        "mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org",
        "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
        "sntrup761x25519-sha512", "sntrup761x25519-sha512@openssh.com",
        "diffie-hellman-group-exchange-sha256", "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512",
        "diffie-hellman-group14-sha256",
    ];

    // With hardware AES, GCM takes less than half the time of CTR with a MAC; without it ChaCha20 is faster, and
    // its speed does not depend on secrets.
    private static readonly string[] Ciphers = HasHardwareAes
        ? ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com",
            "aes128-ctr", "aes192-ctr", "aes256-ctr"]
        : ["chacha20-poly1305@openssh.com", "aes128-gcm@openssh.com", "aes256-gcm@openssh.com",
            "aes128-ctr", "aes192-ctr", "aes256-ctr"];

    private static readonly string[] Macs =
    [
        "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512",
        "hmac-sha1-etm@openssh.com", "hmac-sha1",
    ];

    private static readonly string[] HostKeys =
    [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "rsa-sha2-512", "rsa-sha2-256",
    ];

    private static bool HasHardwareAes => (Aes.IsSupported && Pclmulqdq.IsSupported) || ArmAes.IsSupported;

    /// <summary>Puts our order on a connection and takes away what OpenSSH no longer offers by default.</summary>
    /// <param name="connection">The connection about to be made.</param>
    /// <param name="knownKeyTypes">Types of keys already known for the host; a server with one of them must use it.</param>
    public static void Apply(ConnectionInfo connection, IReadOnlyList<string> knownKeyTypes)
    {
        Reorder(connection.KeyExchangeAlgorithms, KeyExchanges);
        Reorder(connection.Encryptions, Ciphers);
        Reorder(connection.HmacAlgorithms, Macs);
        Reorder(connection.HostKeyAlgorithms, OrderHostKeys(knownKeyTypes));
    }

    /// <summary>The host key algorithms, those of known keys first, as ssh does.</summary>
    public static IReadOnlyList<string> OrderHostKeys(IReadOnlyList<string> knownKeyTypes)
    {
        var known = HostKeys.Where(name => knownKeyTypes.Contains(KeyTypeOf(name))).ToList();
        return [.. known, .. HostKeys.Except(known)];
    }

    private static string KeyTypeOf(string algorithm) =>
        algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal) ? "ssh-rsa" : algorithm;

    private static void Reorder<T>(IOrderedDictionary<string, T> algorithms, IReadOnlyList<string> order)
    {
        foreach (string name in algorithms.Keys.Except(order).ToList()) algorithms.Remove(name);
        int position = 0;
        foreach (string name in order)
            if (algorithms.ContainsKey(name)) algorithms.SetPosition(name, position++);
    }
}
