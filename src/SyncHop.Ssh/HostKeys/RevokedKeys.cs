using System.IO.Abstractions;
using SyncHop.Ssh.Authentication;

namespace SyncHop.Ssh.HostKeys;

/// <summary>RevokedHostKeys of ssh_config(5): a text file with one public key on a line.</summary>
internal static class RevokedKeys
{
    /// <summary>Why a key is refused; null when it is not.</summary>
    /// <param name="fileSystem">Where the file is.</param>
    /// <param name="path">The file. As in ssh, one that cannot be read refuses every key.</param>
    /// <param name="keys">The host's key, and the authority's if the host showed a certificate.</param>
    public static string? Refusal(IFileSystem fileSystem, string path, params IReadOnlyList<byte[]> keys)
    {
        string name = Printable.Line(path);
        try
        {
            int number = 0;
            foreach (string line in fileSystem.File.ReadLines(path))
            {
                number++;
                // The magic number of OpenSSH's PROTOCOL.krl, which has a line feed in it.
                if (number == 1 && line == "SSHKRL")
                    return $"host keys cannot be checked against RevokedHostKeys {name}: it is a binary revocation list, which synchop does not read";
                if (KeyContainer.PublicKeyOf(line) is { } revoked && keys.Any(key => key.AsSpan().SequenceEqual(revoked)))
                    return $"host key {Printable.Line(KnownHostsEntry.TypeOf(revoked))} {HostKeyVerifier.Fingerprint(revoked)} is revoked by {name}:{number}";
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"host keys cannot be checked against RevokedHostKeys {name}: {Printable.Line(e.Message)}";
        }
    }
}
