using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// The order of rsync's file list (protocol 29 and later): within a directory everything that is not a directory comes
/// first, by name; then the directories, compared as if their names ended in a slash.
/// </summary>
internal static class FileListOrder
{
    /// <summary>Compares two entries of one directory.</summary>
    public static int Compare(ReadOnlySpan<byte> a, bool aIsDirectory, ReadOnlySpan<byte> b, bool bIsDirectory)
    {
        if (aIsDirectory != bIsDirectory) return aIsDirectory ? 1 : -1;
        return aIsDirectory ? CompareDirectories(a, b) : a.SequenceCompareTo(b);
    }

    /// <summary>Compares the paths of two entries that are no directories, of any directories of a tree.</summary>
    public static int ComparePaths(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        while (true)
        {
            int x = a.IndexOf((byte)'/'), y = b.IndexOf((byte)'/');
            if (x < 0 || y < 0 || !a[..x].SequenceEqual(b[..y])) return Compare(x < 0 ? a : a[..x], x >= 0, y < 0 ? b : b[..y], y >= 0);
            a = a[(x + 1)..];
            b = b[(y + 1)..];
        }
    }

    /// <summary>
    /// Sorts a list into that order and drops entries whose name another one has: a server, or a file system whose
    /// directory changes while it is read, may name an entry twice. Of two kinds the directory counts, as in rsync.
    /// </summary>
    public static void Sort(FileList list)
    {
        list.Arrange(order => NameSort.Sort(list, order, byKind: true));
        if (!NamesOneTwice(list)) return;
        SortByName(list);
        list.Arrange(order => NameSort.Sort(list, order, byKind: true));
    }

    /// <summary>Sorts a list by name alone, for <see cref="Find(FileList, ReadOnlySpan{byte})"/>, and drops entries as <see cref="Sort"/> does.</summary>
    public static void SortByName(FileList list)
    {
        list.Arrange(order => NameSort.Sort(list, order, byKind: false));
        KeepOneOfEach(list);
    }

    /// <summary>The index of <paramref name="name"/> in a list sorted by <see cref="SortByName"/>; -1 when it is not there.</summary>
    public static int Find(FileList list, ReadOnlySpan<byte> name) => IndexOf(list, list.Count, name);

    /// <summary>
    /// As without <paramref name="next"/>, for names that come in order or nearly so: the one behind the last one found is looked
    /// at first.
    /// </summary>
    /// <param name="list">The list.</param>
    /// <param name="name">The name.</param>
    /// <param name="next">Where the next name is expected; 0 at the beginning.</param>
    public static int Find(FileList list, ReadOnlySpan<byte> name, ref int next)
    {
        int found = next < list.Count && list.NameOf(list.Entries[next]).SequenceEqual(name) ? next : Find(list, name);
        if (found >= 0) next = found + 1;
        return found;
    }

    private static int IndexOf(FileList list, int count, ReadOnlySpan<byte> name)
    {
        int low = 0, high = count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = list.NameOf(list.Entries[middle]).SequenceCompareTo(name);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    /// <summary>Keeps one of each run of entries with one name.</summary>
    private static void KeepOneOfEach(FileList list)
    {
        HashSet<int>? dropped = null;
        for (int i = 1, kept = 0; i < list.Count; i++)
        {
            FileList.Entry last = list.Entries[kept], entry = list.Entries[i];
            bool isSame = list.NameOf(last).SequenceEqual(list.NameOf(entry));
            bool isBetter = isSame && entry.IsDirectory && !last.IsDirectory;
            if (isSame) (dropped ??= []).Add((isBetter ? last : entry).Record);
            if (!isSame || isBetter) kept = i;
        }
        if (dropped is not null) list.RemoveWhere((in FileList.Entry entry) => dropped.Contains(entry.Record));
    }

    /// <summary>Whether a list in file list order has two entries of one name.</summary>
    private static bool NamesOneTwice(FileList list)
    {
        FileList.Sequence entries = list.Entries;
        int directories = entries.Length;
        while (directories > 0 && entries[directories - 1].IsDirectory) directories--;
        for (int i = 1; i < entries.Length; i++)
        {
            if (list.NameOf(entries[i]).SequenceEqual(list.NameOf(entries[i - 1]))) return true;
            if (i >= directories && IndexOf(list, directories, list.NameOf(entries[i])) >= 0) return true;
        }
        return false;
    }

    private static int CompareDirectories(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int common = Math.Min(a.Length, b.Length);
        int order = a[..common].SequenceCompareTo(b[..common]);
        if (order != 0 || a.Length == b.Length) return order;
        // One name starts with the other: the shorter one goes on with its slash.
        return a.Length < b.Length ? '/' - b[common] : a[common] - '/';
    }
}
