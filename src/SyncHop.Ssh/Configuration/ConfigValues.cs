using System.Globalization;

namespace SyncHop.Ssh.Configuration;

/// <summary>The directives that apply to one hop: of each keyword the first, of those that add up all.</summary>
internal sealed class ConfigValues(SshSettings settings, Hop hop)
{
    private readonly Dictionary<string, ConfigLine> _first = [];
    private readonly List<ConfigLine> _identityFiles = [];

    /// <summary>The host name after substitution by HostName, whose <c>%h</c> is the name as typed.</summary>
    public string HostName =>
        Line("hostname")?.Single().Replace("%h", hop.Host, StringComparison.Ordinal)
            .Replace("%%", "%", StringComparison.Ordinal) ?? hop.Host;

    /// <summary>Takes the lines that apply. Host and Match hold to the end of their file.</summary>
    public void Apply(IReadOnlyList<ConfigLine> lines, bool active)
    {
        // Nothing in a file that is included by a block that does not apply can apply.
        bool reachable = active;
        foreach (ConfigLine line in lines)
        {
            switch (line.Keyword)
            {
                case "host":
                    if (line.Arguments.Count == 0) throw line.Error("Host has no pattern");
                    active = reachable && HostPattern.MatchesList(line.Arguments, hop.Host);
                    break;
                case "match":
                    active = reachable && MatchApplies(line);
                    break;
                case "include":
                    if (active)
                        foreach (IReadOnlyList<ConfigLine> file in line.Included) Apply(file, active);
                    break;
                case "identityfile":
                    if (active) _identityFiles.Add(line);
                    break;
                default:
                    if (active) _first.TryAdd(line.Keyword, line);
                    break;
            }
        }
    }

    public ConfigLine? Line(string keyword) => _first.GetValueOrDefault(keyword);

    public string? Text(string keyword) => Line(keyword)?.Single();

    public IReadOnlyList<string>? Words(string keyword) => Line(keyword)?.Arguments;

    /// <summary>Key files add up; they are tried in order.</summary>
    public IEnumerable<string> IdentityFiles => _identityFiles.Select(line => line.Single());

    public int? Number(string keyword, int minimum, int maximum)
    {
        if (Line(keyword) is not { } line) return null;
        return int.TryParse(line.Single(), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= minimum && number <= maximum
                ? number
                : throw line.Error($"\"{line.Single()}\" is not a number {keyword} takes");
    }

    public bool? Flag(string keyword) => Line(keyword) is not { } line ? null : line.Single().ToLowerInvariant() switch
    {
        "yes" or "true" => true,
        "no" or "false" => false,
        var other => throw line.Error($"\"{other}\" is neither yes nor no"),
    };

    /// <summary>A time in sshd_config(5)'s formats: <c>90</c>, <c>1m30s</c>, <c>none</c> (null).</summary>
    public TimeSpan? Time(string keyword)
    {
        if (Line(keyword) is not { } line) return null;
        string text = line.Single();
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase)) return null;
        long total = 0, number = -1;
        foreach (char c in text.ToLowerInvariant())
        {
            if (char.IsAsciiDigit(c))
            {
                number = Math.Max(number, 0) * 10 + (c - '0');
            }
            else
            {
                int unit = c switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 0 };
                if (unit == 0 || number < 0) throw line.Error($"\"{text}\" is not a time");
                total += number * unit;
                number = -1;
            }

            if (Math.Max(total, number) > int.MaxValue / 1000) throw line.Error($"\"{text}\" is too long a time");
        }

        return TimeSpan.FromSeconds(total + Math.Max(number, 0));
    }

    // ssh_config(5), Match. Criteria that this version does not know never apply, negated or not: what they guard
    // is for cases it cannot recognise.
    private bool MatchApplies(ConfigLine line)
    {
        if (line.Arguments.Count == 0) throw line.Error("Match has no criterion");
        bool result = true;
        for (int i = 0; i < line.Arguments.Count; i++)
        {
            string criterion = line.Arguments[i].ToLowerInvariant();
            bool negated = criterion.StartsWith('!');
            if (negated) criterion = criterion[1..];
            if (criterion == "all")
            {
                if (line.Arguments.Count > 1) throw line.Error("Match all cannot be combined");
                return !negated;
            }

            string? subject = criterion switch
            {
                "host" => HostName,
                "originalhost" => hop.Host,
                "user" => hop.User ?? Text("user") ?? settings.LocalUser,
                "localuser" => settings.LocalUser,
                _ => null,
            };
            if (subject is null) return false;
            if (++i == line.Arguments.Count) throw line.Error($"Match {criterion} has no pattern");
            result &= HostPattern.MatchesList(line.Arguments[i].Split(','), subject) != negated;
        }

        return result;
    }
}
