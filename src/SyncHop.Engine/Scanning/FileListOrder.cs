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

    /// <summary>Sorts a list into that order.</summary>
    public static void Sort(FileList list) => list.Sort((in FileList.Entry x, in FileList.Entry y) =>
        Compare(list.NameOf(x), x.Stat.IsDirectory, list.NameOf(y), y.Stat.IsDirectory));

    /// <summary>Sorts a list by name alone, for <see cref="Find"/>.</summary>
    public static void SortByName(FileList list) => list.Sort((in FileList.Entry x, in FileList.Entry y) => list.NameOf(x).SequenceCompareTo(list.NameOf(y)));

    /// <summary>The index of <paramref name="name"/> in a list sorted by <see cref="SortByName"/>; -1 when it is not there.</summary>
    public static int Find(FileList list, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<FileList.Entry> entries = list.Entries;
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

    private static int CompareDirectories(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int common = Math.Min(a.Length, b.Length);
        int order = a[..common].SequenceCompareTo(b[..common]);
        if (order != 0 || a.Length == b.Length) return order;
        // One name starts with the other: the shorter one goes on with its slash.
        return a.Length < b.Length ? '/' - b[common] : a[common] - '/';
    }
}
