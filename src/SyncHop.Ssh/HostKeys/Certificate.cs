using System.Text;

namespace SyncHop.Ssh.HostKeys;

/// <summary>What a certificate is for (OpenSSH's PROTOCOL.certkeys).</summary>
internal enum CertificateKind
{
    /// <summary>It identifies a user.</summary>
    User = 1,

    /// <summary>It identifies a host.</summary>
    Host = 2,
}

/// <summary>An OpenSSH certificate (OpenSSH's PROTOCOL.certkeys). Nothing in it is true before its signature is checked.</summary>
internal sealed class Certificate
{
    /// <summary>What the type of a certificate ends with.</summary>
    public const string Suffix = "-cert-v01@openssh.com";

    // OpenSSH allows as many principals.
    private const int MaximumPrincipals = 256;

    private Certificate()
    {
    }

    /// <summary>The type's name, such as <c>ssh-ed25519-cert-v01@openssh.com</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The certificate itself.</summary>
    public required byte[] Blob { get; init; }

    /// <summary>The blob of the certified key, without the certificate.</summary>
    public required byte[] PublicKey { get; init; }

    public required CertificateKind Kind { get; init; }

    /// <summary>The authority's name for it.</summary>
    public required string KeyId { get; init; }

    /// <summary>The users or hosts it is for; empty for any.</summary>
    public required IReadOnlyList<string> Principals { get; init; }

    /// <summary>Seconds since 1970; it holds from here on.</summary>
    public required ulong ValidAfter { get; init; }

    /// <summary>Seconds since 1970; it no longer holds from here on.</summary>
    public required ulong ValidBefore { get; init; }

    public required bool HasCriticalOptions { get; init; }

    /// <summary>The blob of the authority's public key.</summary>
    public required byte[] AuthorityKey { get; init; }

    /// <summary>What the signature is about: everything before it.</summary>
    public required byte[] SignedData { get; init; }

    public required byte[] Signature { get; init; }

    /// <summary>The type of the plain key that a certificate's type certifies; null for other types.</summary>
    public static string? KeyTypeOf(string type) => !type.EndsWith(Suffix, StringComparison.Ordinal)
        ? null
        : type.StartsWith("sk-", StringComparison.Ordinal) ? type[..^Suffix.Length] + "@openssh.com" : type[..^Suffix.Length];

    /// <returns>Null for anything that is not a well-formed certificate of a type we know.</returns>
    public static Certificate? Parse(byte[] blob)
    {
        var reader = new WireReader(blob);
        if (!reader.TryReadText(out string type) || KeyTypeOf(type) is not { } keyType) return null;
        int keyFields = keyType switch
        {
            "ssh-ed25519" => 1,
            "ssh-rsa" or "ecdsa-sha2-nistp256" or "ecdsa-sha2-nistp384" or "ecdsa-sha2-nistp521"
                or "sk-ssh-ed25519@openssh.com" => 2,
            "sk-ecdsa-sha2-nistp256@openssh.com" => 3,
            _ => 0,
        };
        if (keyFields == 0 || !reader.TryReadString(out _)) return null;
        int keyStart = reader.Position;
        for (int i = 0; i < keyFields; i++)
            if (!reader.TryReadString(out _)) return null;
        int keyEnd = reader.Position;
        if (!reader.TryReadUInt64(out _)
            || !reader.TryReadUInt32(out uint kind)
            || kind is not ((uint)CertificateKind.User or (uint)CertificateKind.Host)
            || !reader.TryReadText(out string keyId)
            || !reader.TryReadString(out ReadOnlySpan<byte> principals)
            || PrincipalsOf(principals) is not { } names
            || !reader.TryReadUInt64(out ulong after)
            || !reader.TryReadUInt64(out ulong before)
            || !reader.TryReadString(out ReadOnlySpan<byte> critical)
            || !reader.TryReadString(out _)
            || !reader.TryReadString(out _)
            || !reader.TryReadString(out ReadOnlySpan<byte> authority)) return null;
        int signedEnd = reader.Position;
        if (!reader.TryReadString(out ReadOnlySpan<byte> signature) || !reader.IsAtEnd) return null;
        return new Certificate
        {
            Type = type,
            Blob = blob,
            PublicKey = [0, 0, 0, (byte)keyType.Length, .. Encoding.ASCII.GetBytes(keyType), .. blob.AsSpan(keyStart..keyEnd)],
            Kind = (CertificateKind)kind,
            KeyId = keyId,
            Principals = names,
            ValidAfter = after,
            ValidBefore = before,
            HasCriticalOptions = !critical.IsEmpty,
            AuthorityKey = authority.ToArray(),
            SignedData = blob[..signedEnd],
            Signature = signature.ToArray(),
        };
    }

    private static List<string>? PrincipalsOf(ReadOnlySpan<byte> data)
    {
        var names = new List<string>();
        var reader = new WireReader(data);
        while (!reader.IsAtEnd)
        {
            if (names.Count == MaximumPrincipals || !reader.TryReadText(out string name)) return null;
            names.Add(name);
        }

        return names;
    }
}
