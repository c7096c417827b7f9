namespace SyncHop.Packaging.Manual;

/// <summary>
/// What the manual says of an option beside its line of help. A note begins with a line <c>--name</c> and goes on to the next
/// such line; an empty line begins a paragraph, and what is between backquotes is typed literally.
/// </summary>
internal static class OptionNotes
{
    /// <summary>The paragraphs for each option's first name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> All { get; } = Parse(Resources.Read("OptionNotes.txt"));

    private static Dictionary<string, IReadOnlyList<string>> Parse(string text)
    {
        Dictionary<string, IReadOnlyList<string>> notes = new(StringComparer.Ordinal);
        List<string> paragraphs = [];
        bool ended = false;
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith('-'))
            {
                notes.Add(line, paragraphs = []);
                ended = true;
            }
            else if (line.Length == 0)
            {
                ended = true;
            }
            else if (ended)
            {
                paragraphs.Add(line);
                ended = false;
            }
            else
            {
                paragraphs[^1] += "\n" + line;
            }
        }

        return notes;
    }
}
