using System.Text;

namespace SyncHop.Ssh;

/// <summary>Makes text from the network or a file safe to show on one line of a terminal.</summary>
internal static class Printable
{
    private const int MaximumLength = 400;

    /// <summary>Replaces control and format characters, folds line ends to spaces, and cuts what is very long.</summary>
    public static string Line(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var line = new StringBuilder(Math.Min(text.Length, MaximumLength + 3));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (line.Length >= MaximumLength)
            {
                line.Append("...");
                break;
            }

            if (rune.Value is '\r' or '\n' or '\t') line.Append(' ');
            else if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format)
                line.Append('?');
            else line.Append(rune.ToString());
        }

        return line.ToString().Trim();
    }

    /// <summary>As <see cref="Line"/>, keeping line ends: for banners and instructions shown above a prompt.</summary>
    public static string Block(string? text) =>
        string.Join('\n', (text ?? "").ReplaceLineEndings("\n").Split('\n').Select(Line));
}
