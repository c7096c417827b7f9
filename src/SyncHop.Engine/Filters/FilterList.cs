namespace SyncHop.Engine.Filters;

/// <summary>The rules of a run, in their order.</summary>
public sealed class FilterList
{
    private readonly IReadOnlyList<FilterRule> _forAttributes;

    internal FilterList(
        IReadOnlyList<FilterEntry> entries, IReadOnlyList<FilterRule> forAttributes, RuleReaderFactory reader, bool endsAtNul, bool deletesExcluded)
    {
        Entries = entries;
        _forAttributes = forAttributes;
        Reader = reader;
        EndsAtNul = endsAtNul;
        DefaultSides = deletesExcluded ? FilterSides.Sender : FilterSides.Both;
    }

    /// <summary>No rules.</summary>
    public static FilterList Empty { get; } = new([], [], static (_, _) => throw new InvalidOperationException(), endsAtNul: false, deletesExcluded: false);

    /// <summary>The rules.</summary>
    internal IReadOnlyList<FilterEntry> Entries { get; }

    /// <summary>Makes readers for per-directory files.</summary>
    internal RuleReaderFactory Reader { get; }

    /// <summary>The sides that a rule works on which names none: with <c>--delete-excluded</c> only the sending one.</summary>
    internal FilterSides DefaultSides { get; }

    /// <summary>Whether rules in files end with a NUL (<c>--from0</c>).</summary>
    internal bool EndsAtNul { get; }

    internal delegate RuleReader RuleReaderFactory(MergeFileReader readFile, Predicate<byte[]> isLookedFor);

    /// <summary>What rules with the modifier <c>x</c> say of an extended attribute: null where there are none.</summary>
    internal bool? TakesAttribute(byte[] name, FilterSides side)
    {
        if (_forAttributes.Count == 0) return null;
        FilterSubject subject = new([(byte)'/', .. name, (byte)'/'], 1, 1, name.Length + 1, isDirectory: false);
        foreach (FilterRule rule in _forAttributes)
        {
            if ((SidesOf(rule) & side) != 0 && rule.Applies(subject)) return rule.Includes;
        }
        return true;
    }

    /// <summary>Whether rules are read from files in the directories.</summary>
    internal bool ReadsFiles => Entries.Any(static entry => entry is DirectoryMerge);

    /// <summary>Whether any rule may work on a side.</summary>
    internal bool WorksOn(FilterSides side)
    {
        foreach (FilterEntry entry in Entries)
        {
            // A per-directory file may hold rules for either side.
            if (entry is DirectoryMerge && (entry.Sides == FilterSides.None || (entry.Sides & side) != 0)) return true;
            if ((SidesOf(entry) & side) != 0) return true;
        }
        return false;
    }

    /// <summary>The sides that an entry works on.</summary>
    internal FilterSides SidesOf(FilterEntry entry) => entry.Sides != FilterSides.None ? entry.Sides
        : entry is DirectoryMerge ? FilterSides.Both
        : DefaultSides;
}
