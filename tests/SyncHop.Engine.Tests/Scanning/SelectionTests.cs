using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;
using SyncHop.Engine.Tests.Fakes;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Scanning;

public class SelectionTests
{
    private static readonly StubReplica Tree = new("/r");

    [Fact]
    public void What_is_on_the_way_is_implied_until_it_is_named()
    {
        Selection selection = new();
        Selection.Selected directory = selection.AddDirectory("d"u8, Dir(), new Origin(Tree, P("d")));
        directory.Below!.Add("f"u8, File(), []);
        Assert.True(selection.IsImplied("d"u8));
        Assert.Equal(2, selection.TotalCount);
        Origin below = Assert.Single(selection.Below("d"u8, null));
        Assert.Same(directory.Below, below.Selection);

        Selection.Selected again = selection.AddDirectory("d"u8, Dir(), new Origin(Tree, P("d")));
        Assert.Same(directory, again);
        again.IsNamed = again.IsWhole = true;
        Assert.False(selection.IsImplied("d"u8));
        Assert.Equal([false, true], selection.Below("d"u8, null).Select(origin => origin.Selection is null));
    }

    [Fact]
    public void A_directory_takes_the_place_of_what_is_none_and_not_the_other_way_round()
    {
        Selection selection = new();
        selection.Add("l"u8, Stat(FileType.Symlink), B("to"));
        selection.AddDirectory("l"u8, Dir(), new Origin(Tree, P("l")));
        selection.Add("l"u8, Stat(FileType.Symlink), B("to"));
        Assert.True(Assert.Single(selection.ToList().Entries.ToArray()).Stat.IsDirectory);
        Assert.Equal(2, selection.Duplicates.Count);
    }

    [Theory]
    [InlineData("z", "w")]
    [InlineData("up", "w")]
    [InlineData("w/back", "w")]
    [InlineData("deep/z/y", "w/y")]
    [InlineData("abs", null)]
    [InlineData("out", null)]
    [InlineData("loop", null)]
    [InlineData("file", null)]
    [InlineData("nowhere", null)]
    public async Task Links_are_followed_inside_the_tree_only(string path, string? directory)
    {
        FakeNode tree = FakeNode.Directory(
            ("w", FakeNode.Directory(("y", FakeNode.Directory()), ("back", FakeNode.Link("../z")))),
            ("deep", FakeNode.Directory(("z", FakeNode.Link("../w/./y/..")))),
            ("z", FakeNode.Link("w")), ("up", FakeNode.Link("deep/../w/")), ("abs", FakeNode.Link("/w")), ("out", FakeNode.Link("../w")),
            ("loop", FakeNode.Link("loop")), ("file", FakeNode.File([1])), ("nowhere", FakeNode.Link("nothing")));
        FakeHost host = new(FakeNode.Directory(("dst", tree)), new FaultPlan());
        using IReplica replica = host.Open(B("dst"));
        (RelativePath Path, FileStat Stat)? found = await LinkedDirectory.FindAsync(replica, P(path), TestContext.Current.CancellationToken);
        Assert.Equal(directory, found is var (where, stat) && stat.IsDirectory ? S(where.Bytes) : null);
    }
}
