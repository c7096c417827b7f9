using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// The entries of one source directory that the user named, and the directories in it that lie on the way to such
/// (<c>--relative</c>): what the directory contributes where it is not listed as a whole.
/// </summary>
internal sealed class Selection
{
    private readonly Dictionary<RelativePath, Selected> _entries = [];
    private readonly List<RelativePath> _order = [];

    /// <summary>Names of entries that do not exist and whose counterparts are to be removed (<c>--delete-missing-args</c>).</summary>
    public List<byte[]> Missing { get; } = [];

    /// <summary>Entries that were named more than once; rsync counts them all the same.</summary>
    public List<FileStat> Duplicates { get; } = [];

    /// <summary>How many entries there are here and below.</summary>
    public int TotalCount
    {
        get
        {
            int count = Missing.Count + _order.Count;
            foreach (Selected selected in _entries.Values) count += selected.Below?.TotalCount ?? 0;
            return count;
        }
    }

    /// <summary>Adds what is not a directory, unless there is something of that name.</summary>
    public void Add(ReadOnlySpan<byte> name, in FileStat stat, byte[] target)
    {
        RelativePath key = RelativePath.Root.Join(name);
        if (_entries.TryAdd(key, new Selected { Stat = stat, Target = target, IsNamed = true })) _order.Add(key);
        else Duplicates.Add(stat);
    }

    /// <summary>Adds a directory, or finds it when it is there already; it takes the place of what is none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="stat">Its stat: of what a symlink points to, where one was followed.</param>
    /// <param name="where">Where it is.</param>
    public Selected AddDirectory(ReadOnlySpan<byte> name, in FileStat stat, in Origin where)
    {
        RelativePath key = RelativePath.Root.Join(name);
        if (_entries.TryGetValue(key, out Selected? there) && there.Stat.IsDirectory) return there;
        if (there is null) _order.Add(key);
        else Duplicates.Add(there.Stat);
        return _entries[key] = new Selected { Stat = stat, Where = where, Below = new Selection() };
    }

    /// <summary>The entries as a list.</summary>
    public FileList ToList()
    {
        FileList list = new();
        foreach (RelativePath name in _order) list.Add(name.Bytes, _entries[name].Stat, _entries[name].Target);
        return list;
    }

    /// <summary>Whether a directory is only on the way to what was named.</summary>
    public bool IsImplied(ReadOnlySpan<byte> name) => Find(name) is { IsNamed: false };

    /// <summary>What of a directory takes part: all of it, what is selected in it, or both.</summary>
    /// <param name="name">Its name here.</param>
    /// <param name="filter">The filter rules in force here.</param>
    public IEnumerable<Origin> Below(ReadOnlySpan<byte> name, Filters.DirectoryFilter? filter)
    {
        if (Find(name) is not { Below: { } below } selected) return [];
        List<Origin> origins = [];
        if (below._order.Count + below.Missing.Count > 0) origins.Add(selected.Where with { Filter = filter, Selection = below });
        if (selected.IsWhole) origins.Add(selected.Where with { Filter = filter });
        return origins;
    }

    private Selected? Find(ReadOnlySpan<byte> name) => _entries.GetValueOrDefault(RelativePath.Root.Join(name));

    /// <summary>An entry of a selection.</summary>
    internal sealed class Selected
    {
        /// <summary>Its stat.</summary>
        public required FileStat Stat { get; init; }

        /// <summary>A symlink's target.</summary>
        public byte[] Target { get; init; } = [];

        /// <summary>A directory's place.</summary>
        public Origin Where { get; init; }

        /// <summary>What is selected in a directory.</summary>
        public Selection? Below { get; init; }

        /// <summary>Whether it was named itself, and is not only on the way.</summary>
        public bool IsNamed { get; set; }

        /// <summary>Whether a directory's contents take part, all of them.</summary>
        public bool IsWhole { get; set; }
    }
}
