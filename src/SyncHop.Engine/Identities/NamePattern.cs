namespace SyncHop.Engine.Identities;

/// <summary>A user's or group's name with the wildcards of fnmatch(3): <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a]</c>, backslash.</summary>
internal static class NamePattern
{
    /// <summary>Whether the whole name matches.</summary>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> name)
    {
        // Where the last star was, to try it with one byte more: names match in quadratic time at worst.
        int star = -1, starName = 0, p = 0, n = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = ++p;
                starName = n;
            }
            else if (p < pattern.Length && MatchesOne(pattern[p..], name[n], out int length))
            {
                p += length;
                n++;
            }
            else if (star >= 0)
            {
                p = star;
                n = ++starName;
            }
            else
            {
                return false;
            }
        }
        return !pattern[p..].ContainsAnyExcept((byte)'*');
    }

    private static bool MatchesOne(ReadOnlySpan<byte> pattern, byte value, out int length)
    {
        length = 1;
        switch (pattern[0])
        {
            case (byte)'?':
                return true;
            case (byte)'\\' when pattern.Length > 1:
                length = 2;
                return pattern[1] == value;
            case (byte)'[' when ClassEnd(pattern) is int end and > 0:
                length = end + 1;
                return IsInClass(pattern[1..end], value);
            default:
                return pattern[0] == value;
        }
    }

    /// <summary>Where the class that begins at the start ends: a bracket right after the opening one is a member.</summary>
    private static int ClassEnd(ReadOnlySpan<byte> pattern)
    {
        int first = pattern.Length > 1 && pattern[1] is (byte)'!' or (byte)'^' ? 2 : 1;
        int end = first + 1 < pattern.Length ? pattern[(first + 1)..].IndexOf((byte)']') : -1;
        return end < 0 ? -1 : end + first + 1;
    }

    private static bool IsInClass(ReadOnlySpan<byte> members, byte value)
    {
        bool negated = members[0] is (byte)'!' or (byte)'^';
        if (negated) members = members[1..];
        bool found = false;
        for (int i = 0; i < members.Length; i++)
        {
            bool isRange = i + 2 < members.Length && members[i + 1] == '-';
            found |= isRange ? value >= members[i] && value <= members[i + 2] : value == members[i];
            if (isRange) i += 2;
        }
        return found != negated;
    }
}
