using System.Collections.Concurrent;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;
using SyncHop.Engine.Scanning;
using Xunit;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Scanning;

public class EmptyDirectoryPrunerTests
{
    private static readonly StubReplica Source = new("/s"), Destination = new("/d");

    private readonly Dictionary<string, FileList> _tree = [];
    private readonly ConcurrentBag<string> _listed = [];

    [Fact]
    public async Task Chains_of_directories_without_anything_else_go()
    {
        Has("", ("a", Dir()), ("b", Dir()), ("c", Dir()));
        Has("a", ("x", Dir()), ("y", Dir()));
        Has("a/x", ("z", Dir()));
        Has("b", ("x", Dir()), ("y", Dir()));
        Has("b/y", ("f", File()));
        DirectoryNode top = await PruneAsync();
        Assert.Equal(["b"], Names(top.Source));
        Assert.Equal(5, top.Duplicates.Count);
        DirectoryNode b = Node(top, "b");
        Assert.True(Pruner.TryLoad(b));
        Assert.Equal(["y"], Names(b.Source));
        Assert.Single(b.Duplicates);
    }

    [Fact]
    public async Task Nothing_is_listed_or_handed_over_twice()
    {
        Has("", ("a", Dir()), ("b", Dir()));
        Has("a", ("f", File()));
        DirectoryNode top = await PruneAsync();
        Assert.Equal(["a", "b"], _listed.Order(StringComparer.Ordinal));
        Assert.True(Pruner.TryLoad(Node(top, "a")));
        Assert.False(Pruner.TryLoad(Node(top, "a")));
        Assert.False(Pruner.TryLoad(Node(top, "b")));
    }

    [Fact]
    public async Task What_went_wrong_in_a_directory_that_goes_is_told_with_the_one_above()
    {
        Has("", ("a", Dir()));
        DirectoryNode top = await PruneAsync(fails: "a");
        Assert.Equal(0, top.Source.Count);
        Assert.Equal("/s/a", S(Assert.Single(top.Failures).FullPath));
    }

    [Fact]
    public async Task A_chain_as_long_as_a_path_can_be_needs_no_stack()
    {
        string path = "";
        for (int i = 0; i < 2000; i++)
        {
            Has(path, ("x", Dir()));
            path = path.Length == 0 ? "x" : path + "/x";
        }
        DirectoryNode top = await PruneAsync();
        Assert.Equal(0, top.Source.Count);
        Assert.Equal(2000, top.Duplicates.Count);
    }

    private EmptyDirectoryPruner Pruner { get => field ?? throw new InvalidOperationException(); set; }

    private async Task<DirectoryNode> PruneAsync(string? fails = null)
    {
        Pruner = new EmptyDirectoryPruner(FilterList.Empty, Destination, 4, (node, _) => List(node, fails), ChildrenOf);
        DirectoryNode top = Node(null, "");
        top.Source = _tree[""];
        await Pruner.PruneAsync(top, TestContext.Current.CancellationToken);
        return top;
    }

    private Task List(DirectoryNode node, string? fails)
    {
        string path = S(node.Path.Bytes);
        _listed.Add(path);
        if (path == fails) node.Failures.Add(new ScanFailure(true, Source.FullPath(node.Path), new ReplicaException(ReplicaError.PermissionDenied, "opendir", "no")));
        node.Source = _tree.GetValueOrDefault(path) ?? new FileList();
        return Task.CompletedTask;
    }

    private static List<DirectoryNode> ChildrenOf(DirectoryNode node)
    {
        List<DirectoryNode> children = [];
        foreach (FileList.Entry entry in node.Source.Entries.ToArray())
        {
            if (entry.IsDirectory) children.Add(Node(node, S(node.Source.NameOf(entry))));
        }
        return children;
    }

    private void Has(string path, params (string Name, FileStat Stat)[] entries) => _tree[path] = Samples.List(entries);

    private static DirectoryNode Node(DirectoryNode? parent, string name)
    {
        RelativePath path = parent is null ? RelativePath.Root : parent.Path.Join(B(name));
        return new DirectoryNode
        {
            Parent = parent,
            Index = 0,
            Path = path,
            DestinationPath = path,
            Origins = [new Origin(Source, path)],
            Stat = Dir(),
            DestinationStat = null,
        };
    }
}
