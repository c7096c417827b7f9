using System.Buffers;

namespace SyncHop.Engine.Filters;

/// <summary>Divides the text of a file into rules.</summary>
internal static class RuleText
{
    private static readonly SearchValues<byte> s_whiteSpace = SearchValues.Create(" \t\n\v\f\r"u8);

    /// <summary>The rules with the numbers of their lines; empty ones and comments are left out.</summary>
    public static IEnumerable<(ReadOnlyMemory<byte> Rule, int Line)> Split(ReadOnlyMemory<byte> text, FilterDefaults defaults)
    {
        int line = 1;
        while (!text.IsEmpty)
        {
            int end = EndOfRule(text.Span, defaults);
            ReadOnlyMemory<byte> rule = text[..Math.Min(end, text.Length)];
            // What a line has behind a NUL that does not end it is not read, as in rsync.
            if (rule.Span.IndexOf((byte)0) is >= 0 and int nul) rule = rule[..nul];
            bool isComment = !defaults.SplitsWords && rule.Span is [(byte)'#' or (byte)';', ..];
            if (!rule.IsEmpty && !isComment) yield return (rule, line);
            if (end < text.Length && text.Span[end] is (byte)'\n' or 0) line++;
            text = text[Math.Min(end + 1, text.Length)..];
        }
    }

    private static int EndOfRule(ReadOnlySpan<byte> text, FilterDefaults defaults)
    {
        int end = defaults.SplitsWords ? text.IndexOfAny(s_whiteSpace)
            : defaults.EndsAtNul ? text.IndexOf((byte)0)
            : text.IndexOfAny((byte)'\n', (byte)'\r');
        return end < 0 ? text.Length : end;
    }
}
