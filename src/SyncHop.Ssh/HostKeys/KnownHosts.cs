using System.IO.Abstractions;

namespace SyncHop.Ssh.HostKeys;

/// <summary>What the known-hosts files say of a host's key.</summary>
internal enum HostKeyStatus
{
    /// <summary>A line has this key.</summary>
    Known,

    /// <summary>No line has a key for the host.</summary>
    Unknown,

    /// <summary>
    /// Lines have keys for the host, and none has this one. Of whatever type: otherwise somebody in between would only
    /// need a key of a type that is not known to pass for a new host.
    /// </summary>
    Changed,

    /// <summary>A line revokes this key.</summary>
    Revoked,
}

/// <summary>The known-hosts files of one hop, read once.</summary>
internal sealed class KnownHosts
{
    private readonly List<KnownHostsEntry> _entries = [];

    /// <exception cref="HopException">A file exists and cannot be read.</exception>
    public static KnownHosts Read(IFileSystem fileSystem, IReadOnlyList<string> files)
    {
        var hosts = new KnownHosts();
        foreach (string file in files)
        {
            if (fileSystem.Directory.Exists(file)) throw HopException.Config($"known hosts file {Printable.Line(file)} is a directory");
            if (!fileSystem.File.Exists(file)) continue;
            try
            {
                int number = 0;
                foreach (string line in fileSystem.File.ReadLines(file))
                    if (KnownHostsEntry.Parse(line, file, ++number) is { } entry) hosts._entries.Add(entry);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw HopException.Config($"cannot read known hosts file {Printable.Line(file)}: {Printable.Line(e.Message)}");
            }
        }

        return hosts;
    }

    /// <summary>The names and patterns of hosts that lines vouch for, those that are not hashed.</summary>
    public IEnumerable<string> Names => _entries.Where(e => e.Marker == KeyMarker.None).SelectMany(e => e.Patterns);

    /// <summary>Judges a key; the lines that led to the judgement come with it.</summary>
    public (HostKeyStatus Status, IReadOnlyList<KnownHostsEntry> Lines) Check(string host, int port, byte[] key)
    {
        List<KnownHostsEntry> lines = For(host, port);
        List<KnownHostsEntry> withoutPort = port == 22 ? [] : For(host, 22);
        if (Find(host, port, KeyMarker.Revoked, key) is { } revoked) return (HostKeyStatus.Revoked, [revoked]);

        List<KnownHostsEntry> same = Same(lines);
        if (same.Count > 0) return (HostKeyStatus.Known, same);
        List<KnownHostsEntry> other = lines.Where(e => e.Marker == KeyMarker.None).ToList();
        if (other.Count > 0) return (HostKeyStatus.Changed, other);

        // As ssh does: a line without a port vouches for the host at any port, but does not condemn it.
        same = Same(withoutPort);
        return same.Count > 0 ? (HostKeyStatus.Known, same) : (HostKeyStatus.Unknown, []);

        List<KnownHostsEntry> Same(List<KnownHostsEntry> among) => among
            .Where(e => e.Marker == KeyMarker.None && e.Key.AsSpan().SequenceEqual(key)).ToList();
    }

    /// <summary>
    /// The line with a marker and a key that is about a host; as ssh does, a line without a port is about every port.
    /// </summary>
    public KnownHostsEntry? Find(string host, int port, KeyMarker marker, byte[] key) =>
        For(host, port).Concat(port == 22 ? [] : For(host, 22))
            .FirstOrDefault(e => e.Marker == marker && e.Key.AsSpan().SequenceEqual(key));

    /// <summary>True when certificates of some authority vouch for a host.</summary>
    public bool HasAuthority(string host, int port) =>
        For(host, port).Concat(port == 22 ? [] : For(host, 22)).Any(e => e.Marker == KeyMarker.CertificateAuthority);

    /// <summary>The types of the keys known for a host, in the files' order.</summary>
    public IReadOnlyList<string> TypesFor(string host, int port)
    {
        List<KnownHostsEntry> lines = For(host, port);
        if (lines.Count == 0 && port != 22) lines = For(host, 22);
        return lines.Where(e => e.Marker == KeyMarker.None).Select(e => e.KeyType).Distinct().ToList();
    }

    private List<KnownHostsEntry> For(string host, int port)
    {
        string name = KnownHostsEntry.NameOf(host, port);
        return _entries.Where(e => e.Matches(name)).ToList();
    }
}
