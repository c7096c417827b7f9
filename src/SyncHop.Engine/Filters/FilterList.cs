namespace SyncHop.Engine.Filters;

/// <summary>The rules of a run, in their order.</summary>
public sealed class FilterList
{
    internal FilterList(IReadOnlyList<FilterEntry> entries, RuleReaderFactory reader, bool endsAtNul, bool deletesExcluded)
    {
        Entries = entries;
        Reader = reader;
        EndsAtNul = endsAtNul;
        DefaultSides = deletesExcluded ? FilterSides.Sender : FilterSides.Both;
    }

    /// <summary>No rules.</summary>
    public static FilterList Empty { get; } = new([], static (_, _) => throw new InvalidOperationException(), endsAtNul: false, deletesExcluded: false);

    /// <summary>The rules.</summary>
    internal IReadOnlyList<FilterEntry> Entries { get; }

    /// <summary>Makes readers for per-directory files.</summary>
    internal RuleReaderFactory Reader { get; }

    /// <summary>The sides that a rule works on which names none: with <c>--delete-excluded</c> only the sending one.</summary>
    internal FilterSides DefaultSides { get; }

    /// <summary>Whether rules in files end with a NUL (<c>--from0</c>).</summary>
    internal bool EndsAtNul { get; }

    internal delegate RuleReader RuleReaderFactory(MergeFileReader readFile, Predicate<byte[]> isLookedFor);

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
