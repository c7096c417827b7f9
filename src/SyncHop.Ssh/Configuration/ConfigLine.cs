using System.Text;

namespace SyncHop.Ssh.Configuration;

/// <summary>One directive of an ssh_config file or of the command line, with where it stands.</summary>
/// <param name="Keyword">In lower case; an older name is replaced by the present one.</param>
/// <param name="Arguments">Without their quotes.</param>
/// <param name="Rest">All that follows the keyword, as written: ProxyCommand takes it whole.</param>
/// <param name="File">The file; <see cref="CommandLine"/> for an option.</param>
/// <param name="Number">The line's number, counted from 1; 0 for an option.</param>
/// <param name="Included">The files an <c>Include</c> names, parsed, in order; empty for other keywords.</param>
internal sealed record ConfigLine(
    string Keyword,
    IReadOnlyList<string> Arguments,
    string Rest,
    string File,
    int Number,
    IReadOnlyList<IReadOnlyList<ConfigLine>> Included)
{
    /// <summary>Where the lines of <c>ssh -o</c> stand.</summary>
    public const string CommandLine = "command-line";

    /// <summary>Splits <c>keyword arguments</c> or <c>keyword=arguments</c>.</summary>
    /// <returns>Null for an empty line or a comment.</returns>
    /// <exception cref="HopException">A quote is not closed, or nothing follows the keyword.</exception>
    public static ConfigLine? Parse(string text, string file, int number)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart(" \t").TrimEnd(" \t\r\n\f\0");
        if (rest.IsEmpty || rest[0] == '#') return null;
        int end = rest.IndexOfAny(" \t=");
        string written = (end < 0 ? rest : rest[..end]).Trim('"').ToString().ToLowerInvariant();
        rest = end < 0 ? [] : rest[end..].TrimStart(" \t");
        if (!rest.IsEmpty && rest[0] == '=') rest = rest[1..].TrimStart(" \t");
        if (rest.IsEmpty) throw ErrorAt(file, number, $"no argument after keyword \"{written}\"");
        return new ConfigLine(Keywords.Present(written), Split(rest, file, number), rest.ToString(), file, number, []);
    }

    /// <summary>A line that stands for what was typed outside any file.</summary>
    public static ConfigLine Typed(string keyword, string value) => new(keyword, [value], value, CommandLine, 0, []);

    /// <summary>An error at this line.</summary>
    public HopException Error(string reason) => ErrorAt(File, Number, reason);

    /// <summary>The only argument.</summary>
    /// <exception cref="HopException">There is none, or more than one.</exception>
    public string Single() => Arguments.Count switch
    {
        0 => throw Error($"{Keyword} has no value"),
        1 => Arguments[0],
        _ => throw Error($"keyword {Keyword} extra arguments at end of line"),
    };

    /// <summary><c>FILE line N</c>, as ssh names it.</summary>
    public static string Place(string file, int number) => $"{Printable.Line(file)} line {number}";

    private static HopException ErrorAt(string file, int number, string reason) =>
        HopException.Config($"{Place(file, number)}: {Printable.Line(reason)}");

    // What ssh 9.2 does: words end at blanks; either kind of quote keeps blanks together, also within a word; a
    // backslash makes a quote, a backslash or, outside quotes, a blank literal and stands for itself before anything
    // else. A '#' that starts a word starts a comment.
    private static List<string> Split(ReadOnlySpan<char> text, string file, int number)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool inWord = false;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            char next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (quote == '\0' && c is ' ' or '\t')
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
                continue;
            }

            if (quote == '\0' && !inWord && c == '#') break;
            inWord = true;
            if (c == '\\' && (next is '"' or '\\' or '\'' || (next == ' ' && quote == '\0')))
            {
                word.Append(next);
                i++;
            }
            else if (quote == '\0' && c is '"' or '\'')
            {
                quote = c;
            }
            else if (quote != '\0' && c == quote)
            {
                quote = '\0';
            }
            else
            {
                word.Append(c);
            }
        }

        if (quote != '\0') throw ErrorAt(file, number, "invalid quotes");
        if (inWord) words.Add(word.ToString());
        return words;
    }
}
