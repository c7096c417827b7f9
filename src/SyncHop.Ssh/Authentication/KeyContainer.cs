using SyncHop.Ssh.HostKeys;

namespace SyncHop.Ssh.Authentication;

/// <summary>What a private key file says without its passphrase.</summary>
/// <param name="PublicKey">The public key's blob; null when the format hides it.</param>
/// <param name="Encrypted">Whether a passphrase is needed.</param>
internal sealed record KeyContainer(byte[]? PublicKey, bool Encrypted)
{
    private const string OpenSshHeader = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private const string OpenSshFooter = "-----END OPENSSH PRIVATE KEY-----";

    /// <summary>Looks into the OpenSSH format (OpenSSH's PROTOCOL.key) or at the headers of PEM.</summary>
    /// <returns>Null when the text is no private key.</returns>
    public static KeyContainer? Inspect(string text)
    {
        int start = text.IndexOf(OpenSshHeader, StringComparison.Ordinal);
        if (start >= 0)
        {
            start += OpenSshHeader.Length;
            int end = text.IndexOf(OpenSshFooter, start, StringComparison.Ordinal);
            return end < 0 ? null : InspectOpenSsh(text[start..end]);
        }

        if (!text.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) return null;
        return new KeyContainer(null,
            text.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal)
            || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal));
    }

    /// <summary>The blob of a public key line: <c>type base64 comment</c>; null when it is none.</summary>
    public static byte[]? PublicKeyOf(string line)
    {
        string[] fields = line.Split((char[]?)[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        try
        {
            if (fields.Length < 2) return null;
            byte[] blob = Convert.FromBase64String(fields[1].Trim());
            return KnownHostsEntry.TypeOf(blob) == fields[0] ? blob : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static KeyContainer? InspectOpenSsh(string base64)
    {
        byte[] data;
        try
        {
            data = Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            return null;
        }

        if (!data.AsSpan().StartsWith("openssh-key-v1\0"u8)) return null;
        var reader = new WireReader(data.AsSpan(15));
        if (!reader.TryReadText(out string cipher)
            || !reader.TryReadString(out _)
            || !reader.TryReadString(out _)
            || !reader.TryReadUInt32(out uint keys)
            || keys != 1) return null;
        return reader.TryReadString(out ReadOnlySpan<byte> key)
            ? new KeyContainer(key.ToArray(), cipher != "none")
            : null;
    }
}
