namespace SyncHop.Engine.Filters;

/// <summary>
/// Bracket expressions: <c>[abc]</c>, <c>[a-z]</c>, <c>[!a]</c> or <c>[^a]</c>, POSIX classes as in <c>[[:alpha:]]</c> (of
/// ASCII), and <c>\</c> before a byte that is meant as it is. A <c>]</c> in the first place is an ordinary member.
/// </summary>
internal static class CharacterClass
{
    /// <summary>Whether <paramref name="c"/> is in the class that starts at <paramref name="p"/>, which moves behind it.</summary>
    /// <returns>null when the class has no end, or an unknown POSIX class in it: then the pattern matches nothing.</returns>
    public static bool? Match(ReadOnlySpan<byte> pattern, ref int p, byte c)
    {
        int i = p + 1;
        bool negated = i < pattern.Length && pattern[i] is (byte)'!' or (byte)'^';
        if (negated) i++;
        bool found = false;
        int previous = -1; // the member that a range may begin with
        for (bool first = true; ; first = false)
        {
            if (i >= pattern.Length) return null;
            byte member = pattern[i];
            if (member == ']' && !first) break;
            if (member == '-' && previous >= 0 && i + 1 < pattern.Length && pattern[i + 1] != ']')
            {
                i++;
                if (!ReadMember(pattern, ref i, out member)) return null;
                found |= c >= previous && c <= member;
                previous = -1;
                continue;
            }
            if (member == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':')
            {
                int end = pattern[(i + 2)..].IndexOf((byte)']');
                if (end < 0) return null;
                ReadOnlySpan<byte> name = pattern.Slice(i + 2, end);
                if (name.Length > 0 && name[^1] == ':')
                {
                    if (IsInNamed(name[..^1], c) is not bool isIn) return null;
                    found |= isIn;
                    previous = -1;
                    i += end + 3;
                    continue;
                }
            }
            if (!ReadMember(pattern, ref i, out member)) return null;
            found |= c == member;
            previous = member;
        }
        p = i + 1;
        return found != negated;
    }

    private static bool ReadMember(ReadOnlySpan<byte> pattern, ref int i, out byte member)
    {
        if (pattern[i] == '\\') i++;
        member = i < pattern.Length ? pattern[i] : (byte)0;
        return i++ < pattern.Length;
    }

    private static bool? IsInNamed(ReadOnlySpan<byte> name, byte c)
    {
        bool isUpper = c is >= (byte)'A' and <= (byte)'Z', isLower = c is >= (byte)'a' and <= (byte)'z', isDigit = c is >= (byte)'0' and <= (byte)'9';
        bool isGraph = c is > (byte)' ' and < 0x7F;
        if (name.SequenceEqual("alnum"u8)) return isUpper || isLower || isDigit;
        if (name.SequenceEqual("alpha"u8)) return isUpper || isLower;
        if (name.SequenceEqual("blank"u8)) return c is (byte)' ' or (byte)'\t';
        if (name.SequenceEqual("cntrl"u8)) return c is < (byte)' ' or 0x7F;
        if (name.SequenceEqual("digit"u8)) return isDigit;
        if (name.SequenceEqual("graph"u8)) return isGraph;
        if (name.SequenceEqual("lower"u8)) return isLower;
        if (name.SequenceEqual("print"u8)) return isGraph || c == ' ';
        if (name.SequenceEqual("punct"u8)) return isGraph && !isUpper && !isLower && !isDigit;
        if (name.SequenceEqual("space"u8)) return c is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');
        if (name.SequenceEqual("upper"u8)) return isUpper;
        if (name.SequenceEqual("xdigit"u8)) return isDigit || c is (>= (byte)'a' and <= (byte)'f') or (>= (byte)'A' and <= (byte)'F');
        return null;
    }
}
