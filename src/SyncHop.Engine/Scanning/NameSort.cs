using System.Buffers;
using System.Buffers.Binary;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Sorts a list by the eight bytes that follow what all its names begin with: in a directory of many files names are alike at
/// first, and comparing numbers that lie together is many times faster than fetching two names. The names themselves are
/// compared where those bytes are equal.
/// </summary>
internal static class NameSort
{
    private const int KeyLength = sizeof(ulong);
    private const int LargestRented = 4096;

    private static Key[]? s_large;

    private readonly record struct Key(ulong Value, int Record);

    /// <summary>Sorts the list's entries.</summary>
    /// <param name="list">The list.</param>
    /// <param name="order">Its order, to be changed.</param>
    /// <param name="byKind">Whether directories come last, compared as if their names ended in a slash.</param>
    public static void Sort(FileList list, Span<int> order, bool byKind)
    {
        int files = byKind ? PutDirectoriesLast(list, order) : order.Length;
        SortAlike(list, order[..files], byKind: false);
        SortAlike(list, order[files..], byKind: true);
    }

    private static int PutDirectoriesLast(FileList list, Span<int> order)
    {
        int first = 0, last = order.Length - 1;
        while (first <= last)
        {
            if (!list.OfRecord(order[first]).IsDirectory) first++;
            else (order[first], order[last]) = (order[last--], order[first]);
        }
        return first;
    }

    private static void SortAlike(FileList list, Span<int> order, bool byKind)
    {
        if (order.Length < 2) return;
        int prefix = CommonPrefix(list, order);
        // The pool would keep many large ones; of these one is kept for the list of the other side.
        Key[]? keys = order.Length <= LargestRented ? ArrayPool<Key>.Shared.Rent(order.Length) : Interlocked.Exchange(ref s_large, null);
        if (keys is null || keys.Length < order.Length) keys = GC.AllocateUninitializedArray<Key>(order.Length);
        Span<Key> used = keys.AsSpan(0, order.Length);
        for (int i = 0; i < order.Length; i++) used[i] = new Key(KeyOf(list.NameOf(list.OfRecord(order[i])), prefix, byKind), order[i]);
        // Of equal names, which should not be, the one that was listed first comes first.
        used.Sort((x, y) => x.Value != y.Value ? x.Value.CompareTo(y.Value) : CompareNames(list, x.Record, y.Record, byKind));
        for (int i = 0; i < order.Length; i++) order[i] = used[i].Record;
        if (order.Length <= LargestRented) ArrayPool<Key>.Shared.Return(keys);
        else s_large = keys;
    }

    private static int CompareNames(FileList list, int x, int y, bool byKind)
    {
        int order = FileListOrder.Compare(list.NameOf(list.OfRecord(x)), byKind, list.NameOf(list.OfRecord(y)), byKind);
        return order != 0 ? order : x - y;
    }

    private static int CommonPrefix(FileList list, ReadOnlySpan<int> order)
    {
        ReadOnlySpan<byte> prefix = list.NameOf(list.OfRecord(order[0]));
        foreach (int record in order)
        {
            if (prefix.IsEmpty) break;
            prefix = prefix[..prefix.CommonPrefixLength(list.NameOf(list.OfRecord(record)))];
        }
        return prefix.Length;
    }

    /// <summary>The bytes behind the prefix, the first one as the most significant, with zeros behind the end.</summary>
    private static ulong KeyOf(ReadOnlySpan<byte> name, int prefix, bool byKind)
    {
        ReadOnlySpan<byte> rest = name[prefix..];
        if (rest.Length >= KeyLength) return BinaryPrimitives.ReadUInt64BigEndian(rest);
        Span<byte> key = stackalloc byte[KeyLength];
        key.Clear();
        rest.CopyTo(key);
        if (byKind) key[rest.Length] = (byte)'/';
        return BinaryPrimitives.ReadUInt64BigEndian(key);
    }
}
