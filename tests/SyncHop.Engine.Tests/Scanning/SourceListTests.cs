using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Scanning;

public class SourceListTests
{
    private static readonly StubReplica One = new("/one"), Two = new("/two");

    [Fact]
    public void A_single_list_is_taken_as_it_is()
    {
        FileList files = List(("b", File()), ("a", File()));
        DirectoryNode node = Node(One);
        Assert.Same(files, SourceList.Merge([new SourceList(files, node.Origins[0])], node, isIncremental: true));
        Assert.Same(node.Origins, node.OriginsOf(files.Entries[0]));
    }

    [Fact]
    public void The_list_that_is_left_when_another_failed_keeps_its_own_directory()
    {
        DirectoryNode node = Node(One, Two);
        FileList merged = node.Source = SourceList.Merge([new SourceList(List(("a", File())), node.Origins[1])], node, isIncremental: true);
        Assert.Equal("/two/d", Directories(node, merged, "a"));
    }

    [Fact]
    public void Of_files_withOne_name_the_first_counts()
    {
        (DirectoryNode node, FileList merged) = Merge(List(("a", File(size: 1)), ("b", File())), List(("c", File()), ("a", File(size: 2))));
        Assert.Equal(["a", "b", "c"], Names(merged));
        Assert.Equal(1, merged.Entries[0].Stat.Size);
        Assert.Equal("/one/d", Directories(node, merged, "a")[.."/one/d".Length]);
        Assert.Equal("/two/d", Directories(node, merged, "c"));
        Assert.Equal(2, Assert.Single(node.Duplicates).Size);
    }

    [Fact]
    public void Directories_ofOne_name_becomeOne_with_the_contents_of_all()
    {
        (DirectoryNode node, FileList merged) = Merge(List(("a", Dir(mtime: 1))), List(("a", Dir(mtime: 2))));
        Assert.Equal(1, Assert.Single(merged.Entries.ToArray()).Stat.MtimeSeconds);
        Assert.Equal("/one/d /two/d", Directories(node, merged, "a"));
    }

    [Fact]
    public void A_directory_that_is_named_twice_is_listed_once()
    {
        DirectoryNode node = Node(One, new StubReplica("/one"));
        SourceList[] lists = [.. node.Origins.Select(origin => new SourceList(List(("a", Dir())), origin))];
        node.Source = SourceList.Merge(lists, node, isIncremental: true);
        Assert.Equal("/one/d", Directories(node, node.Source, "a"));
        Assert.Single(node.Duplicates);
    }

    [Theory]
    [InlineData(true, "/one/d")]
    [InlineData(false, "/two/d")]
    public void A_directory_wins_over_what_is_none(bool directoryFirst, string from)
    {
        FileList directory = List(("a", Dir(mtime: 5))), file = List(("a", File(mtime: 6)));
        (DirectoryNode node, FileList merged) = directoryFirst ? Merge(directory, file) : Merge(file, directory);
        Assert.Equal(5, Assert.Single(merged.Entries.ToArray()).Stat.MtimeSeconds);
        Assert.Equal(from, Directories(node, merged, "a"));
        Assert.Single(node.Duplicates);
    }

    [Fact]
    public void Link_targets_are_kept()
    {
        FileList links = new();
        links.Add(B("l"), Stat(FileType.Symlink), B("target"));
        (_, FileList merged) = Merge(List(("a", File())), links);
        Assert.Equal("target", S(merged.TargetOf(merged.Entries[1])));
    }

    private static (DirectoryNode Node, FileList Merged) Merge(FileList first, FileList second)
    {
        DirectoryNode node = Node(One, Two);
        node.Source = SourceList.Merge([new SourceList(first, node.Origins[0]), new SourceList(second, node.Origins[1])], node, isIncremental: true);
        return (node, node.Source);
    }

    private static string Directories(DirectoryNode node, FileList merged, string name)
    {
        foreach (ref readonly FileList.Entry entry in merged.Entries)
        {
            if (S(merged.NameOf(entry)) == name)
                return string.Join(' ', node.OriginsOf(entry).Select(origin => S(origin.Replica.FullPath(origin.Path))));
        }
        return "not there";
    }

    private static DirectoryNode Node(params IReplica[] replicas) => new()
    {
        Parent = null,
        Index = 0,
        Path = P("d"),
        DestinationPath = P("d"),
        Origins = [.. replicas.Select(replica => new Origin(replica, P("d")))],
        Stat = Dir(),
        DestinationStat = null,
    };
}
