using System.Buffers.Binary;
using System.Text;

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

    /// <summary>The blob of a public key line: <c>type base64 comment</c>.</summary>
    public static byte[]? PublicKeyOf(string line)
    {
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return fields.Length < 2 ? null : Convert.FromBase64String(fields[1].Trim());
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

        ReadOnlySpan<byte> rest = data;
        if (!rest.StartsWith("openssh-key-v1\0"u8)) return null;
        rest = rest[15..];
        if (!TryReadString(ref rest, out ReadOnlySpan<byte> cipher)
            || !TryReadString(ref rest, out _)
            || !TryReadString(ref rest, out _)
            || rest.Length < 4
            || BinaryPrimitives.ReadUInt32BigEndian(rest) != 1) return null;
        rest = rest[4..];
        return TryReadString(ref rest, out ReadOnlySpan<byte> key)
            ? new KeyContainer(key.ToArray(), Encoding.ASCII.GetString(cipher) != "none")
            : null;
    }

    private static bool TryReadString(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> value)
    {
        value = [];
        if (data.Length < 4) return false;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(data);
        if (length > data.Length - 4) return false;
        value = data.Slice(4, (int)length);
        data = data[(4 + (int)length)..];
        return true;
    }
}
