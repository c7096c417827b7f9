using CsCheck;
using SyncHop.Engine.Contract;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Contract;

public class FileListTests
{
    [Fact]
    public void Entries_keep_name_target_and_stat_however_large_the_list_grows()
    {
        Gen<(string, string, long)> entry = Gen.Select(Gen.String[1, 300], Gen.String[0, 600], Gen.Long[0, long.MaxValue]);
        entry.Array[0, 60].Sample(entries =>
        {
            FileList list = new();
            foreach ((string name, string target, long size) in entries) list.Add(Utf8(name), File(size), Utf8(target));
            Assert.Equal(entries.Length, list.Count);
            for (int i = 0; i < entries.Length; i++)
            {
                FileList.Entry found = list.Entries[i];
                Assert.Equal(Utf8(entries[i].Item1), list.NameOf(found));
                Assert.Equal(Utf8(entries[i].Item2), list.TargetOf(found));
                Assert.Equal(File(entries[i].Item3), found.Stat);
            }
        });
    }

    [Fact]
    public void A_target_or_stat_that_comes_later_changes_that_entry_alone()
    {
        FileList list = List(("a", Stat(FileType.Symlink)), ("b", Stat(FileType.Symlink)), ("c", Stat(FileType.Symlink)));
        list.SetTarget(1, B("to-b"));
        list.SetTarget(0, B("to-a"));
        list.SetTarget(1, B("elsewhere"));
        list.SetStat(2, File(size: 9));
        Assert.Equal(["a", "b", "c"], Names(list));
        Assert.Equal(["to-a", "elsewhere", ""], list.Entries.ToArray().Select(entry => S(list.TargetOf(entry))));
        Assert.Equal(
            [Stat(FileType.Symlink), Stat(FileType.Symlink), File(size: 9)], list.Entries.ToArray().Select(entry => entry.Stat));
        list.SetStat(0, File(size: 8));
        Assert.Equal("to-a", S(list.TargetOf(list.Entries[0])));
    }

    [Theory]
    [InlineData(0, "c b")]
    [InlineData(1, "a c")]
    [InlineData(2, "a b")]
    public void A_dropped_entry_gives_its_place_to_the_last(int index, string left)
    {
        FileList list = List(("a", File()), ("b", File()), ("c", File()));
        list.RemoveAt(index);
        Assert.Equal(left.Split(' '), Names(list));
    }

    [Fact]
    public void The_longest_text_is_kept_and_a_longer_one_refused()
    {
        FileList list = new();
        byte[] longest = new byte[ushort.MaxValue];
        longest.AsSpan().Fill((byte)'x');
        list.Add(B("l"), Stat(FileType.Symlink), longest);
        Assert.Equal(longest, list.TargetOf(list.Entries[0]));
        Assert.Throws<ArgumentException>(() => list.Add(new byte[ushort.MaxValue + 1], File()));
        Assert.Throws<ArgumentException>(() => list.SetTarget(0, new byte[ushort.MaxValue + 1]));
        Assert.Equal(1, list.Count);
    }

    [Fact]
    public void Problems_are_kept_in_order()
    {
        FileList list = new();
        Assert.Empty(list.Problems);
        ReplicaException failure = new(ReplicaError.NotFound, "lstat", "gone (2)");
        list.AddProblem(new ListProblem(B("x"), failure));
        list.AddProblem(new ListProblem(B("y"), failure));
        Assert.Equal(["x", "y"], list.Problems.Select(problem => S(problem.Name)));
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
