using System.Text;

namespace SyncHop.Ssh.Configuration;

/// <summary>One directive of an ssh_config file, with where it stands.</summary>
/// <param name="Keyword">In lower case.</param>
/// <param name="Arguments">Without their quotes.</param>
/// <param name="File">The file.</param>
/// <param name="Number">The line's number, counted from 1.</param>
/// <param name="Included">The files an <c>Include</c> names, parsed, in order; empty for other keywords.</param>
internal sealed record ConfigLine(
    string Keyword,
    IReadOnlyList<string> Arguments,
    string File,
    int Number,
    IReadOnlyList<IReadOnlyList<ConfigLine>> Included)
{
    /// <summary>Splits <c>keyword arguments</c> or <c>keyword=arguments</c>.</summary>
    /// <returns>Null for an empty line or a comment.</returns>
    /// <exception cref="HopException">A quote is not closed.</exception>
    public static ConfigLine? Parse(string text, string file, int number)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim(" \t\r\f\0");
        if (rest.IsEmpty || rest[0] == '#') return null;
        int end = rest.IndexOfAny(" \t=");
        string keyword = (end < 0 ? rest : rest[..end]).ToString().ToLowerInvariant();
        rest = end < 0 ? [] : rest[end..].TrimStart(" \t");
        if (!rest.IsEmpty && rest[0] == '=') rest = rest[1..];
        return new ConfigLine(keyword, Split(rest, file, number), file, number, []);
    }

    /// <summary>An error at this line.</summary>
    public HopException Error(string reason) => ErrorAt(File, Number, reason);

    /// <summary>The only argument.</summary>
    /// <exception cref="HopException">There is none.</exception>
    public string Single() => Arguments.Count > 0 ? Arguments[0] : throw Error($"{Keyword} has no value");

    private static HopException ErrorAt(string file, int number, string reason) =>
        HopException.Config($"{file} line {number}: {Printable.Line(reason)}");

    // Words end at blanks; double quotes keep blanks together, and a backslash keeps a quote, a backslash or a
    // blank literal. A '#' that starts a word starts a comment (since OpenSSH 8.7).
    private static List<string> Split(ReadOnlySpan<char> text, string file, int number)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool inWord = false, quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\' or ' ' or '\'')
            {
                word.Append(text[++i]);
                inWord = true;
            }
            else if (c == '"')
            {
                quoted = !quoted;
                inWord = true;
            }
            else if (!quoted && c is ' ' or '\t')
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else if (!quoted && !inWord && c == '#')
            {
                break;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (quoted) throw ErrorAt(file, number, "a quote is not closed");
        if (inWord) words.Add(word.ToString());
        return words;
    }
}
