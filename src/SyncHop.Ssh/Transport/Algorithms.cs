using System.Runtime.Intrinsics.X86;
using Renci.SshNet;
using SyncHop.Ssh.Configuration;
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

    /// <summary>The host key algorithms that are offered by default, in order.</summary>
    public static IReadOnlyList<string> HostKeys { get; } =
    [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "rsa-sha2-512", "rsa-sha2-256",
    ];

    private const string Zlib = "zlib@openssh.com";

    private static bool HasHardwareAes => (Aes.IsSupported && Pclmulqdq.IsSupported) || ArmAes.IsSupported;

    /// <summary>Puts our order on a connection, or the one that ssh_config wants; takes away what OpenSSH no longer
    /// offers by default.</summary>
    /// <param name="connection">The connection about to be made.</param>
    /// <param name="hop">The lists of ssh_config.</param>
    /// <param name="knownKeyTypes">Types of keys already known for the host; a server with one of them must use it.</param>
    /// <exception cref="HopException">Of a list nothing is left that we have.</exception>
    public static void Apply(ConnectionInfo connection, HopSettings hop, IReadOnlyList<string> knownKeyTypes)
    {
        Reorder(connection.KeyExchangeAlgorithms, KeyExchanges, hop.KexAlgorithms, "KexAlgorithms");
        Reorder(connection.Encryptions, Ciphers, hop.Ciphers, "Ciphers");
        Reorder(connection.HmacAlgorithms, Macs, hop.Macs, "MACs");
        Reorder(connection.HostKeyAlgorithms, HostKeys, hop.HostKeyAlgorithms, "HostKeyAlgorithms");
        if (hop.HostKeyAlgorithms is not { Change: AlgorithmChange.Replace })
            Sort(connection.HostKeyAlgorithms, OrderHostKeys([.. connection.HostKeyAlgorithms.Keys], knownKeyTypes));
        connection.CompressionAlgorithms[Zlib] = static () => new SparingCompressor();
        Sort(connection.CompressionAlgorithms, hop.Compression ? [Zlib, "none"] : ["none", Zlib]);
    }

    /// <summary>The MAC towards the server; null where the cipher authenticates by itself.</summary>
    public static string? MacOf(ConnectionInfo connection) =>
        connection.CurrentClientEncryption is { } cipher && (cipher.Contains("-gcm@") || cipher.Contains("-poly1305@"))
            ? null
            : connection.CurrentClientHmacAlgorithm;

    /// <summary>Host key algorithms, those of known keys first, as ssh does.</summary>
    public static IReadOnlyList<string> OrderHostKeys(IReadOnlyList<string> offered, IReadOnlyList<string> knownKeyTypes)
    {
        var known = offered.Where(name => knownKeyTypes.Contains(KeyTypeOf(name))).ToList();
        return [.. known, .. offered.Except(known)];
    }

    private static string KeyTypeOf(string algorithm) =>
        algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal) ? "ssh-rsa" : algorithm;

    private static void Reorder<T>(
        IOrderedDictionary<string, T> algorithms, IReadOnlyList<string> defaults, AlgorithmList? wanted, string keyword)
    {
        string[] supported = [.. algorithms.Keys];
        IReadOnlyList<string> order = wanted?.Apply([.. defaults.Intersect(supported)], supported) ?? defaults;
        if (order.Count == 0)
            throw HopException.Config($"{keyword} {Printable.Line(string.Join(',', wanted!.Names))} leaves no algorithm that synchop has");
        Sort(algorithms, order);
    }

    private static void Sort<T>(IOrderedDictionary<string, T> algorithms, IReadOnlyList<string> order)
    {
        foreach (string name in algorithms.Keys.Except(order).ToList()) algorithms.Remove(name);
        int position = 0;
        foreach (string name in order)
            if (algorithms.ContainsKey(name)) algorithms.SetPosition(name, position++);
    }
}
