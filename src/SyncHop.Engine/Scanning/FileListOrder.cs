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
        SortByKind(list);
        if (!NamesOneTwice(list)) return;
        SortByName(list);
        SortByKind(list);
    }

    /// <summary>Sorts a list by name alone, for <see cref="Find"/>, and drops entries as <see cref="Sort"/> does.</summary>
    public static void SortByName(FileList list)
    {
        list.Sort((in FileList.Entry x, in FileList.Entry y) => list.NameOf(x).SequenceCompareTo(list.NameOf(y)));
        list.KeepOneOfEach(
            (in FileList.Entry x, in FileList.Entry y) => list.NameOf(x).SequenceEqual(list.NameOf(y)),
            (in FileList.Entry kept, in FileList.Entry next) => next.Stat.IsDirectory && !kept.Stat.IsDirectory);
    }

    /// <summary>The index of <paramref name="name"/> in a list sorted by <see cref="SortByName"/>; -1 when it is not there.</summary>
    public static int Find(FileList list, ReadOnlySpan<byte> name) => IndexOf(list, list.Entries, name);

    private static int IndexOf(FileList list, ReadOnlySpan<FileList.Entry> entries, ReadOnlySpan<byte> name)
    {
        int low = 0, high = entries.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = list.NameOf(entries[middle]).SequenceCompareTo(name);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    private static void SortByKind(FileList list) => list.Sort((in FileList.Entry x, in FileList.Entry y) =>
        Compare(list.NameOf(x), x.Stat.IsDirectory, list.NameOf(y), y.Stat.IsDirectory));

    /// <summary>Whether a list in file list order has two entries of one name.</summary>
    private static bool NamesOneTwice(FileList list)
    {
        ReadOnlySpan<FileList.Entry> entries = list.Entries;
        int directories = 0;
        while (directories < entries.Length && !entries[directories].Stat.IsDirectory) directories++;
        for (int i = 1; i < entries.Length; i++)
        {
            if (list.NameOf(entries[i]).SequenceEqual(list.NameOf(entries[i - 1]))) return true;
            if (i >= directories && IndexOf(list, entries[..directories], list.NameOf(entries[i])) >= 0) return true;
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
