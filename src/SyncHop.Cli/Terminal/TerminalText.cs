using System.Globalization;
using System.Text;
using SyncHop.Cli.Arguments;

namespace SyncHop.Cli.Terminal;

/// <summary>Makes text of unknown origin (arguments, a server's messages) safe to show on a terminal.</summary>
internal static class TerminalText
{
    /// <summary>
    /// The text with each byte of a control character, and each that is not UTF-8, as <c>\#ooo</c>, the way rsync shows
    /// them in names. A newline too, so one message is one line.
    /// </summary>
    public static string Escape(string text)
    {
        StringBuilder? escaped = null;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsSurrogatePair(text, i))
            {
                escaped?.Append(c).Append(text[i + 1]);
                i++;
            }
            else if (!char.IsControl(c) && !char.IsSurrogate(c))
            {
                escaped?.Append(c);
            }
            else
            {
                escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
                AppendBytes(escaped, c);
            }
        }

        return escaped?.ToString() ?? text;
    }

    private static void AppendBytes(StringBuilder escaped, char c)
    {
        // A lone surrogate that stands for no byte becomes U+FFFD's bytes.
        byte[] bytes = ByteString.IsEscape(c) ? [(byte)c] : Encoding.UTF8.GetBytes([c]);
        foreach (byte b in bytes) escaped.Append(CultureInfo.InvariantCulture, $"\\#{b / 64}{b / 8 % 8}{b % 8}");
    }
}
