namespace SyncHop.Engine.Filters;

/// <summary>What a rule matches: a pattern as rsync(1), PATTERN MATCHING RULES, describes it, taken apart once.</summary>
internal sealed class FilterPattern
{
    private readonly byte[] _text;
    private readonly bool _isAnchored;
    private readonly bool _directoriesOnly;
    private readonly bool _hasWildcard;
    private readonly bool _crossesSlashes;
    private readonly bool _startsAcross;
    private readonly bool _endsInContents;
    private readonly bool _namesOnly;
    private readonly int _components;
    private readonly int _prefixLength;

    /// <param name="pattern">The pattern as written.</param>
    /// <param name="matchesFullPath">Whether it is matched against the full path on the host (the modifier <c>/</c>).</param>
    /// <param name="baseLength">For an anchored pattern of a per-directory file: the length of that directory's full path with its slash.</param>
    public FilterPattern(ReadOnlySpan<byte> pattern, bool matchesFullPath = false, int baseLength = 0)
    {
        if (pattern.Length > 1 && pattern[^1] == '/')
        {
            _directoriesOnly = true;
            pattern = pattern[..^1];
        }
        int slashes = pattern.Count((byte)'/');
        _hasWildcard = pattern.ContainsAny(Wildcard.Special);
        _crossesSlashes = pattern.IndexOf("**"u8) >= 0;
        _startsAcross = pattern.StartsWith("**"u8);
        _endsInContents = pattern.EndsWith("***"u8);
        _namesOnly = slashes == 0 && !_crossesSlashes;
        _components = slashes + 1;
        _isAnchored = pattern is [(byte)'/', ..];
        _text = (_isAnchored ? pattern[1..] : pattern).ToArray();
        MatchesFullPath = matchesFullPath || (_isAnchored && baseLength > 0);
        _prefixLength = _isAnchored && !matchesFullPath ? baseLength : 0;
    }

    /// <summary>Whether the full path on the host counts, not the path in the transfer.</summary>
    private bool MatchesFullPath { get; }

    /// <summary>Whether the pattern matches the entry.</summary>
    /// <remarks>What is for directories only never matches anything else, also not what is negated: that is the caller's to say.</remarks>
    public bool IsMatch(in FilterSubject subject)
    {
        if (_directoriesOnly && !subject.IsDirectory) return false;
        if (_namesOnly) return MatchesWhole(subject.Name, subject);
        ReadOnlySpan<byte> path = MatchesFullPath ? subject.PathBelow(_prefixLength) : subject.TransferPath;
        if (_isAnchored) return MatchesWhole(path is [(byte)'/', ..] ? path[1..] : path, subject);
        if (!_crossesSlashes) return LastComponents(path, out ReadOnlySpan<byte> last) && MatchesWhole(last, subject);
        // "**/" matches also at the start of the path, in front of which a slash is thought to be.
        if (_startsAcross) return MatchesWhole(path, subject, slashBefore: !MatchesFullPath);
        for (int start = 0; start <= path.Length;)
        {
            if (MatchesWhole(path[start..], subject)) return true;
            int slash = path[start..].IndexOf((byte)'/');
            if (slash < 0) return false;
            start += slash + 1;
        }
        return false;
    }

    private bool MatchesWhole(ReadOnlySpan<byte> text, in FilterSubject subject, bool slashBefore = false)
    {
        if (!_hasWildcard) return text.SequenceEqual(_text);
        // "dir/***" matches the directory itself too, whose path is then thought to end in a slash.
        bool slashBehind = _endsInContents && subject.IsDirectory;
        return Wildcard.IsMatch(_text, slashBefore || slashBehind ? subject.Extend(text, slashBefore, slashBehind) : text);
    }

    /// <summary>As many components from the end as the pattern has.</summary>
    private bool LastComponents(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> last)
    {
        last = path;
        int start = path.Length;
        for (int wanted = _components; wanted > 0; wanted--)
        {
            if (start < 0) return false;
            start = path[..start].LastIndexOf((byte)'/');
            if (wanted == 1) last = path[(start + 1)..];
        }
        return true;
    }
}
