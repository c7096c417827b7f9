using System.Collections.Immutable;
using SyncHop.Engine;

namespace SyncHop.Cli.Options;

/// <summary>Reads the values of <c>--info</c> and <c>--debug</c>: <c>name,skip2,progress0</c>, <c>all4</c>, <c>none</c>, <c>help</c>.</summary>
internal static class FlagList
{
    private const int HighestLevel = 9;

    /// <summary>Adds what a value says to what was said before.</summary>
    /// <param name="option"><c>info</c> or <c>debug</c>.</param>
    /// <param name="value">The option's value.</param>
    /// <param name="before">The levels so far.</param>
    /// <param name="wantsHelp">Whether the value asks for help.</param>
    /// <exception cref="CommandException">A name is unknown; the message is rsync's.</exception>
    public static ImmutableDictionary<T, int> Add<T>(string option, string value, ImmutableDictionary<T, int> before, out bool wantsHelp)
        where T : struct, Enum
    {
        wantsHelp = false;
        foreach (string word in value.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = word.TrimEnd("0123456789".ToCharArray());
            if (name.Length == 0) name = word;
            int level = word.Length == name.Length ? 1 : Math.Min(HighestLevel, word.Length - name.Length > 1 ? HighestLevel : word[^1] - '0');
            if (name.Equals("help", StringComparison.OrdinalIgnoreCase))
            {
                // Whoever asks for help need not know the names behind it.
                wantsHelp = true;
                break;
            }
            if (name.Equals("none", StringComparison.OrdinalIgnoreCase))
                before = before.SetItems(All<T>(0));
            else if (name.Equals("all", StringComparison.OrdinalIgnoreCase))
                before = before.SetItems(All<T>(level));
            else if (Enum.GetNames<T>().FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known)
                before = before.SetItem(Enum.Parse<T>(known), level);
            else
                throw new CommandException(ExitCode.Usage, $"Unknown --{option} item: \"{name}\"") { IsNamed = false };
        }
        return before;
    }

    /// <summary>The text of <c>--info=help</c> or <c>--debug=help</c>.</summary>
    /// <param name="option"><c>info</c> or <c>debug</c>.</param>
    /// <param name="flags">Each flag and what it mentions.</param>
    public static string Help<T>(string option, Func<T, string> flags)
        where T : struct, Enum
    {
        string lines = string.Concat(Enum.GetValues<T>().Select(flag => $"{flag.ToString().ToUpperInvariant(),-10} {flags(flag)}\n"));
        return $"""
            Use OPT or OPT1 for level 1 output, OPT2 for level 2, etc.; OPT0 silences.

            {lines}
            ALL        Set all --{option} options (e.g. all4)
            NONE       Silence all --{option} options (same as all0)
            HELP       Output this help message

            """;
    }

    /// <summary>What a flag of <c>--info</c> is about.</summary>
    public static string Describe(InfoFlag flag) => flag switch
    {
        InfoFlag.Backup => "files backed up",
        InfoFlag.Copy => "files copied locally on the receiving side",
        InfoFlag.Del => "deletions on the receiving side",
        InfoFlag.Flist => "receiving or sending the file list",
        InfoFlag.Misc => "miscellaneous information",
        InfoFlag.Mount => "mounts that were found or skipped",
        InfoFlag.Name => "1) names of what is updated, 2) of what is not, too",
        InfoFlag.Nonreg => "non-regular files that are skipped (default 1)",
        InfoFlag.Progress => "1) each file's progress or 2) the whole transfer's",
        InfoFlag.Remove => "files removed on the sending side",
        InfoFlag.Skip => "files skipped because of options (levels 1-2)",
        InfoFlag.Stats => "statistics at the end of the run (levels 1-2)",
        _ => "symlinks that are unsafe",
    };

    /// <summary>What a flag of <c>--debug</c> is about.</summary>
    public static string Describe(DebugFlag flag) => flag switch
    {
        DebugFlag.Del => "whose turn it is where all removals come before or after the rest",
        DebugFlag.Deltasum => "how much delta transmission has matched",
        DebugFlag.Flist => "whether delta transmission is on",
        _ => "(about the inside of rsync; taken, and silent here)",
    };

    private static IEnumerable<KeyValuePair<T, int>> All<T>(int level)
        where T : struct, Enum => Enum.GetValues<T>().Select(flag => KeyValuePair.Create(flag, level));
}
