using System.Text;

namespace SyncHop.Packaging.Manual;

/// <summary>Text in man(7)'s input language.</summary>
internal static class Roff
{
    /// <summary>Makes text literal. A hyphen becomes an ASCII minus sign, which can be copied into a command line.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char c in text)
        {
            escaped.Append(c switch
            {
                '\\' => @"\(rs",
                '-' => @"\-",
                '\'' => @"\(aq",
                '`' => @"\(ga",
                '~' => @"\(ti",
                '^' => @"\(ha",
                '"' => @"\(dq",
                _ => c.ToString(),
            });
        }

        // A line that begins with a full stop would be a request.
        return escaped.Length > 0 && escaped[0] == '.' ? @"\&" + escaped : escaped.ToString();
    }

    /// <summary>Prose in which <c>`bold`</c> stands between backquotes.</summary>
    public static string Prose(string text)
    {
        string[] parts = text.Split('`');
        StringBuilder prose = new();
        for (int i = 0; i < parts.Length; i++) prose.Append(i % 2 == 0 ? Escape(parts[i]) : Bold(parts[i]));
        return prose.ToString();
    }

    /// <summary>Text in bold.</summary>
    public static string Bold(string text) => $@"\fB{Escape(text)}\fR";

    /// <summary>Text in italics: what stands for something else.</summary>
    public static string Italic(string text) => $@"\fI{Escape(text)}\fR";
}
