using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Scanning;

/// <summary>What a rule decided about an entry, for <c>-vv</c>.</summary>
/// <param name="Side">The side it was decided on.</param>
/// <param name="Path">The entry's path in the transfer.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
/// <param name="Decision">The rule.</param>
internal sealed record FilterNote(FilterSides Side, RelativePath Path, bool IsDirectory, FilterDecision Decision);

/// <summary>Asks the rules about the entries of directories: on the source which are hidden, on the destination which are protected.</summary>
/// <param name="side">The side.</param>
/// <param name="takesNotes">Whether decisions are told.</param>
internal sealed class EntryFilter(FilterSides side, bool takesNotes)
{
    /// <summary>Whether an entry is left out: hidden, or protected.</summary>
    /// <param name="filter">What is in force in its directory.</param>
    /// <param name="directory">The directory.</param>
    /// <param name="transferPath">The directory's path in the transfer.</param>
    /// <param name="name">The entry's name.</param>
    /// <param name="isDirectory">Whether it is a directory.</param>
    /// <param name="notes">Gets the decision.</param>
    public bool IsExcluded(
        DirectoryFilter filter, Origin directory, RelativePath transferPath, ReadOnlySpan<byte> name, bool isDirectory, List<FilterNote> notes) =>
        IsExcluded(filter, Buffer(directory, transferPath), transferPath, name, isDirectory, isDeleting: false, notes);

    /// <summary>Removes from a list what is left out.</summary>
    /// <returns>How many entries were removed.</returns>
    public int Apply(
        DirectoryFilter filter, Origin directory, RelativePath transferPath, FileList list, List<FilterNote> notes, bool isDeleting = false)
    {
        int before = list.Count;
        FilterSubjectBuffer buffer = Buffer(directory, transferPath);
        // Of what cannot be looked at nobody knows whether it is a directory.
        list.RemoveProblems(problem =>
            IsExcluded(filter, buffer, transferPath, problem.Name, isDirectory: false, isDeleting, notes)
            || IsExcluded(filter, buffer, transferPath, problem.Name, isDirectory: true, isDeleting, notes));
        list.RemoveWhere((in FileList.Entry entry) =>
            IsExcluded(filter, buffer, transferPath, list.NameOf(entry), entry.IsDirectory, isDeleting, notes));
        return before - list.Count;
    }

    /// <summary>The indexes of the entries that are left out.</summary>
    public HashSet<int> Find(DirectoryFilter filter, Origin directory, RelativePath transferPath, FileList list, List<FilterNote> notes)
    {
        HashSet<int> found = [];
        FilterSubjectBuffer buffer = Buffer(directory, transferPath);
        for (int i = 0; i < list.Count; i++)
        {
            FileList.Entry entry = list.Entries[i];
            if (IsExcluded(filter, buffer, transferPath, list.NameOf(entry), entry.IsDirectory, isDeleting: false, notes)) found.Add(i);
        }
        return found;
    }

    private static FilterSubjectBuffer Buffer(Origin directory, RelativePath transferPath) =>
        new(directory.Replica.FullPath(directory.Path), transferPath);

    private bool IsExcluded(
        DirectoryFilter filter, FilterSubjectBuffer buffer, RelativePath transferPath, ReadOnlySpan<byte> name, bool isDirectory, bool isDeleting,
        List<FilterNote> notes)
    {
        FilterDecision? found = filter.Find(buffer.Subject(name, isDirectory), isDeleting);
        if (found is not FilterDecision decision) return false;
        if (takesNotes) notes.Add(new FilterNote(side, transferPath.Join(name), isDirectory, decision));
        return !decision.Rule.Includes;
    }
}
