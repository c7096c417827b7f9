using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Filters;

/// <summary>
/// The rules that are in force in one directory: those of the command line, with those of per-directory files found there
/// and above in their places. Immutable; directories without such a file share their parent's.
/// </summary>
internal sealed class DirectoryFilter
{
    private readonly FilterList _rules;
    private readonly FilterSides _side;
    private readonly IReadOnlyList<Merged> _merged;
    private readonly bool _isAbove;

    private DirectoryFilter(FilterList rules, FilterSides side, IReadOnlyList<Merged> merged, bool isAbove)
    {
        _rules = rules;
        _side = side;
        _merged = merged;
        _isAbove = isAbove;
    }

    /// <summary>The rules of the per-directory files that a rule asks for.</summary>
    private sealed record Merged(DirectoryMerge Place, IReadOnlyList<FilterEntry> Rules);

    /// <summary>What is in force above the first directory; null when no rule works on that side.</summary>
    public static DirectoryFilter? Above(FilterList rules, FilterSides side)
    {
        if (!rules.WorksOn(side)) return null;
        List<Merged> merged = [];
        foreach (FilterEntry entry in rules.Entries)
        {
            if (entry is DirectoryMerge place) merged.Add(new Merged(place, []));
        }
        return new DirectoryFilter(rules, side, merged, isAbove: true);
    }

    /// <summary>Whether there are per-directory files to read.</summary>
    public bool ReadsFiles => _merged.Count > 0;

    /// <summary>The first rule that applies to an entry; null when none does, which includes it.</summary>
    /// <param name="subject">The entry.</param>
    /// <param name="isDeleting">Whether the directory that holds it is being deleted, so that perishable rules do not count.</param>
    public FilterDecision? Find(in FilterSubject subject, bool isDeleting = false) => Find(_rules.Entries, null, subject, isDeleting);

    /// <summary>What is in force in a directory, with the rules of its own per-directory files.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="listing">Its entries: only files that are there are read.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="FilterException">A rule in a file is not valid.</exception>
    public async ValueTask<DirectoryFilter> EnterAsync(MergeFileDirectory directory, FileList listing, CancellationToken cancellation)
    {
        if (_merged.Count == 0) return this;
        List<Merged> merged = [.. _merged];
        bool IsLookedFor(byte[] name) => merged.Exists(known => known.Place.FileName.AsSpan().SequenceEqual(name));
        RuleReader reader = _rules.Reader(path => directory.ReadAsync(path, cancellation), IsLookedFor);
        bool changed = false;
        // A file may itself ask for more files, which then are looked for here as well.
        for (int i = 0; i < merged.Count; i++)
        {
            DirectoryMerge place = merged[i].Place;
            bool isNew = _isAbove || i >= _merged.Count;
            IReadOnlyList<FilterEntry> inherited = merged[i].Rules;
            if (isNew && place is { IsInherited: true, ScanFrom: not null })
                inherited = await ReadAboveAsync(place, directory, IsLookedFor, cancellation).ConfigureAwait(false);
            if (!place.IsInherited) inherited = [];
            IReadOnlyList<FilterEntry> rules = inherited;
            if (IndexOf(listing, place.FileName) is int index)
            {
                byte[]? text = await directory.ReadListedAsync(listing, index, cancellation).ConfigureAwait(false);
                if (text is not null) rules = await ReadAsync(reader, place, text, directory, inherited).ConfigureAwait(false);
            }
            if (ReferenceEquals(rules, merged[i].Rules)) continue;
            changed |= rules.Count > 0 || merged[i].Rules.Count > 0;
            merged[i] = merged[i] with { Rules = rules };
            foreach (FilterEntry entry in rules)
            {
                if (entry is DirectoryMerge nested && !merged.Exists(known => ReferenceEquals(known.Place, nested))) merged.Add(new Merged(nested, []));
            }
        }
        return changed || _isAbove ? new DirectoryFilter(_rules, _side, merged, isAbove: false) : this;
    }

    private FilterDecision? Find(IReadOnlyList<FilterEntry> entries, FilterEntry? place, in FilterSubject subject, bool isDeleting)
    {
        foreach (FilterEntry entry in entries)
        {
            if ((_rules.SidesOf(entry) & _side) == 0 || (isDeleting && entry.IsPerishable)) continue;
            FilterDecision? decision = entry switch
            {
                FilterRule rule => rule.Applies(subject) ? new FilterDecision(rule, place) : null,
                CvsRules cvs => Find(cvs.Rules, cvs, subject, isDeleting),
                DirectoryMerge merge => Find(RulesOf(merge), merge, subject, isDeleting),
                _ => null,
            };
            if (decision is not null) return decision;
        }
        return null;
    }

    private IReadOnlyList<FilterEntry> RulesOf(DirectoryMerge place)
    {
        foreach (Merged merged in _merged)
        {
            if (ReferenceEquals(merged.Place, place)) return merged.Rules;
        }
        return [];
    }

    /// <summary>Reads the files in the directories above the transfer, from the one that the rule names downward.</summary>
    private async ValueTask<IReadOnlyList<FilterEntry>> ReadAboveAsync(
        DirectoryMerge place, MergeFileDirectory directory, Predicate<byte[]> isLookedFor, CancellationToken cancellation)
    {
        List<(MergeFileDirectory Directory, Task<byte[]?> Text)> files = [];
        foreach (MergeFileDirectory above in directory.From(place.ScanFrom!))
            files.Add((above, above.TryReadAsync(place.FileName, cancellation).AsTask()));
        IReadOnlyList<FilterEntry> rules = [];
        foreach ((MergeFileDirectory above, Task<byte[]?> text) in files)
        {
            if (await text.ConfigureAwait(false) is not { } found) continue;
            RuleReader reader = _rules.Reader(path => above.ReadAsync(path, cancellation), isLookedFor);
            rules = await ReadAsync(reader, place, found, above, rules).ConfigureAwait(false);
        }
        return rules;
    }

    private async ValueTask<IReadOnlyList<FilterEntry>> ReadAsync(
        RuleReader reader, DirectoryMerge place, byte[] text, MergeFileDirectory directory, IReadOnlyList<FilterEntry> inherited)
    {
        RuleList own = new();
        RuleOrigin origin = new(directory.Describe(place.FileName), Directory: directory.FullPath);
        await reader.ReadTextAsync(own, text, place.Defaults with { EndsAtNul = _rules.EndsAtNul }, origin).ConfigureAwait(false);
        if (own.IsCleared || inherited.Count == 0) return own.Entries;
        return own.Entries.Count == 0 ? inherited : [.. own.Entries, .. inherited];
    }

    private static int? IndexOf(FileList listing, ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < listing.Count; i++)
        {
            if (listing.NameOf(listing.Entries[i]).SequenceEqual(name)) return i;
        }
        return null;
    }
}
