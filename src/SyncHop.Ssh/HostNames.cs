using SyncHop.Ssh.Configuration;
using SyncHop.Ssh.HostKeys;

namespace SyncHop.Ssh;

/// <summary>The hosts that the user's files name: what a command line can be completed with.</summary>
public static class HostNames
{
    private static readonly string[] DefaultKnownHosts = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"];

    /// <summary>
    /// The names in ssh_config's Host lines that are not patterns, and those in the known_hosts files that are neither patterns nor
    /// hashed. Nothing is looked up and no command is run.
    /// </summary>
    /// <param name="settings">Where the files are.</param>
    /// <returns>Each once, sorted, as <see cref="Hop.Parse"/> reads it: <c>gw</c>, <c>gw:2222</c>, <c>[::1]:2222</c>.</returns>
    /// <exception cref="HopException">ssh_config cannot be read or is malformed.</exception>
    public static IReadOnlyList<string> Find(SshSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        List<ConfigLine> lines = [.. new ConfigReader(settings).ReadAll().SelectMany(AllLines)];
        HashSet<string> names = [.. lines.Where(line => line.Keyword == "host").SelectMany(line => line.Arguments).Where(IsName).Select(Bracketed)];
        names.UnionWith(KnownHostsFiles(settings, lines).SelectMany(file => KnownNames(settings, file)));
        return [.. names.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<ConfigLine> AllLines(IEnumerable<ConfigLine> lines) =>
        lines.SelectMany(line => line.Included.SelectMany(AllLines).Prepend(line));

    // Files with tokens in their names are those of one host; whichever that is has a Host line.
    private static IEnumerable<string> KnownHostsFiles(SshSettings settings, List<ConfigLine> lines)
    {
        if (settings.KnownHostsFiles.Count > 0) return settings.KnownHostsFiles.Select(settings.ExpandHome);
        IEnumerable<string> named = lines.Where(line => line.Keyword is "userknownhostsfile" or "globalknownhostsfile").SelectMany(line => line.Arguments);
        return DefaultKnownHosts
            .Append(Path.Combine(settings.SystemDirectory, "ssh_known_hosts"))
            .Append(Path.Combine(settings.SystemDirectory, "ssh_known_hosts2"))
            .Concat(named.Where(file => file != "none" && !file.Contains('%') && !file.Contains('$')))
            .Select(settings.ExpandHome).Distinct();
    }

    private static IEnumerable<string> KnownNames(SshSettings settings, string file)
    {
        try
        {
            return KnownHosts.Read(settings.FileSystem, [file]).Names.Where(IsName).Select(Bracketed);
        }
        catch (HopException)
        {
            return []; // A file that cannot be read names nobody.
        }
    }

    private static bool IsName(string pattern) =>
        pattern.Length > 0 && pattern[0] is not ('!' or '-' or '|') && !pattern.Any(c => c is '*' or '?' or '/' or '@' or ',' || c <= ' ' || char.IsControl(c));

    /// <summary>A name as an address: <c>[gw]:2222</c> without its brackets, an IPv6 address in some.</summary>
    private static string Bracketed(string name)
    {
        if (name is ['[', .., ']', ':', '2', '2']) name = name[1..^4]; // needless in known_hosts too
        if (name[0] != '[') return name.Contains(':') ? $"[{name}]" : name;
        int close = name.IndexOf(']');
        return close < 0 || name[..close].Contains(':') ? name : name[1..close] + name[(close + 1)..];
    }
}
