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

    /// <summary>Null when the key is trusted; otherwise why not. May ask the user, and may remember the key.</summary>
    public string? Refusal(byte[] key)
    {
        string type = Printable.Line(KnownHostsEntry.TypeOf(key));
        (HostKeyStatus status, IReadOnlyList<KnownHostsEntry> lines) = _known.Check(hop.HostKeyName, hop.HostKeyPort, key);
        switch (status)
        {
            case HostKeyStatus.Known:
                return null;
            case HostKeyStatus.Revoked:
                return $"host key {type} {Fingerprint(key)} is revoked by {lines[0].Place}";
            case HostKeyStatus.Changed:
                return $"host key has changed: {lines[0].Place} has {type} {Fingerprint(lines[0].Key)}, "
                    + $"the host sent {Fingerprint(key)}; someone may be intercepting the connection, or the host "
                    + "has a new key (then remove that line)";
            default:
                return RefusalOfUnknown(key, type, lines);
        }
    }

    private string? RefusalOfUnknown(byte[] key, string type, IReadOnlyList<KnownHostsEntry> others)
    {
        string description = $"host key of {Printable.Line(Name)} is not known: {type} {Fingerprint(key)}";
        if (hop.UnknownHostKey == UnknownHostKey.Ask && prompt.IsInteractive)
        {
            string known = others.Count == 0 ? "" : $"(keys of other types are in {others[0].Place})\n";
            string question = $"The {description}\n{known}Do you want to connect and remember this key (yes/no)? ";
            for (int tries = 0; tries < 3; tries++)
            {
                string? answer = prompt.Ask(question)?.Trim();
                if (string.Equals(answer, "yes", StringComparison.OrdinalIgnoreCase) || answer == Fingerprint(key))
                {
                    Remember(key);
                    return null;
                }

                if (answer is null || answer.Equals("no", StringComparison.OrdinalIgnoreCase)) break;
                question = "Please type 'yes', 'no' or the fingerprint: ";
            }

            return description;
        }

        if (hop.UnknownHostKey != UnknownHostKey.Accept) return $"{description}; connect once with ssh to accept it";
        Remember(key);
        return null;
    }

    // As ssh: not being able to remember a key that the user accepted does not break the connection.
    private void Remember(byte[] key)
    {
        if (hop.KnownHostsFiles.Count == 0) return;
        string file = hop.KnownHostsFiles[0];
        try
        {
            KnownHostsFile.Append(settings.FileSystem, file, Name, key, hop.HashKnownHosts);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            prompt.Warn($"cannot add the host key to {Printable.Line(file)}: {Printable.Line(e.Message)}");
        }
    }
}
