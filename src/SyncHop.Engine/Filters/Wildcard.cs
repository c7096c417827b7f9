namespace SyncHop.Engine.Filters;

/// <summary>
/// Shell-like wildcards over bytes (rsync(1), PATTERN MATCHING RULES): <c>?</c> any byte but a slash, <c>*</c> any run of
/// them, <c>**</c> any run of bytes, <c>[...]</c> one byte of a class and never a slash, <c>\</c> takes the next byte as it is.
/// </summary>
internal static class Wildcard
{
    /// <summary>The bytes that make a pattern more than a plain name.</summary>
    public static ReadOnlySpan<byte> Special => "*?["u8;

    /// <summary>Whether <paramref name="pattern"/> matches the whole of <paramref name="text"/>.</summary>
    /// <remarks>
    /// Only the last <c>*</c> and the last <c>**</c> ever need another try: what stands before them has matched as far left
    /// as it can, which leaves the most to what follows. So the time is bounded by a product of lengths.
    /// </remarks>
    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        int p = 0, t = 0;
        Retry within = Retry.None, across = Retry.None;
        while (true)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                int stars = p;
                while (p < pattern.Length && pattern[p] == '*') p++;
                within = Retry.None;
                if (p - stars > 1) across = new Retry(p, t);
                else within = new Retry(p, t);
                continue;
            }
            if (p == pattern.Length && t == text.Length) return true;
            if (p < pattern.Length && t < text.Length)
            {
                int next = p;
                switch (MatchOne(pattern, ref next, text[t]))
                {
                    case Outcome.Match:
                        p = next;
                        t++;
                        continue;
                    case Outcome.Malformed:
                        return false;
                }
            }
            if (within.Pattern >= 0 && within.Text < text.Length && text[within.Text] != '/')
            {
                within = within with { Text = within.Text + 1 };
                (p, t) = (within.Pattern, within.Text);
            }
            else if (across.Pattern >= 0 && across.Text < text.Length)
            {
                across = across with { Text = across.Text + 1 };
                within = Retry.None;
                (p, t) = (across.Pattern, across.Text);
            }
            else
            {
                return false;
            }
        }
    }

    private readonly record struct Retry(int Pattern, int Text)
    {
        public static Retry None => new(-1, 0);
    }

    private enum Outcome
    {
        Match,
        Mismatch,
        Malformed,
    }

    /// <summary>Matches one byte against the element at <paramref name="p"/>, which is no star, and steps over the element.</summary>
    private static Outcome MatchOne(ReadOnlySpan<byte> pattern, ref int p, byte c)
    {
        switch (pattern[p])
        {
            case (byte)'?':
                p++;
                return c != '/' ? Outcome.Match : Outcome.Mismatch;
            case (byte)'[':
                return CharacterClass.Match(pattern, ref p, c) switch
                {
                    null => Outcome.Malformed,
                    true when c != '/' => Outcome.Match,
                    _ => Outcome.Mismatch,
                };
            case (byte)'\\':
                if (p + 1 == pattern.Length) return Outcome.Malformed;
                p += 2;
                return pattern[p - 1] == c ? Outcome.Match : Outcome.Mismatch;
            default:
                return pattern[p++] == c ? Outcome.Match : Outcome.Mismatch;
        }
    }
}
