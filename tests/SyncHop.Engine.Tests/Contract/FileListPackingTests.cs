using System.Reflection;
using CsCheck;
using SyncHop.Engine.Contract;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Contract;

// Lists keep stats packed; nothing of them may be lost on the way.
public class FileListPackingTests
{
    private static readonly Gen<FileStat> AnyStat = Gen.Select(
        Gen.Select(Gen.UInt, Gen.UInt[0, 3], Gen.UInt[0, 3], Gen.UInt[0, 2]),
        Gen.Select(Gen.Long, Gen.Long, Gen.Int, Gen.Int),
        Gen.Select(Gen.Long, Gen.ULong, Gen.ULong[0, 2], Gen.ULong[0, 2])).Select((ids, times, numbers) => new FileStat
        {
            Mode = ids.Item1,
            Uid = ids.Item2,
            Gid = ids.Item3,
            LinkCount = ids.Item4,
            MtimeSeconds = times.Item1,
            AtimeSeconds = times.Item2,
            MtimeNanoseconds = times.Item3,
            AtimeNanoseconds = times.Item4,
            Size = numbers.Item1,
            Inode = numbers.Item2,
            Rdev = numbers.Item3,
            Device = numbers.Item4,
        });

    [Fact]
    public void Every_stat_comes_out_as_it_went_in() => Gen.OneOf(AnyStat, Gen.Long[0, 9].Select(size => File(size))).Array[0, 40].Sample(stats =>
    {
        FileList list = new();
        foreach (FileStat stat in stats) list.Add(B("name"), stat);
        for (int i = 0; i < stats.Length; i++)
        {
            Assert.Equal(stats[i], list.Entries[i].Stat);
            Assert.Equal(stats[i].Type, list.Entries[i].Type);
        }
        // Also from one that does not fit into its place to one that does, and back.
        for (int i = 0; i < stats.Length; i++) list.SetStat(i, stats[stats.Length - 1 - i]);
        for (int i = 0; i < stats.Length; i++) Assert.Equal(stats[stats.Length - 1 - i], list.Entries[i].Stat);
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 999_999_999)]
    [InlineData((1L << 33) - 1, 999_999_999)]
    [InlineData(-(1L << 33), 0)]
    [InlineData(-(1L << 33), 1)]
    [InlineData(1L << 33, 0)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MinValue, 0)]
    [InlineData(5, -1)]
    public void Times_at_the_edges_are_kept(long seconds, int nanoseconds)
    {
        FileList list = new();
        list.Add(B("m"), File() with { MtimeSeconds = seconds, MtimeNanoseconds = nanoseconds });
        list.Add(B("a"), File() with { AtimeSeconds = seconds, AtimeNanoseconds = nanoseconds });
        Assert.Equal((seconds, nanoseconds), (list.Entries[0].Stat.MtimeSeconds, list.Entries[0].Stat.MtimeNanoseconds));
        Assert.Equal((seconds, nanoseconds), (list.Entries[1].Stat.AtimeSeconds, list.Entries[1].Stat.AtimeNanoseconds));
    }

    [Fact]
    public void No_field_of_a_stat_is_forgotten()
    {
        object stat = new FileStat();
        uint value = 7;
        foreach (PropertyInfo field in typeof(FileStat).GetProperties().Where(property => property.CanWrite))
            field.SetValue(stat, field.PropertyType == typeof(ExtendedAttributes) ? new ExtendedAttributes([]) : Convert.ChangeType(value++, field.PropertyType, null));
        FileList list = new();
        list.Add(B("x"), (FileStat)stat);
        Assert.Equal((FileStat)stat, list.Entries[0].Stat);
    }

    [Fact]
    public void A_list_of_many_blocks_keeps_its_entries_in_every_order()
    {
        const int count = 30_000;
        FileList list = new();
        list.MakeRoom(100, 100);
        for (int i = 0; i < count; i++)
            list.Add(B($"{(i * 7919) % count:d8}-and-a-name-of-some-length"), Stat(FileType.Symlink) with { Size = i, Uid = (uint)i % 100 }, B($"to {i}"));
        SyncHop.Engine.Scanning.FileListOrder.Sort(list);
        for (int i = 0; i < count; i++)
        {
            FileList.Entry entry = list.Entries[i];
            Assert.Equal($"{i:d8}-and-a-name-of-some-length", S(list.NameOf(entry)));
            Assert.Equal($"to {entry.Stat.Size}", S(list.TargetOf(entry)));
            Assert.Equal((uint)entry.Stat.Size % 100, entry.Stat.Uid);
        }
        list.RemoveWhere((in FileList.Entry entry) => entry.Stat.Uid != 5);
        Assert.Equal(count / 100, list.Count);
        Assert.Equal(Names(list).Order(StringComparer.Ordinal), Names(list));
        foreach (ref readonly FileList.Entry entry in list.Entries) Assert.Equal($"to {entry.Stat.Size}", S(list.TargetOf(entry)));
        list.Add(B("z"), File(size: 3));
        Assert.Equal("z", Names(list).Last());
    }

    [Fact]
    public void An_entry_stays_the_same_when_others_move()
    {
        FileList list = List(("b", File(size: 1)), ("a", File(size: 2)), ("c", File(size: 3)));
        FileList.Entry b = list.Entries[0];
        SyncHop.Engine.Scanning.FileListOrder.SortByName(list);
        Assert.Equal(["a", "b", "c"], Names(list));
        Assert.Equal(("b", 1), (S(list.NameOf(b)), b.Stat.Size));
        list.RemoveAt(0);
        Assert.Equal(["c", "b"], Names(list));
    }
}
