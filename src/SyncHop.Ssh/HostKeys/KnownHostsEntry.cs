using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SyncHop.Ssh.HostKeys;

/// <summary>What a marker says of a key (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).</summary>
internal enum KeyMarker
{
    None,
    Revoked,
    CertificateAuthority,
}

/// <summary>One line of a known_hosts file.</summary>
internal sealed class KnownHostsEntry
{
    private readonly string[] _patterns;
    private readonly byte[]? _salt;
    private readonly byte[]? _hash;

    private KnownHostsEntry(string names, byte[] key)
    {
        Key = key;
        if (names.StartsWith("|1|", StringComparison.Ordinal))
        {
            string[] parts = names[3..].Split('|');
            if (parts.Length != 2) throw new FormatException();
            (_patterns, _salt, _hash) = ([], Convert.FromBase64String(parts[0]), Convert.FromBase64String(parts[1]));
        }
        else
        {
            _patterns = names.Split(',', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>The names and patterns of hosts; empty where they are hashed.</summary>
    public IReadOnlyList<string> Patterns => _patterns;

    public byte[] Key { get; }

    public required string KeyType { get; init; }

    public required KeyMarker Marker { get; init; }

    public required string File { get; init; }

    /// <summary>The line's number, counted from 1.</summary>
    public required int LineNumber { get; init; }

    /// <summary><c>file:line</c>.</summary>
    public string Place => $"{Printable.Line(File)}:{LineNumber}";

    /// <summary>The name of a host with its port as known_hosts writes it.</summary>
    public static string NameOf(string host, int port) => port == 22 ? host : $"[{host}]:{port}";

    /// <returns>Null for an empty line, a comment, or a line that ssh would ignore as malformed.</returns>
    public static KnownHostsEntry? Parse(string line, string file, int number)
    {
        string[] fields = line.Split((char[]?)[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 0 || fields[0][0] == '#') return null;
        KeyMarker marker = KeyMarker.None;
        int at = 0;
        if (fields[0][0] == '@')
        {
            if (fields[0] == "@revoked") marker = KeyMarker.Revoked;
            else if (fields[0] == "@cert-authority") marker = KeyMarker.CertificateAuthority;
            else return null;
            at = 1;
        }

        if (fields.Length < at + 3) return null;
        try
        {
            byte[] key = Convert.FromBase64String(fields[at + 2]);
            if (TypeOf(key) != fields[at + 1]) return null;
            return new KnownHostsEntry(fields[at], key)
            {
                KeyType = fields[at + 1],
                Marker = marker,
                File = file,
                LineNumber = number,
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The type a key blob names itself with (RFC 4253, section 6.6); empty when it is malformed.</summary>
    public static string TypeOf(ReadOnlySpan<byte> key)
    {
        if (key.Length < 4) return "";
        uint length = BinaryPrimitives.ReadUInt32BigEndian(key);
        return length is > 0 and <= 64 && length <= key.Length - 4
            ? Encoding.ASCII.GetString(key.Slice(4, (int)length))
            : "";
    }

    /// <summary>True when the line is about a name as <see cref="NameOf"/> writes it.</summary>
    public bool Matches(string name)
    {
        if (_hash is null) return HostPattern.MatchesList(_patterns, name);
        return CryptographicOperations.FixedTimeEquals(HashOf(name, _salt!), _hash);
    }

    /// <summary>The names field that hides a name: <c>|1|salt|HMAC-SHA1(salt, name)</c>.</summary>
    public static string HashedName(string name)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(20);
        return $"|1|{Convert.ToBase64String(salt)}|{Convert.ToBase64String(HashOf(name, salt))}";
    }

    // known_hosts' format leaves no choice of the hash; it hides names, it does not authenticate.
#pragma warning disable CA5350
    private static byte[] HashOf(string name, byte[] salt) => HMACSHA1.HashData(salt, Encoding.UTF8.GetBytes(name));
#pragma warning restore CA5350
}
