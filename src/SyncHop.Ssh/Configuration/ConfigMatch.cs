namespace SyncHop.Ssh.Configuration;

/// <summary>What the criteria of a Match line look at.</summary>
internal sealed record MatchSubject
{
    /// <summary>The name after substitution by HostName.</summary>
    public required string Host { get; init; }

    /// <summary>The name as typed.</summary>
    public required string OriginalHost { get; init; }

    /// <summary>The login name on the host.</summary>
    public required string User { get; init; }

    /// <summary>The local login name.</summary>
    public required string LocalUser { get; init; }

    /// <summary>The value of Tag; empty for none.</summary>
    public required string Tag { get; init; }

    /// <summary>Whether the files are read a second time, with the substituted name.</summary>
    public required bool IsFinal { get; init; }

    /// <summary>Runs a command by the user's shell after expanding its tokens; true when it succeeds.</summary>
    public required Func<string, bool> Run { get; init; }
}

/// <summary>Match lines (ssh_config(5)).</summary>
internal static class ConfigMatch
{
    /// <exception cref="HopException">A criterion is unknown, lacks its pattern, or cannot stand where it does.</exception>
    public static void Check(ConfigLine line) => Parse(line);

    /// <summary>Whether the line wants the files to be read a second time.</summary>
    public static bool WantsFinal(ConfigLine line) => Parse(line).Exists(criterion => criterion.Name == "final");

    /// <summary>Whether all criteria hold. Once one does not, no command is run any more, as in ssh.</summary>
    public static bool Applies(ConfigLine line, MatchSubject subject)
    {
        bool result = true;
        foreach ((string name, string pattern, bool negated) in Parse(line))
        {
            if (name == "exec" && !result) continue;
            bool holds = name switch
            {
                "all" => true,
                "final" or "canonical" => subject.IsFinal,
                "host" => MatchesName(pattern, subject.Host),
                "originalhost" => MatchesName(pattern, subject.OriginalHost),
                "user" => Matches(pattern, subject.User),
                "localuser" => Matches(pattern, subject.LocalUser),
                "tagged" => Matches(pattern, subject.Tag),
                _ => subject.Run(pattern),
            };
            result &= holds != negated;
        }

        return result;
    }

    private static bool Matches(string patterns, string text) =>
        HostPattern.MatchesList(patterns.Split(','), text, ignoreCase: false);

    private static bool MatchesName(string patterns, string name) =>
        Matches(patterns.ToLowerInvariant(), name.ToLowerInvariant());

    private static List<(string Name, string Pattern, bool Negated)> Parse(ConfigLine line)
    {
        var criteria = new List<(string, string, bool)>();
        IReadOnlyList<string> words = line.Arguments;
        if (words.Count == 0) throw line.Error("Match has no criterion");
        for (int i = 0; i < words.Count; i++)
        {
            int equals = words[i].IndexOf('=', StringComparison.Ordinal);
            string name = (equals < 0 ? words[i] : words[i][..equals]).ToLowerInvariant();
            bool negated = name.StartsWith('!');
            if (negated) name = name[1..];
            string pattern = "";
            switch (name)
            {
                case "all":
                    bool alone = words.Count == 1 || (i == 1 && words.Count == 2 && IsPass(words[0]));
                    if (!alone) throw line.Error("'all' cannot be combined with other Match attributes");
                    break;
                case "final" or "canonical":
                    break;
                case "host" or "originalhost" or "user" or "localuser" or "tagged" or "exec":
                    if (equals < 0 && ++i == words.Count) throw line.Error($"Match {name} has no pattern");
                    pattern = equals < 0 ? words[i] : words[i][(equals + 1)..];
                    break;
                default:
                    throw line.Error($"Match criterion \"{name}\" is unknown");
            }

            criteria.Add((name, pattern, negated));
        }

        return criteria;
    }

    private static bool IsPass(string word) =>
        word.TrimStart('!').Equals("final", StringComparison.OrdinalIgnoreCase)
        || word.TrimStart('!').Equals("canonical", StringComparison.OrdinalIgnoreCase);
}
