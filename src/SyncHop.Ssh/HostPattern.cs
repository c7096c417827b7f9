namespace SyncHop.Ssh;

/// <summary>Host patterns of ssh_config(5) and sshd(8): <c>*</c>, <c>?</c> and a leading <c>!</c>.</summary>
internal static class HostPattern
{
    /// <summary>Matches in time linear in pattern times text.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool ignoreCase = true)
    {
        int p = 0, t = 0, star = -1, mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || SameLetter(pattern[p], text[t], ignoreCase)))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    /// <summary>True when a pattern matches and no negated one does, in whatever order they stand.</summary>
    public static bool MatchesList(IEnumerable<string> patterns, string text, bool ignoreCase = true)
    {
        bool found = false;
        foreach (string pattern in patterns)
        {
            if (pattern.StartsWith('!'))
            {
                if (Matches(pattern.AsSpan(1), text, ignoreCase)) return false;
            }
            else
            {
                found |= Matches(pattern, text, ignoreCase);
            }
        }

        return found;
    }

    private static bool SameLetter(char a, char b, bool ignoreCase) =>
        a == b || (ignoreCase && char.ToLowerInvariant(a) == char.ToLowerInvariant(b));
}
