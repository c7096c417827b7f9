using CsCheck;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Scanning;

public class FileListOrderTests
{
    // Few letters around the slash (0x2F), so that names often begin with one another.
    private static readonly Gen<string> Name = Gen.Char[".-0ab\x01\x7F\x80\xE9\xFF"].Array[1, 4].Select(chars => new string(chars))
        .Where(name => name is not ("." or ".."));

    private static readonly Gen<(string Name, bool IsDirectory)> Entry = Gen.Select(Name, Gen.Bool);

    /// <summary>The order that rsync 3.5 lists these in; directories end in a slash.</summary>
    [Theory]
    [InlineData("b a")]
    [InlineData("a/ b")]
    [InlineData("a/ a-b/ a.b/ a0/ aa/")]
    [InlineData("a a-b a.b a0 aa")]
    [InlineData("a.b aa a- a.c/ a/ a0/")]
    [InlineData("\xFF a Z \x01 ~ \x7F \x80")]
    [InlineData("\xFF/ a/ Z/ \x01/ ~/ \x7F/ \x80/")]
    [InlineData(".hidden - 0 A a")]
    [InlineData("a.b/ a.b.c/ a.b-c/ a.b0/ a/ a./")]
    public void Entries_stand_in_rsyncs_order(string names)
    {
        string[] entries = names.Split(' ');
        FileList list = List([.. entries.Select(name => (name.TrimEnd('/'), name.EndsWith('/') ? Dir() : File()))]);
        FileListOrder.Sort(list);
        string[] files = [.. entries.Where(name => !name.EndsWith('/')).Order(StringComparer.Ordinal)];
        string[] directories = [.. entries.Where(name => name.EndsWith('/')).Order(StringComparer.Ordinal)];
        Assert.Equal([.. files, .. directories.Select(name => name[..^1])], Names(list));
    }

    [Fact]
    public void A_directory_is_compared_as_if_its_name_ended_in_a_slash()
    {
        FileList list = List(("a0", Dir()), ("a", Dir()), ("a.b", Dir()), ("a-b", Dir()), ("z", File()), ("b0", File()), ("aa", File()));
        FileListOrder.Sort(list);
        Assert.Equal(["aa", "b0", "z", "a-b", "a.b", "a", "a0"], Names(list));
    }

    [Fact]
    public void It_is_a_total_order() => Gen.Select(Entry, Entry, Entry).Sample((x, y, z) =>
    {
        Assert.Equal(Math.Sign(Compare(x, y)), -Math.Sign(Compare(y, x)));
        Assert.Equal(x == y, Compare(x, y) == 0);
        if (Compare(x, y) <= 0 && Compare(y, z) <= 0) Assert.True(Compare(x, z) <= 0);
    });

    [Fact]
    public void Names_that_begin_alike_are_sorted_like_any_others() => Gen.Select(Gen.Int[0, 20], Entry.Array[0, 30]).Sample((prefix, entries) =>
    {
        var named = entries.Select(entry => (Name: new string('-', prefix) + entry.Name + entry.Name + entry.Name, entry.IsDirectory))
            .DistinctBy(entry => entry.Name).ToArray();
        FileList list = List([.. named.Select(entry => (entry.Name, entry.IsDirectory ? Dir() : File()))]);
        FileListOrder.Sort(list);
        Assert.Equal(named.Order(Comparer<(string, bool)>.Create(Compare)).Select(entry => entry.Item1), Names(list));
        FileListOrder.SortByName(list);
        Assert.Equal(named.Select(entry => entry.Name).Order(StringComparer.Ordinal), Names(list));
    });

    [Fact]
    public void Find_finds_names_in_any_order_wherever_the_last_one_was() => Gen.Select(Name.HashSet[0, 20], Name.Array[0, 40]).Sample((names, wanted) =>
    {
        FileList list = List([.. names.Select(name => (name, File()))]);
        FileListOrder.SortByName(list);
        int next = 0;
        foreach (string name in wanted) Assert.Equal(FileListOrder.Find(list, B(name)), FileListOrder.Find(list, B(name), ref next));
    });

    [Fact]
    public void Find_finds_each_name_and_no_other() => Gen.Select(Name.HashSet[0, 20], Name).Sample((names, other) =>
    {
        FileList list = List([.. names.Select(name => (name, File()))]);
        FileListOrder.SortByName(list);
        foreach (string name in names) Assert.Equal(name, S(list.NameOf(list.Entries[FileListOrder.Find(list, B(name))])));
        Assert.Equal(names.Contains(other), FileListOrder.Find(list, B(other)) >= 0);
    });

    [Fact]
    public void The_real_rsync_lists_in_this_order_and_shows_names_so()
    {
        Gen<string> byteName = Gen.Char['\x01', '\xFF'].Where(c => c != '/').Array[1, 6].Select(chars => new string(chars));
        Gen.Select(Gen.OneOf(Name, byteName).Where(name => name is not ("." or "..")), Gen.Bool).Array[0, 60].Sample(
            entries =>
            {
                using TemporaryDirectory directory = new();
                FileList list = List([.. entries.DistinctBy(entry => entry.Item1).Select(entry => (entry.Item1, entry.Item2 ? Dir() : File()))]);
                foreach (ref readonly FileList.Entry entry in list.Entries)
                    Rsync.Make(directory.Path, list.NameOf(entry).ToArray(), entry.Stat.IsDirectory);
                FileListOrder.Sort(list);
                const int nameColumn = 46;
                string[] lines = Rsync.Run(directory.Path, "C", "--list-only", "-r", "./").Split('\n', StringSplitOptions.RemoveEmptyEntries);
                NameEscaper escaper = new(utf8: false, eightBit: false);
                Assert.Equal(Names(list).Prepend(".").Select(name => Escaped(escaper, name)), lines.Select(line => line[nameColumn..]));
            },
            iter: 20);
    }

    private static string Escaped(NameEscaper escaper, string name) => S(new LineBuilder(escaper).Bytes(B(name)).ToLine().AsSpan()[..^1]);

    private static int Compare((string Name, bool IsDirectory) x, (string Name, bool IsDirectory) y) =>
        FileListOrder.Compare(B(x.Name), x.IsDirectory, B(y.Name), y.IsDirectory);
}
