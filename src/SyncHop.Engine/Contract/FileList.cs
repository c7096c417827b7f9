namespace SyncHop.Engine.Contract;

/// <summary>
/// The entries of one directory. A directory may have millions, so an entry costs 40 bytes, its name and two more: names and
/// link targets lie in blocks of text, what many entries have in common (mode, owner, device) is kept once, and putting
/// entries in another order moves numbers, not entries. Nothing is ever copied as a whole when the list grows.
/// </summary>
public sealed class FileList
{
    private readonly TextStore _text = new();
    private StatStore _stats = new();
    private int[]? _order;
    private int _count;
    private List<ListProblem>? _problems;

    /// <summary>An entry of a list; stays valid when the list is put in another order.</summary>
    public readonly struct Entry
    {
        private readonly FileList _list;
        private readonly int _record;

        internal Entry(FileList list, int record)
        {
            _list = list;
            _record = record;
        }

        /// <summary>The entry's stat, not followed.</summary>
        public FileStat Stat => _list._stats.Get(_record);

        /// <summary>The kind of entry: the stat's, without the rest of it.</summary>
        public FileType Type => FileStat.TypeOf(_list._stats.CommonOf(_record).Mode);

        /// <summary>Whether it is a directory.</summary>
        public bool IsDirectory => Type == FileType.Directory;

        /// <summary>Which of several merged sources the entry comes from (see DirectoryNode); 0 for a single one.</summary>
        internal int Origin => _list._stats.CommonOf(_record).Origin;

        internal int Record => _record;
    }

    /// <summary>The entries in their order.</summary>
    public readonly ref struct Sequence
    {
        private readonly FileList _list;

        internal Sequence(FileList list) => _list = list;

        /// <summary>How many there are.</summary>
        public int Length => _list.Count;

        /// <summary>The entry at a position.</summary>
        public Entry this[int index] => _list.At(index);

        /// <summary>Walks the entries.</summary>
        public Walk GetEnumerator() => new(_list);

        /// <summary>All of them.</summary>
        public Entry[] ToArray()
        {
            var entries = new Entry[Length];
            for (int i = 0; i < entries.Length; i++) entries[i] = this[i];
            return entries;
        }
    }

    /// <summary>Walks a list's entries.</summary>
    public ref struct Walk
    {
        private readonly FileList _list;
        private int _next;
        private Entry _current;

        internal Walk(FileList list) => _list = list;

        /// <summary>The entry.</summary>
        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public readonly ref readonly Entry Current => ref _current;

        /// <summary>Goes on to the next entry.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext()
        {
            if (_next >= _list._count) return false;
            _current = _list.At(_next++);
            return true;
        }
    }

    /// <summary>How many entries there are.</summary>
    public int Count => _count;

    /// <summary>The entries.</summary>
    public Sequence Entries => new(this);

    /// <summary>What kept some entries out of the list.</summary>
    public IReadOnlyList<ListProblem> Problems => _problems ?? (IReadOnlyList<ListProblem>)[];

    /// <summary>The entry's name; valid until the next entry is added.</summary>
    public ReadOnlySpan<byte> NameOf(in Entry entry) => _text.NameAt(_stats.TextOf(entry.Record));

    /// <summary>The symlink's target; empty when it was not asked for or not known. Valid until the next entry is added.</summary>
    public ReadOnlySpan<byte> TargetOf(in Entry entry) => _text.TargetAt(_stats.TextOf(entry.Record));

    /// <summary>Makes room for what is to be added next, where that is known.</summary>
    /// <param name="entries">How many entries.</param>
    /// <param name="bytes">The bytes of their names.</param>
    public void MakeRoom(int entries, int bytes)
    {
        _stats.MakeRoom(entries);
        _text.MakeRoom(bytes + (entries * TextStore.Overhead));
    }

    /// <summary>Adds an entry.</summary>
    /// <param name="name">One path component: not empty, no slash, no NUL, not <c>.</c> or <c>..</c>.</param>
    /// <param name="stat">Its stat, not followed.</param>
    /// <param name="target">A symlink's target, or empty.</param>
    public void Add(ReadOnlySpan<byte> name, in FileStat stat, ReadOnlySpan<byte> target = default) => Add(name, stat, target, 0);

    internal void Add(ReadOnlySpan<byte> name, in FileStat stat, ReadOnlySpan<byte> target, int origin)
    {
        int record = _stats.Add(_text.Add(name, target), stat, origin);
        if (_order is not null)
        {
            if (_count == _order.Length) Array.Resize(ref _order, Math.Max(4, _count * 2));
            _order[_count] = record;
        }
        _count++;
    }

    /// <summary>Gives the symlink at <paramref name="index"/> its target, where targets come later than names.</summary>
    public void SetTarget(int index, ReadOnlySpan<byte> target)
    {
        Entry entry = At(index);
        _stats.SetText(entry.Record, _text.Add(NameOf(entry), target));
    }

    /// <summary>Gives the entry at <paramref name="index"/> its stat, where it comes later than the name.</summary>
    public void SetStat(int index, in FileStat stat) => _stats.Set(At(index).Record, stat);

    /// <summary>Puts what the symlink at <paramref name="index"/> leads to in its place.</summary>
    internal void Follow(int index, in FileStat stat)
    {
        SetTarget(index, default);
        SetStat(index, stat);
    }

    /// <summary>Gives a source's entries the modes that <c>--chmod</c> makes of theirs.</summary>
    internal void ChangeModes(SyncOptions options)
    {
        if (options.Chmod is not { } chmod) return;
        for (int i = 0; i < _count; i++)
        {
            FileStat stat = At(i).Stat;
            SetStat(i, stat with { Mode = chmod.Apply(stat.Mode, options.Umask) });
        }
    }

    /// <summary>Drops the entry at <paramref name="index"/> by moving the last one into its place.</summary>
    public void RemoveAt(int index)
    {
        int[] order = Order();
        order[index] = order[--_count];
    }

    /// <summary>Notes an entry that could not be listed; it and the list's incompleteness are reported, and nothing is deleted.</summary>
    public void AddProblem(ListProblem problem) => (_problems ??= []).Add(problem);

    /// <summary>Drops problems with entries that are not wanted anyway.</summary>
    internal void RemoveProblems(Predicate<ListProblem> isUnwanted) => _problems?.RemoveAll(isUnwanted);

    /// <summary>Puts the entries into another order.</summary>
    internal void Arrange(Action<Span<int>> arrange) => arrange(Order().AsSpan(0, _count));

    /// <summary>Drops entries without changing the order of the others; when many go, the room of their names is given back.</summary>
    internal void RemoveWhere(EntryPredicate isUnwanted)
    {
        int[] order = Order();
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            if (!isUnwanted(At(i))) order[kept++] = order[i];
        }
        bool isCompacted = kept < _count / 2;
        _count = kept;
        if (isCompacted) Compact();
    }

    /// <summary>The entry behind a number that <see cref="Arrange"/> hands out.</summary>
    internal Entry OfRecord(int record) => new(this, record);

    internal delegate bool EntryPredicate(in Entry entry);

    private Entry At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count);
        return new Entry(this, _order is null ? index : _order[index]);
    }

    private int[] Order()
    {
        if (_order is not null) return _order;
        _order = GC.AllocateUninitializedArray<int>(_count);
        for (int i = 0; i < _order.Length; i++) _order[i] = i;
        return _order;
    }

    private void Compact()
    {
        Entry[] entries = Entries.ToArray();
        StatStore stats = new();
        stats.MakeRoom(entries.Length);
        TextStore old = _text.Empty();
        for (int i = 0; i < entries.Length; i++)
        {
            int text = _stats.TextOf(entries[i].Record);
            stats.Add(_text.Add(old.NameAt(text), old.TargetAt(text)), entries[i].Stat, entries[i].Origin);
        }
        _stats = stats;
        _order = null;
    }
}

/// <summary>An entry that could not be listed.</summary>
/// <param name="Name">The name as far as known.</param>
/// <param name="Failure">Why; <see cref="ReplicaError.NotFound"/> when it vanished between being read and being looked at.</param>
public sealed record ListProblem(byte[] Name, ReplicaException Failure);
