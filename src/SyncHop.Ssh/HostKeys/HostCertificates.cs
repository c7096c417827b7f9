using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.HostKeys;

/// <summary>
/// Lets a server show a certificate in the key exchange. SSH.NET then checks the exchange's signature with the certified
/// key; the certificate itself is judged by <see cref="HostKeyVerifier"/>.
/// </summary>
internal sealed class HostCertificates
{
    // In ssh's order.
    private static readonly string[] Types =
    [
        "ssh-ed25519" + Certificate.Suffix, "ecdsa-sha2-nistp256" + Certificate.Suffix,
        "ecdsa-sha2-nistp384" + Certificate.Suffix, "ecdsa-sha2-nistp521" + Certificate.Suffix,
        "rsa-sha2-512" + Certificate.Suffix, "rsa-sha2-256" + Certificate.Suffix,
    ];

    private readonly IOrderedDictionary<string, Func<byte[], KeyHostAlgorithm>> _offered;
    private readonly Dictionary<string, Func<byte[], KeyHostAlgorithm>> _plain;

    /// <param name="connection">A connection whose host key algorithms are still SSH.NET's own.</param>
    public HostCertificates(ConnectionInfo connection)
    {
        _offered = connection.HostKeyAlgorithms;
        // As ssh: an authority's signature with SHA-1 is worth nothing.
        _plain = Types.Select(type => Certificate.KeyTypeOf(type)!).ToDictionary(name => name, name => _offered[name]);
    }

    /// <summary>What the server showed; null when it has a plain key.</summary>
    public Certificate? Received { get; private set; }

    /// <summary>Offers certificates before plain keys, where one may be trusted or the user asks for them.</summary>
    /// <param name="wanted">HostKeyAlgorithms.</param>
    /// <param name="hasAuthority">Whether a certificate may vouch for the host.</param>
    public void Offer(AlgorithmList? wanted, bool hasAuthority)
    {
        // SSH.NET's own have no authority to ask, and accept no certificate.
        foreach (string type in _offered.Keys.Where(type => Certificate.KeyTypeOf(type) is not null).ToList()) _offered.Remove(type);
        bool named = wanted is { Change: not AlgorithmChange.Remove } && wanted.Apply([], Types).Count > 0;
        if (!hasAuthority && !named) return;
        int position = 0;
        foreach (string type in wanted?.Apply(Types, Types) ?? Types)
        {
            _offered.Add(type, blob => Receive(type, blob));
            _offered.SetPosition(type, position++);
        }
    }

    /// <summary>True when the authority's key, whoever that is, signed the certificate.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="wanted">CASignatureAlgorithms.</param>
    public bool IsSigned(Certificate certificate, AlgorithmList? wanted)
    {
        var reader = new WireReader(certificate.Signature);
        if (!reader.TryReadText(out string algorithm)
            || (wanted is not null && !wanted.Apply([.. _plain.Keys], _plain.Keys).Contains(algorithm))
            || !_plain.TryGetValue(algorithm, out Func<byte[], KeyHostAlgorithm>? create)
            || KeyTypeOf(algorithm) != KnownHostsEntry.TypeOf(certificate.AuthorityKey)) return false;
        try
        {
            return create(certificate.AuthorityKey).VerifySignature(certificate.SignedData, certificate.Signature);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // SSH.NET's parsers throw many kinds of exceptions for a malformed key.
            return false;
        }
    }

    private KeyHostAlgorithm Receive(string type, byte[] blob)
    {
        string algorithm = Certificate.KeyTypeOf(type)!;
        if (Certificate.Parse(blob) is not { } certificate
            || KeyTypeOf(algorithm) != KnownHostsEntry.TypeOf(certificate.PublicKey))
            throw new SshConnectionException("the host's certificate is malformed");
        Received = certificate;
        return _plain[algorithm](certificate.PublicKey);
    }

    private static string KeyTypeOf(string algorithm) =>
        algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal) ? "ssh-rsa" : algorithm;
}
