using System.Text;

namespace SyncHop.Engine.Filters;

/// <summary>Collects the rules of a command line, in the order of its options.</summary>
/// <param name="readFile">The content of a file by its path as typed, <c>-</c> for standard input; and whether its patterns include, for what is said of it.</param>
/// <param name="readHomeCvsIgnore">The content of <c>~/.cvsignore</c>, or null.</param>
/// <param name="cvsIgnore">The value of the environment's <c>CVSIGNORE</c>, or null.</param>
public sealed class FilterListBuilder(Func<byte[], bool, byte[]> readFile, Func<byte[]?> readHomeCvsIgnore, byte[]? cvsIgnore)
{
    private readonly RuleList _rules = new();
    private CvsDefaults? _cvs;
    private int _perDirectoryFilters;

    /// <summary><c>--from0, -0</c>: rules in files read from now on end with a NUL.</summary>
    public bool EndsAtNul { get; set; }

    /// <summary>Whether there is no rule.</summary>
    public bool IsEmpty => _rules.Entries.Count == 0;

    /// <summary><c>--filter, -f</c>.</summary>
    /// <exception cref="FilterException">The rule, or a file that it names, cannot be used.</exception>
    public void AddRule(ReadOnlySpan<byte> rule) => Add(rule, new FilterDefaults());

    /// <summary><c>--exclude</c> and <c>--include</c>.</summary>
    /// <exception cref="FilterException">The pattern cannot be used.</exception>
    public void AddPattern(ReadOnlySpan<byte> pattern, bool includes) =>
        Add(pattern, new FilterDefaults { Syntax = FilterSyntax.OldPrefixes, Includes = includes });

    /// <summary><c>--exclude-from</c> and <c>--include-from</c>.</summary>
    /// <exception cref="FilterException">The file, or a pattern in it, cannot be used.</exception>
    public void AddFile(byte[] path, bool includes)
    {
        FilterDefaults defaults = new() { Syntax = FilterSyntax.OldPrefixes, Includes = includes, EndsAtNul = EndsAtNul };
        Finish(Reader(Read, static _ => false).ReadTextAsync(_rules, readFile(path, includes), defaults, new RuleOrigin(Encoding.UTF8.GetString(path))));
    }

    /// <summary><c>-F</c>, given once more.</summary>
    public void AddPerDirectoryFilter()
    {
        _perDirectoryFilters++;
        if (_perDirectoryFilters == 1) AddRule(": /.rsync-filter"u8);
        else if (_perDirectoryFilters == 2) AddRule("- .rsync-filter"u8);
    }

    /// <summary><c>--cvs-exclude, -C</c>: its rules come last, wherever it stands.</summary>
    public void AddCvsExcludes()
    {
        AddRule(":C"u8);
        AddRule("-C"u8);
    }

    /// <summary>The rules.</summary>
    /// <param name="deletesExcluded"><c>--delete-excluded</c>, wherever it stands.</param>
    public FilterList Build(bool deletesExcluded) =>
        IsEmpty && _rules.ForAttributes.Count == 0 ? FilterList.Empty : new FilterList([.. _rules.Entries], [.. _rules.ForAttributes], Reader, EndsAtNul, deletesExcluded);

    private ValueTask<byte[]> Read(byte[] path) => new(readFile(path, false));

    private void Add(ReadOnlySpan<byte> rule, FilterDefaults defaults) =>
        Finish(Reader(Read, static _ => false).ReadRuleAsync(_rules, rule.ToArray(), defaults, RuleOrigin.Option));

    private RuleReader Reader(MergeFileReader read, Predicate<byte[]> isLookedFor) =>
        new(read, _cvs ??= new CvsDefaults(readHomeCvsIgnore(), cvsIgnore), EndsAtNul, isLookedFor);

    // Files of the command line are read at once.
    private static void Finish(ValueTask reading) => reading.AsTask().GetAwaiter().GetResult();
}
