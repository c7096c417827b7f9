using System.Runtime.CompilerServices;

namespace SyncHop.Engine.Contract;

/// <summary>
/// The stats of a list's entries. What many entries of a directory have in common is kept once; the rest lies in blocks
/// that never move. The first block grows with a small list.
/// </summary>
internal sealed class StatStore
{
    private const int BlockBits = 12, BlockLength = 1 << BlockBits;
    private const int SmallestBlock = 4;
    // Beyond so many kinds they are looked up instead of gone through.
    private const int FewKinds = 8;

    private Record[][] _blocks = [];
    private int _count;
    private int _wanted;
    private Common[] _kinds = [];
    private int _kindCount;
    private Dictionary<Common, int>? _kindIndex;
    private Dictionary<int, RareTimes>? _rareTimes;
    private Dictionary<int, ExtendedAttributes>? _extended;

    /// <summary>What entries have in common.</summary>
    internal readonly record struct Common(uint Mode, uint Uid, uint Gid, uint LinkCount, ulong Rdev, ulong Device, int Origin);

    private struct Record
    {
        public long Size;
        public ulong Inode;
        public long Mtime;
        public long Atime;
        public int Text;
        public int Kind;
    }

    private readonly record struct RareTimes(long MtimeSeconds, int MtimeNanoseconds, long AtimeSeconds, int AtimeNanoseconds);

    /// <summary>Makes room for so many more, as far as one block goes.</summary>
    public void MakeRoom(int entries)
    {
        _wanted = Math.Min(_count + entries, BlockLength);
        if (_blocks.Length == 1 && _blocks[0].Length < _wanted) Array.Resize(ref _blocks[0], _wanted);
    }

    /// <summary>Adds an entry.</summary>
    /// <returns>Its number, counted from 0.</returns>
    public int Add(int text, in FileStat stat, int origin)
    {
        int number = _count;
        if (number >> BlockBits >= _blocks.Length)
        {
            Array.Resize(ref _blocks, _blocks.Length + 1);
            _blocks[^1] = new Record[number == 0 ? Math.Max(SmallestBlock, _wanted) : BlockLength];
        }
        else if ((number & (BlockLength - 1)) == _blocks[^1].Length)
        {
            Array.Resize(ref _blocks[0], Math.Min(number * 2, BlockLength));
        }
        _count++;
        ref Record record = ref At(number);
        record.Text = text;
        Fill(ref record, number, stat, origin);
        return number;
    }

    /// <summary>An entry's stat.</summary>
    [SkipLocalsInit]
    public FileStat Get(int number)
    {
        ref readonly Record record = ref At(number);
        ref readonly Common common = ref _kinds[record.Kind];
        bool isRare = record.Mtime == PackedTime.None;
        RareTimes rare = isRare ? _rareTimes![number] : default;
        return new FileStat
        {
            Mode = common.Mode,
            Uid = common.Uid,
            Gid = common.Gid,
            LinkCount = common.LinkCount,
            Rdev = common.Rdev,
            Device = common.Device,
            Size = record.Size,
            Inode = record.Inode,
            MtimeSeconds = isRare ? rare.MtimeSeconds : PackedTime.Seconds(record.Mtime),
            MtimeNanoseconds = isRare ? rare.MtimeNanoseconds : PackedTime.Nanoseconds(record.Mtime),
            AtimeSeconds = isRare ? rare.AtimeSeconds : PackedTime.Seconds(record.Atime),
            AtimeNanoseconds = isRare ? rare.AtimeNanoseconds : PackedTime.Nanoseconds(record.Atime),
            Extended = _extended?.GetValueOrDefault(number),
        };
    }

    /// <summary>What an entry has in common with others.</summary>
    public ref readonly Common CommonOf(int number) => ref _kinds[At(number).Kind];

    /// <summary>Gives an entry another stat.</summary>
    public void Set(int number, in FileStat stat)
    {
        ref Record record = ref At(number);
        Fill(ref record, number, stat, _kinds[record.Kind].Origin);
    }

    /// <summary>Where the entry's name is.</summary>
    public int TextOf(int number) => At(number).Text;

    /// <summary>Gives an entry another text.</summary>
    public void SetText(int number, int text) => At(number).Text = text;

    private ref Record At(int number) => ref _blocks[number >> BlockBits][number & (BlockLength - 1)];

    private void Fill(ref Record record, int number, in FileStat stat, int origin)
    {
        record.Size = stat.Size;
        record.Inode = stat.Inode;
        record.Mtime = PackedTime.Pack(stat.MtimeSeconds, stat.MtimeNanoseconds);
        record.Atime = PackedTime.Pack(stat.AtimeSeconds, stat.AtimeNanoseconds);
        if (record.Mtime == PackedTime.None || record.Atime == PackedTime.None)
        {
            record.Mtime = PackedTime.None;
            (_rareTimes ??= [])[number] = new RareTimes(stat.MtimeSeconds, stat.MtimeNanoseconds, stat.AtimeSeconds, stat.AtimeNanoseconds);
        }
        if (stat.Extended is not null) (_extended ??= [])[number] = stat.Extended;
        else _extended?.Remove(number);
        record.Kind = KindOf(new Common(stat.Mode, stat.Uid, stat.Gid, stat.LinkCount, stat.Rdev, stat.Device, origin));
    }

    private int KindOf(in Common common)
    {
        for (int i = Math.Min(_kindCount, FewKinds) - 1; i >= 0; i--)
        {
            if (_kinds[i] == common) return i;
        }
        if (_kindCount >= FewKinds && _kindIndex is not null && _kindIndex.TryGetValue(common, out int kind)) return kind;
        if (_kindCount >= FewKinds) (_kindIndex ??= []).Add(common, _kindCount);
        if (_kindCount == _kinds.Length) Array.Resize(ref _kinds, Math.Max(2, _kindCount * 2));
        _kinds[_kindCount] = common;
        return _kindCount++;
    }
}
