using System.Collections.Concurrent;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// One object for what many entries have alike, as the labels of SELinux or the lists that a directory gave to all in it: a list of
/// a million entries then holds a reference for each. It forgets what it knows before it is as long as such a list itself.
/// </summary>
internal sealed class ExtendedPool
{
    /// <summary>How many are remembered.</summary>
    public const int Capacity = 1024;

    private readonly ConcurrentDictionary<ExtendedAttributes, ExtendedAttributes> _known = new(new Equality());
    private int _count;

    /// <summary>An equal object that was seen before, or the given one.</summary>
    public ExtendedAttributes? Share(ExtendedAttributes? found)
    {
        // A long value is read again from the entry it belongs to.
        if (found is null || found.Attributes.Any(static attribute => attribute.Whole is not null)) return found;
        if (_known.TryGetValue(found, out ExtendedAttributes? known)) return known;
        // The dictionary's own count would take all its locks.
        if (Interlocked.Increment(ref _count) > Capacity)
        {
            _known.Clear();
            Volatile.Write(ref _count, 1);
        }
        return _known.GetOrAdd(found, found);
    }

    private sealed class Equality : IEqualityComparer<ExtendedAttributes>
    {
        public bool Equals(ExtendedAttributes? x, ExtendedAttributes? y) => ExtendedAttributes.HaveSameAttributes(x, y)
            && AccessControlList.AreEqual(x?.Access, y?.Access) && AccessControlList.AreEqual(x?.Default, y?.Default);

        public int GetHashCode(ExtendedAttributes obj)
        {
            HashCode code = new();
            foreach (ExtendedAttribute attribute in obj.Attributes)
            {
                code.AddBytes(attribute.Name);
                code.AddBytes(attribute.Value);
            }
            Add(obj.Access);
            Add(obj.Default);
            return code.ToHashCode();

            void Add(AccessControlList? list)
            {
                code.Add(list is null);
                foreach (AccessControlList.Entry entry in list?.Entries ?? []) code.Add(entry);
            }
        }
    }
}
