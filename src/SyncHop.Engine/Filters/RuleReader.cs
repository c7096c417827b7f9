namespace SyncHop.Engine.Filters;

/// <summary>Reads a file of rules that another rule names.</summary>
/// <param name="path">The path as written.</param>
/// <exception cref="FilterException">It cannot be read.</exception>
internal delegate ValueTask<byte[]> MergeFileReader(byte[] path);

/// <summary>Turns the text of rules into rules.</summary>
/// <param name="readFile">Reads files that rules name.</param>
/// <param name="cvs">The rules that <c>-C</c> knows of.</param>
/// <param name="endsAtNul">Whether rules in files end with a NUL (<c>--from0</c>).</param>
/// <param name="isLookedFor">Whether files of a name are looked for already: a second rule for them counts for nothing.</param>
internal sealed class RuleReader(MergeFileReader readFile, CvsDefaults cvs, bool endsAtNul, Predicate<byte[]> isLookedFor)
{
    private const int DepthLimit = 32;

    /// <summary>Adds the rules of a file's text.</summary>
    public async ValueTask ReadTextAsync(RuleList list, ReadOnlyMemory<byte> text, FilterDefaults defaults, RuleOrigin file)
    {
        foreach ((ReadOnlyMemory<byte> rule, int line) in RuleText.Split(text, defaults))
            await ReadRuleAsync(list, rule, defaults, defaults.SplitsWords ? file : file with { Line = line }).ConfigureAwait(false);
    }

    /// <summary>Adds one rule.</summary>
    /// <exception cref="FilterException">It is not valid, or names a file that cannot be read.</exception>
    public async ValueTask ReadRuleAsync(RuleList list, ReadOnlyMemory<byte> rule, FilterDefaults defaults, RuleOrigin origin)
    {
        if (rule.IsEmpty) return;
        if (defaults.Syntax != FilterSyntax.Rules)
        {
            ReadPattern(list, rule.Span, defaults, origin);
            return;
        }
        if (ReadUnlessMerge(list, rule.Span, defaults, origin) is not { } merge) return;
        if (origin.Depth >= DepthLimit)
            throw new FilterException(ExitCode.FileIo, $"merge-file include depth limit ({DepthLimit}) exceeded at {origin.Describe(rule.Span)}") { IsNamed = false };
        byte[] text;
        try
        {
            text = await readFile(merge.Path).ConfigureAwait(false);
        }
        catch (FilterException) when (origin.File is not null)
        {
            throw new FilterException(ExitCode.FileIo, $"failed to open exclude file {origin.Describe(rule.Span)}");
        }
        string name = origin.File is null ? System.Text.Encoding.UTF8.GetString(merge.Path) : $"a file named at {origin.File} line {origin.Line}";
        await ReadTextAsync(list, text, merge.Defaults, origin with { File = name, Directory = null, Depth = origin.Depth + 1 }).ConfigureAwait(false);
    }

    /// <summary>Adds a pattern that is written without modifiers.</summary>
    public static void ReadPattern(RuleList list, ReadOnlySpan<byte> text, FilterDefaults defaults, RuleOrigin origin)
    {
        bool includes = defaults.Includes;
        if (defaults.Syntax == FilterSyntax.OldPrefixes && text is [(byte)'-' or (byte)'+', (byte)' ', ..])
        {
            includes = text[0] == '+';
            text = text[2..];
            if (text.IsEmpty) throw new FilterException(ExitCode.Usage, $"unexpected end of filter rule: {origin.Describe(includes ? "+ "u8 : "- "u8)}");
        }
        else if (defaults.Syntax != FilterSyntax.Patterns && text is [(byte)'!'])
        {
            list.Clear();
            return;
        }
        Add(list, text, defaults, includes, isNegated: false, origin);
    }

    /// <summary>Adds the rule, unless it is one that names a file to be read now: that is returned.</summary>
    private (byte[] Path, FilterDefaults Defaults)? ReadUnlessMerge(RuleList list, ReadOnlySpan<byte> rule, FilterDefaults defaults, RuleOrigin origin)
    {
        RulePrefix prefix = RulePrefix.Parse(rule, origin);
        if (defaults.Sides != FilterSides.None && prefix.Sides != FilterSides.None)
            throw new FilterException(ExitCode.Usage, $"specified-side merge file contains specified-side filter: {origin.Describe(rule)}");
        if (prefix.Kind == RuleKind.Clear)
        {
            if (!prefix.Rest.IsEmpty) throw new FilterException(ExitCode.Usage, $"'!' rule has trailing characters: {origin.Describe(rule)}");
            list.Clear();
            return null;
        }
        if (prefix.Rest.IsEmpty && !prefix.IsCvs) throw new FilterException(ExitCode.Usage, $"unexpected end of filter rule: {origin.Describe(rule)}");
        FilterDefaults own = new()
        {
            Syntax = prefix.IsCvs ? FilterSyntax.CvsPatterns : prefix.HasPatternsOnly ? FilterSyntax.Patterns : FilterSyntax.Rules,
            Includes = prefix.Includes,
            MatchesFullPath = prefix.MatchesFullPath || defaults.MatchesFullPath,
            IsPerishable = prefix.IsPerishable || defaults.IsPerishable,
            IsForXattrs = prefix.IsForXattrs || defaults.IsForXattrs,
            Sides = prefix.Sides | defaults.Sides,
            SplitsWords = prefix.SplitsWords,
            EndsAtNul = endsAtNul,
        };
        switch (prefix.Kind)
        {
            case RuleKind.Pattern when prefix.IsCvs:
                list.Entries.Add(new CvsRules(cvs.Read(own, origin), own.Sides, own.IsPerishable));
                return null;
            case RuleKind.Pattern:
                Add(list, prefix.Rest, own, prefix.Includes, prefix.IsNegated, origin);
                return null;
            case RuleKind.DirectoryMerge:
                AddDirectoryMerge(list, rule, prefix, own, origin);
                return null;
            default:
                if (prefix.ExcludesFile) ExcludeFile(list, prefix.Rest, own, origin);
                return ((prefix.Rest.IsEmpty ? ".cvsignore"u8 : prefix.Rest).ToArray(), own);
        }
    }

    private void AddDirectoryMerge(RuleList list, ReadOnlySpan<byte> rule, in RulePrefix prefix, FilterDefaults own, RuleOrigin origin)
    {
        ReadOnlySpan<byte> path = prefix.Rest.IsEmpty ? ".cvsignore"u8 : prefix.Rest;
        int slash = path.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> name = path[(slash + 1)..];
        if (name.IsEmpty) return;
        if (prefix.ExcludesFile) ExcludeFile(list, path, own, origin);
        if (isLookedFor(name.ToArray()) || list.LooksFor(name)) return;
        byte[]? scanFrom = slash < 0 ? null : path[..(slash + 1)].ToArray();
        byte[] text = origin.File is null ? name.ToArray() : System.Text.Encoding.UTF8.GetBytes(origin.Describe(rule));
        list.Entries.Add(new DirectoryMerge(name.ToArray(), scanFrom, text, own, !prefix.IsNotInherited, prefix.Sides, prefix.IsPerishable));
    }

    private static void ExcludeFile(RuleList list, ReadOnlySpan<byte> path, FilterDefaults own, RuleOrigin origin) =>
        Add(list, path[(path.LastIndexOf((byte)'/') + 1)..], new FilterDefaults { Sides = own.Sides }, includes: false, isNegated: false, origin);

    private static void Add(RuleList list, ReadOnlySpan<byte> text, FilterDefaults defaults, bool includes, bool isNegated, RuleOrigin origin)
    {
        FilterPattern pattern = new(text, defaults.MatchesFullPath, origin.Directory?.Length ?? 0);
        FilterRule rule = new(pattern, includes, isNegated, defaults.Sides, defaults.IsPerishable, origin.Name(text));
        if (defaults.IsForXattrs) list.ForAttributes.Add(rule);
        else list.Entries.Add(rule);
    }
}
