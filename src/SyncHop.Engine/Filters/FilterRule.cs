namespace SyncHop.Engine.Filters;

/// <summary>The sides of a transfer that a rule works on.</summary>
[Flags]
internal enum FilterSides
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>The sending side, where rules hide entries.</summary>
    Sender = 1,
    /// <summary>The receiving side, where rules protect entries from deletion.</summary>
    Receiver = 2,
    /// <summary>Both.</summary>
    Both = Sender | Receiver,
}

/// <summary>An element of a list of rules.</summary>
/// <param name="sides">The sides it works on.</param>
/// <param name="isPerishable">Whether it is ignored in directories that are being deleted.</param>
internal abstract class FilterEntry(FilterSides sides, bool isPerishable)
{
    /// <summary>The sides it works on.</summary>
    public FilterSides Sides { get; } = sides;

    /// <summary>Whether it is ignored in directories that are being deleted.</summary>
    public bool IsPerishable { get; } = isPerishable;
}

/// <summary>An include or exclude rule.</summary>
internal sealed class FilterRule(FilterPattern pattern, bool includes, bool isNegated, FilterSides sides, bool isPerishable, byte[] text)
    : FilterEntry(sides, isPerishable)
{
    /// <summary>Whether what matches is shown (on the sending side) or at risk (on the receiving side).</summary>
    public bool Includes { get; } = includes;

    /// <summary>How messages name the rule.</summary>
    public byte[] Text { get; } = text;

    /// <summary>Whether the rule applies to the entry.</summary>
    public bool Applies(in FilterSubject subject) => pattern.IsMatch(subject) != isNegated;
}

/// <summary>The place of the rules that <c>-C</c> knows of: its own list, <c>~/.cvsignore</c> and <c>CVSIGNORE</c>.</summary>
internal sealed class CvsRules(IReadOnlyList<FilterEntry> rules, FilterSides sides, bool isPerishable) : FilterEntry(sides, isPerishable)
{
    /// <summary>The rules.</summary>
    public IReadOnlyList<FilterEntry> Rules { get; } = rules;
}

/// <summary>The place of the rules of per-directory files (<c>dir-merge</c>): which ones depends on the directory.</summary>
internal sealed class DirectoryMerge(byte[] fileName, byte[]? scanFrom, byte[] text, FilterDefaults defaults, bool isInherited, FilterSides sides, bool isPerishable)
    : FilterEntry(sides, isPerishable)
{
    /// <summary>The name of the file that is looked for in each directory.</summary>
    public byte[] FileName { get; } = fileName;

    /// <summary>The directory from which on directories above the transfer are searched too; null for none.</summary>
    public byte[]? ScanFrom { get; } = scanFrom;

    /// <summary>How messages name it.</summary>
    public byte[] Text { get; } = text;

    /// <summary>How its rules are read.</summary>
    public FilterDefaults Defaults { get; } = defaults;

    /// <summary>Whether directories below a file's own are governed by it too.</summary>
    public bool IsInherited { get; } = isInherited;
}
