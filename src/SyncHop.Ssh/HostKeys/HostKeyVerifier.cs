using System.Net;
using System.Security.Cryptography;
using SyncHop.Ssh.Configuration;

namespace SyncHop.Ssh.HostKeys;

/// <summary>Decides whether a hop's host key is to be trusted, under the hop's own name.</summary>
internal sealed class HostKeyVerifier(SshSettings settings, HopSettings hop, IUserPrompt prompt)
{
    private readonly KnownHosts _known = KnownHosts.Read(settings.FileSystem, hop.KnownHostsFiles);

    private string Name => KnownHostsEntry.NameOf(hop.HostKeyName, hop.HostKeyPort);

    /// <summary>The types of keys already known for the host, to be offered first.</summary>
    public IReadOnlyList<string> KnownTypes => _known.TypesFor(hop.HostKeyName, hop.HostKeyPort);

    /// <summary>The fingerprint as <c>ssh-keygen -l</c> shows it.</summary>
    public static string Fingerprint(byte[] key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');

    /// <summary>True when a certificate may vouch for the host, so that one is asked for.</summary>
    public bool TrustsAuthority => _known.HasAuthority(hop.HostKeyName, hop.HostKeyPort);

    /// <summary>True when the host has another key than the known one, and the user wants to connect all the same:
    /// then whatever is sent may go to somebody else.</summary>
    public bool HasAcceptedChange { get; private set; }

    /// <summary>Null when the key is trusted; otherwise why not. May ask the user, and may remember the key.</summary>
    /// <param name="key">The plain key.</param>
    /// <param name="certificates">Has the certificate of the key, if the host showed one.</param>
    /// <param name="address">The address the host was reached at; null when through something.</param>
    public string? Refusal(byte[] key, HostCertificates certificates, IPAddress? address)
    {
        if (RsaLength.BitsOf(key) is { } bits && bits < hop.RequiredRsaSize)
            return $"host key has {bits} bits, and RequiredRSASize wants {hop.RequiredRsaSize}";
        byte[][] shown = certificates.Received is { } shownCertificate ? [key, shownCertificate.AuthorityKey] : [key];
        if (hop.RevokedHostKeys is { } file && RevokedKeys.Refusal(settings.FileSystem, file, shown) is { } revocation) return revocation;
        if (hop.NoHostAuthenticationForLocalhost && address is not null && IPAddress.IsLoopback(address)) return null;
        if (RefusalByName(key, certificates) is { } refusal) return refusal;
        return !HasAcceptedChange && HostAddressCheck.Applies(hop, address)
            ? HostAddressCheck.Refusal(_known, hop, address!, key, prompt, name => Remember(name, key))
            : null;
    }

    private string? RefusalByName(byte[] key, HostCertificates certificates)
    {
        string type = Printable.Line(KnownHostsEntry.TypeOf(key));
        (HostKeyStatus status, IReadOnlyList<KnownHostsEntry> lines) = _known.Check(hop.HostKeyName, hop.HostKeyPort, key);
        if (status == HostKeyStatus.Revoked)
            return $"host key {type} {Fingerprint(key)} is revoked by {lines[0].Place}";
        string distrust = "";
        if (certificates.Received is { } certificate)
        {
            if (Find(KeyMarker.Revoked, certificate) is { } revoked)
                return $"the authority {Fingerprint(certificate.AuthorityKey)} of the host's certificate is revoked by "
                    + revoked.Place;
            if (Distrust(certificate, certificates) is not { } reason) return null;
            // As ssh: a certificate that proves nothing leaves a plain key.
            distrust = $"host certificate \"{Printable.Line(certificate.KeyId)}\" is not accepted: {reason}; ";
        }

        return status switch
        {
            HostKeyStatus.Known => null,
            HostKeyStatus.Changed => RefusalOfChanged(key, type, lines.FirstOrDefault(line => line.KeyType == type) ?? lines[0]) is { } refusal ? distrust + refusal : null,
            _ => RefusalOfUnknown(key, type) is { } refusal ? distrust + refusal : null,
        };
    }

    private KnownHostsEntry? Find(KeyMarker marker, Certificate certificate) =>
        _known.Find(hop.HostKeyName, hop.HostKeyPort, marker, certificate.AuthorityKey);

    private string? Distrust(Certificate certificate, HostCertificates certificates)
    {
        if (Find(KeyMarker.CertificateAuthority, certificate) is null)
            return $"its authority {Fingerprint(certificate.AuthorityKey)} is not known";
        if (!certificates.IsSigned(certificate, hop.CaSignatureAlgorithms)) return "its signature is wrong";
        if (certificate.Kind != CertificateKind.Host) return "it is not for a host";
        var now = (ulong)settings.Clock.GetUtcNow().ToUnixTimeSeconds();
        if (now < certificate.ValidAfter) return "it is not yet valid";
        if (now >= certificate.ValidBefore) return "it has expired";
        if (certificate.HasCriticalOptions) return "it has a condition that ssh does not know";
        return certificate.Principals.Count == 0 || certificate.Principals.Contains(hop.HostKeyName)
            ? null
            : $"it is for {Printable.Line(string.Join(", ", certificate.Principals))}";
    }

    // What ssh says, so that a search for it helps.
    private string? RefusalOfChanged(byte[] key, string type, KnownHostsEntry line)
    {
        string file = Printable.Line(line.File);
        prompt.Warn($"""
            WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!
            IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
            Someone could be eavesdropping on you right now (man-in-the-middle attack)!
            It is also possible that a host key has just been changed.
            The fingerprint for the {KindOf(type)} key sent by {Printable.Line(Name)} is
            {Fingerprint(key)}
            Offending {KindOf(line.KeyType)} key in {line.Place}
              remove with:
              ssh-keygen -f "{file}" -R "{Printable.Line(Name)}"
            """);
        if (hop.UnknownHostKey == UnknownHostKey.AcceptAll)
        {
            HasAcceptedChange = true;
            return null;
        }

        return $"host key has changed: {line.Place} has {line.KeyType} {Fingerprint(line.Key)}, the host sent "
            + (line.KeyType == type ? "" : type + " ") + Fingerprint(key);
    }

    private static string KindOf(string type) => type.StartsWith("ecdsa-", StringComparison.Ordinal)
        ? "ECDSA"
        : type.Replace("ssh-", "", StringComparison.Ordinal).ToUpperInvariant();

    private string? RefusalOfUnknown(byte[] key, string type)
    {
        string description = $"host key of {Printable.Line(Name)} is not known: {type} {Fingerprint(key)}";
        if (hop.UnknownHostKey == UnknownHostKey.Ask && prompt.IsInteractive)
        {
            string question = $"The {description}\nDo you want to connect and remember this key (yes/no)? ";
            for (int tries = 0; tries < 3; tries++)
            {
                string? answer = prompt.Ask(question)?.Trim();
                if (string.Equals(answer, "yes", StringComparison.OrdinalIgnoreCase) || answer == Fingerprint(key))
                {
                    Remember(Name, key);
                    return null;
                }

                if (answer is null || answer.Equals("no", StringComparison.OrdinalIgnoreCase)) break;
                question = "Please type 'yes', 'no' or the fingerprint: ";
            }

            return description;
        }

        if (hop.UnknownHostKey is not (UnknownHostKey.Accept or UnknownHostKey.AcceptAll)) return description + WhereItIsNot();
        // As ssh words it.
        if (Remember(Name, key) && hop.LogLevel >= SshLogLevel.Info)
            prompt.Warn($"Warning: Permanently added '{Printable.Line(Name)}' ({KindOf(type)}) to the list of known hosts.");
        return null;
    }

    private string WhereItIsNot()
    {
        if (settings.KnownHostsFiles.Count == 0) return "; connect once with ssh to accept it";
        IEnumerable<string> missing = hop.KnownHostsFiles.Where(file => !settings.FileSystem.File.Exists(file));
        return missing.FirstOrDefault() is { } file
            ? $"; there is no file {Printable.Line(file)}"
            : $"; it is not in {Printable.Line(string.Join(", ", settings.KnownHostsFiles))}";
    }

    // As ssh: not being able to remember a key that the user accepted does not break the connection.
    private bool Remember(string name, byte[] key)
    {
        if (hop.KnownHostsFiles.Count == 0) return false;
        string file = hop.KnownHostsFiles[0];
        try
        {
            KnownHostsFile.Append(settings.FileSystem, file, name, key, hop.HashKnownHosts);
            return file != "/dev/null"; // Which remembers nothing.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            prompt.Warn($"cannot add the host key to {Printable.Line(file)}: {Printable.Line(e.Message)}");
            return false;
        }
    }
}
