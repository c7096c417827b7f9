using System.IO.Abstractions;

namespace SyncHop.Ssh.Configuration;

/// <summary>The files that the pattern of an Include names, as glob(3): sorted, hidden ones only by name.</summary>
internal static class ConfigGlob
{
    /// <summary>The existing files, in order; none where nothing matches.</summary>
    /// <param name="fileSystem">Where they are.</param>
    /// <param name="pattern">An absolute path; each component may have <c>*</c>, <c>?</c> and <c>[a-z]</c>.</param>
    public static IReadOnlyList<string> Expand(IFileSystem fileSystem, string pattern)
    {
        string[] components = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        List<string> found = ["/"];
        for (int i = 0; i < components.Length; i++)
        {
            string component = components[i];
            bool last = i + 1 == components.Length;
            found = found.SelectMany(directory => Step(fileSystem, directory, component, last)).ToList();
        }

        return found;
    }

    private static IEnumerable<string> Step(IFileSystem fileSystem, string directory, string pattern, bool last)
    {
        if (!pattern.AsSpan().ContainsAny('*', '?', '['))
        {
            string path = Path.Combine(directory, pattern);
            return !last || fileSystem.File.Exists(path) ? [path] : [];
        }

        return Entries(fileSystem, directory, last)
            .Where(path => Path.GetFileName(path) is var name
                && (name[0] != '.' || pattern[0] == '.') && Matches(pattern, name))
            .Order(StringComparer.Ordinal);
    }

    // As glob(3): what cannot be read matches nothing.
    private static string[] Entries(IFileSystem fileSystem, string directory, bool files)
    {
        try
        {
            if (!fileSystem.Directory.Exists(directory)) return [];
            return files ? fileSystem.Directory.GetFiles(directory) : fileSystem.Directory.GetDirectories(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>glob(7): <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[a-z]</c>, <c>[!a]</c>, and a backslash before any of them.</summary>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        for (int star = -1, mark = 0, p = 0, t = 0; ;)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = ++p;
                mark = t;
                continue;
            }

            if (t == text.Length) return p == pattern.Length;
            int length = p < pattern.Length ? LengthIfMatch(pattern[p..], text[t]) : 0;
            if (length > 0)
            {
                p += length;
                t++;
            }
            else if (star < 0)
            {
                return false;
            }
            else
            {
                p = star;
                t = ++mark;
            }
        }
    }

    // How much of the pattern stands for the character; 0 when it does not match.
    private static int LengthIfMatch(ReadOnlySpan<char> pattern, char c)
    {
        if (pattern[0] == '?') return 1;
        if (pattern[0] == '\\' && pattern.Length > 1) return pattern[1] == c ? 2 : 0;
        int close = pattern[0] == '[' && pattern.Length > 2 ? pattern[2..].IndexOf(']') : -1;
        if (close < 0) return pattern[0] == c ? 1 : 0;
        ReadOnlySpan<char> set = pattern[1..(close + 2)];
        bool negated = set[0] is '!' or '^' && set.Length > 1;
        if (negated) set = set[1..];
        bool found = false;
        for (int i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                found |= c >= set[i] && c <= set[i + 2];
                i += 2;
            }
            else
            {
                found |= set[i] == c;
            }
        }

        return found != negated ? close + 3 : 0;
    }
}
