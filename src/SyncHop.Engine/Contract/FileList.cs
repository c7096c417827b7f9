using System.Runtime.InteropServices;

namespace SyncHop.Engine.Contract;

/// <summary>
/// The entries of one directory. Names and link targets lie in one array and entries in another, so that a directory of
/// a million files costs a few large arrays and not millions of small objects.
/// </summary>
public sealed class FileList
{
    private readonly List<Entry> _entries = [];
    private byte[] _text = [];
    private int _textLength;
    private List<ListProblem>? _problems;

    /// <summary>An entry's place in the list's text, and its stat.</summary>
    public readonly struct Entry
    {
        internal readonly int NameOffset;
        internal readonly int TargetOffset;
        internal readonly ushort NameLength;
        internal readonly ushort TargetLength;

        /// <summary>Which of several merged sources the entry comes from (see DirectoryNode); 0 for a single one.</summary>
        internal readonly int Origin;

        /// <summary>The entry's stat, not followed.</summary>
        public FileStat Stat { get; }

        internal Entry(int nameOffset, int nameLength, int targetOffset, int targetLength, in FileStat stat, int origin)
        {
            Origin = origin;
            NameOffset = nameOffset;
            NameLength = (ushort)nameLength;
            TargetOffset = targetOffset;
            TargetLength = (ushort)targetLength;
            Stat = stat;
        }
    }

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The entries; valid until the next entry is added.</summary>
    public ReadOnlySpan<Entry> Entries => CollectionsMarshal.AsSpan(_entries);

    /// <summary>What kept some entries out of the list.</summary>
    public IReadOnlyList<ListProblem> Problems => _problems ?? (IReadOnlyList<ListProblem>)[];

    /// <summary>The entry's name.</summary>
    public ReadOnlySpan<byte> NameOf(in Entry entry) => _text.AsSpan(entry.NameOffset, entry.NameLength);

    /// <summary>The symlink's target; empty when it was not asked for or not known.</summary>
    public ReadOnlySpan<byte> TargetOf(in Entry entry) => _text.AsSpan(entry.TargetOffset, entry.TargetLength);

    /// <summary>Adds an entry.</summary>
    /// <param name="name">One path component: not empty, no slash, no NUL, not <c>.</c> or <c>..</c>.</param>
    /// <param name="stat">Its stat, not followed.</param>
    /// <param name="target">A symlink's target, or empty.</param>
    public void Add(ReadOnlySpan<byte> name, in FileStat stat, ReadOnlySpan<byte> target = default) => Add(name, stat, target, 0);

    internal void Add(ReadOnlySpan<byte> name, in FileStat stat, ReadOnlySpan<byte> target, int origin)
    {
        int nameOffset = Append(name);
        int targetOffset = target.IsEmpty ? 0 : Append(target);
        _entries.Add(new Entry(nameOffset, name.Length, targetOffset, target.Length, stat, origin));
    }

    /// <summary>Gives the symlink at <paramref name="index"/> its target, where targets come later than names.</summary>
    public void SetTarget(int index, ReadOnlySpan<byte> target)
    {
        Entry entry = _entries[index];
        _entries[index] = new Entry(entry.NameOffset, entry.NameLength, Append(target), target.Length, entry.Stat, entry.Origin);
    }

    /// <summary>Gives the entry at <paramref name="index"/> its stat, where it comes later than the name.</summary>
    public void SetStat(int index, in FileStat stat)
    {
        Entry entry = _entries[index];
        _entries[index] = new Entry(entry.NameOffset, entry.NameLength, entry.TargetOffset, entry.TargetLength, stat, entry.Origin);
    }

    /// <summary>Puts what the symlink at <paramref name="index"/> leads to in its place.</summary>
    internal void Follow(int index, in FileStat stat)
    {
        Entry entry = _entries[index];
        _entries[index] = new Entry(entry.NameOffset, entry.NameLength, 0, 0, stat, entry.Origin);
    }

    /// <summary>Gives a source's entries the modes that <c>--chmod</c> makes of theirs.</summary>
    internal void ChangeModes(SyncOptions options)
    {
        if (options.Chmod is not { } chmod) return;
        for (int i = 0; i < _entries.Count; i++)
        {
            FileStat stat = _entries[i].Stat;
            SetStat(i, stat with { Mode = chmod.Apply(stat.Mode, options.Umask) });
        }
    }

    /// <summary>Drops the entry at <paramref name="index"/> by moving the last one into its place.</summary>
    public void RemoveAt(int index)
    {
        _entries[index] = _entries[^1];
        _entries.RemoveAt(_entries.Count - 1);
    }

    /// <summary>Notes an entry that could not be listed; it and the list's incompleteness are reported, and nothing is deleted.</summary>
    public void AddProblem(ListProblem problem) => (_problems ??= []).Add(problem);

    /// <summary>Drops problems with entries that are not wanted anyway.</summary>
    internal void RemoveProblems(Predicate<ListProblem> isUnwanted) => _problems?.RemoveAll(isUnwanted);

    /// <summary>Puts the entries in the given order.</summary>
    internal void Sort(EntryComparison comparison) => CollectionsMarshal.AsSpan(_entries).Sort(new Comparer(comparison));

    /// <summary>Keeps one of each run of entries that are the same: the first, or a later one that is better.</summary>
    internal void KeepOneOfEach(EntryRelation isSame, EntryRelation isBetter)
    {
        if (_entries.Count == 0) return;
        int kept = 0;
        for (int i = 1; i < _entries.Count; i++)
        {
            if (!isSame(_entries[kept], _entries[i])) _entries[++kept] = _entries[i];
            else if (isBetter(_entries[kept], _entries[i])) _entries[kept] = _entries[i];
        }
        _entries.RemoveRange(kept + 1, _entries.Count - kept - 1);
    }

    /// <summary>Drops entries without changing the order of the others; when many go, the room of their names is given back.</summary>
    internal void RemoveWhere(EntryPredicate isUnwanted)
    {
        int count = _entries.Count;
        _entries.RemoveAll(entry => isUnwanted(entry));
        if (_entries.Count < count / 2) Compact();
    }

    private void Compact()
    {
        byte[] old = _text;
        int length = 0;
        foreach (ref readonly Entry entry in Entries) length += entry.NameLength + entry.TargetLength;
        _text = new byte[length];
        _textLength = 0;
        for (int i = 0; i < _entries.Count; i++)
        {
            Entry entry = _entries[i];
            int name = Append(old.AsSpan(entry.NameOffset, entry.NameLength));
            int target = entry.TargetLength == 0 ? 0 : Append(old.AsSpan(entry.TargetOffset, entry.TargetLength));
            _entries[i] = new Entry(name, entry.NameLength, target, entry.TargetLength, entry.Stat, entry.Origin);
        }
        _entries.TrimExcess();
    }

    internal delegate bool EntryPredicate(in Entry entry);

    internal delegate int EntryComparison(in Entry x, in Entry y);

    internal delegate bool EntryRelation(in Entry x, in Entry y);

    private readonly struct Comparer(EntryComparison comparison) : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y) => comparison(x, y);
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ushort.MaxValue) throw new ArgumentException("a name or link target is longer than 65,535 bytes");
        int offset = _textLength;
        if (_text.Length - offset < bytes.Length)
            Array.Resize(ref _text, Math.Max(checked(offset + bytes.Length), (int)Math.Min(Array.MaxLength, Math.Max(256L, _text.Length * 3L / 2))));
        bytes.CopyTo(_text.AsSpan(offset));
        _textLength = offset + bytes.Length;
        return offset;
    }
}

/// <summary>An entry that could not be listed.</summary>
/// <param name="Name">The name as far as known.</param>
/// <param name="Failure">Why; <see cref="ReplicaError.NotFound"/> when it vanished between being read and being looked at.</param>
public sealed record ListProblem(byte[] Name, ReplicaException Failure);
