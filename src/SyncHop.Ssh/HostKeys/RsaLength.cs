using System.Numerics;

namespace SyncHop.Ssh.HostKeys;

/// <summary>RequiredRSASize of ssh_config(5).</summary>
internal static class RsaLength
{
    /// <summary>The length of the modulus of an RSA key, or of a certified one; null for keys of other types.</summary>
    public static int? BitsOf(byte[] blob)
    {
        var reader = new WireReader(Certificate.Parse(blob)?.PublicKey ?? blob);
        return reader.TryReadText(out string type) && type == "ssh-rsa"
            && reader.TryReadString(out _) && reader.TryReadString(out ReadOnlySpan<byte> modulus)
            ? (int)new BigInteger(modulus, isUnsigned: true, isBigEndian: true).GetBitLength()
            : null;
    }
}
