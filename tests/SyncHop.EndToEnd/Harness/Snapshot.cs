using System.Security.Cryptography;
using System.Text;

namespace SyncHop.EndToEnd.Harness;

/// <summary>
/// What a tree holds: for each path, everything that a synchronization may set. Times between <c>from</c> and now
/// are told as "now", since they are not rsync's to decide.
/// </summary>
internal sealed class Snapshot
{
    private readonly SortedDictionary<string, string> lines = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, string> names = [];

    private Snapshot()
    {
    }

    public static Snapshot Take(string root, DateTimeOffset from)
    {
        var snapshot = new Snapshot();
        if (Libc.TryStatus(root) is { } status)
            snapshot.Visit(root, ".", status, from.ToUnixTimeSeconds());
        return snapshot;
    }

    /// <summary>
    /// For the directories of backups: whether they get the mode that a file's directory had or the one it is about to get is a
    /// matter of the moment, and synchop lets their owner in, whatever that mode.
    /// </summary>
    /// <param name="folder">Where the backups are in this tree.</param>
    public Snapshot WithoutDirectoryModes(string folder = ".")
    {
        foreach (var path in lines.Keys.Where(path => folder == "." || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal)).ToList())
        {
            if (lines[path].StartsWith("d ", StringComparison.Ordinal)) lines[path] = "d " + lines[path].Split(' ')[2];
        }
        return this;
    }

    public IEnumerable<string> Paths => lines.Keys;

    /// <summary>Null when equal, otherwise the differing lines as a person wants to read them.</summary>
    public static string? Difference(Snapshot expected, Snapshot actual)
    {
        var text = new StringBuilder();
        foreach (var path in expected.lines.Keys.Union(actual.lines.Keys).Order(StringComparer.Ordinal))
        {
            var wanted = expected.lines.GetValueOrDefault(path);
            var found = actual.lines.GetValueOrDefault(path);
            if (wanted == found)
                continue;
            text.Append(ByteString.Show(path).Replace("\n", "\\012", StringComparison.Ordinal)).Append('\n');
            text.Append("    expected ").Append(ByteString.Show(wanted ?? "nothing")).Append('\n');
            text.Append("    actual   ").Append(ByteString.Show(found ?? "nothing")).Append('\n');
        }
        return text.Length == 0 ? null : text.ToString();
    }

    private void Visit(string full, string path, Libc.Status status, long from)
    {
        // One second of grace: a file system's clock may be a tick behind.
        var isNow = status.Seconds >= from - 1 && status.Seconds <= DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1;
        var time = isNow ? "now" : $"{status.Seconds}.{status.Nanoseconds:d9}";
        var detail = status.Kind switch
        {
            'f' => $" {status.Size} bytes {Hash(full)}",
            'l' => " -> " + Libc.ReadLink(full),
            'c' or 'b' => $" {status.Major},{status.Minor}",
            _ => "",
        };
        if (status.Kind != 'd' && status.LinkCount > 1)
            detail += $" {status.LinkCount} names, first {(names.TryAdd(status.Inode, path) ? path : names[status.Inode])}";
        detail += ExtendedAttribute.Show(full);
        lines[path] = $"{status.Kind} {Convert.ToString(status.Mode, 8)} {status.Uid}.{status.Gid} {time}{detail}";
        if (status.Kind != 'd')
            return;
        List<string> children;
        try
        {
            children = [.. Libc.List(full).Order(StringComparer.Ordinal)];
        }
        catch (IOException)
        {
            return; // Not ours to read; its own line is compared.
        }
        foreach (var name in children)
        {
            if (Libc.TryStatus(full + "/" + name) is { } child)
                Visit(full + "/" + name, path == "." ? name : path + "/" + name, child, from);
        }
    }

    private static string Hash(string path)
    {
        using var stream = Libc.TryOpenRead(path);
        return stream is null ? "unreadable" : Convert.ToHexStringLower(SHA256.HashData(stream))[..16];
    }
}
