using System.Globalization;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Scanning;
using SyncHop.Engine.Tests.Fakes;
using SyncHop.Engine.Tests.Planning;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Execution;

/// <summary>Files with several names where rsync hangs or loses some: everything that is to be there is there in the end.</summary>
public sealed class HardLinkTests
{
    private static readonly SyncOptions Options = FakeRun.Archive with { HardLinks = true, Delete = false };

    private static FakeNode Shared { get; } = new() { Content = [1, 2, 3], Inode = 7, LinkCount = 4 };

    [Theory]
    [CombinatorialOptions]
    public async Task Names_in_a_directory_that_is_passed_over_are_not_waited_for(bool delays, bool isDry, bool skipsLast)
    {
        FakeNode source = FakeNode.Directory(("src", FakeNode.Directory(
            ("a", Shared), ("d", FakeNode.Directory(("b", Shared), ("e", FakeNode.Directory(("c", Shared))))))));
        if (!skipsLast) source.Children["src"].Children.Add("z", FakeNode.Directory(("y", Shared)));
        // A file is where the directory goes.
        FakeNode root = FakeNode.Directory(("dst", FakeNode.Directory(("d", FakeNode.File([9])))));
        FakeRun run = await RunAsync(source, root, Options with { IgnoreExisting = true, DelayUpdates = delays, DryRun = isDry });

        string[] names = skipsLast ? ["a"] : ["a", "z/y"];
        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.All(names, name => Assert.Contains($"\n{name}", run.Output, StringComparison.Ordinal));
        if (isDry) return;
        SortedDictionary<string, FakeNode> there = root.Children["dst"].Children;
        Assert.Equal(skipsLast ? ["a", "d"] : ["a", "d", "z"], there.Keys);
        Assert.Equal([1, 2, 3], there["a"].Content);
        if (!skipsLast) Assert.Same(there["a"], there["z"].Children["y"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_name_that_replaces_something_does_not_wait_for_a_directory_that_is_not_made(bool delays)
    {
        FakeNode source = FakeNode.Directory(("src", FakeNode.Directory(("a", Shared), ("n", FakeNode.Directory(("b", Shared))))));
        FakeNode root = FakeNode.Directory(("dst", FakeNode.Directory(("a", FakeNode.Link("foo")))));
        FakeRun run = await RunAsync(source, root, Options with { Existing = true, DelayUpdates = delays });

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        Assert.Equal([1, 2, 3], Assert.Single(root.Children["dst"].Children).Value.Content);
    }

    /// <summary>A farm of links, in which each directory has every file: more names than are held back until all of them are known.</summary>
    [Fact]
    public async Task A_farm_of_links_is_sent_once_and_linked_everywhere()
    {
        const int Files = 200, Directories = 150;
        FakeNode[] files = [.. Enumerable.Range(0, Files).Select(i => new FakeNode { Content = [(byte)i], Inode = (ulong)i + 100, LinkCount = Directories })];
        FakeNode farm = FakeNode.Directory();
        for (int d = 0; d < Directories; d++)
            farm.Children.Add($"d{d:D3}", FakeNode.Directory([.. files.Select((file, i) => ($"f{i:D3}", file))]));
        FakeNode root = FakeNode.Directory(("dst", FakeNode.Directory()));
        FakeRun run = await RunAsync(FakeNode.Directory(("src", farm)), root, Options);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        SortedDictionary<string, FakeNode> made = root.Children["dst"].Children;
        Assert.Equal(Directories, made.Count);
        Assert.All(made.Values, directory => Assert.Equal(Files, directory.Children.Count));
        Assert.Equal(Files, made.Values.SelectMany(static directory => directory.Children.Values).Distinct().Count());
        Assert.All(made["d149"].Children, child => Assert.Equal([(byte)int.Parse(child.Key[1..], CultureInfo.InvariantCulture)], child.Value.Content));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_nothing_can_be_linked_every_name_is_sent(bool delays)
    {
        FakeNode source = FakeNode.Directory(("src", FakeNode.Directory(("a", Shared), ("b", Shared), ("d", FakeNode.Directory(("c", Shared))), ("one", FakeNode.File([5])))));
        FakeNode root = FakeNode.Directory(("dst", FakeNode.Directory()));
        FakeHost destination = new(root, new FaultPlan())
        {
            Watch = static (operation, _) =>
            {
                if (operation == "link") throw new ReplicaException(ReplicaError.NotSupported, "link", "Operation not supported (95)");
            },
        };
        FakeRun run = await FakeRun.SyncAsync(new FakeHost(source, new FaultPlan(), isLocal: true), destination, Options with { DelayUpdates = delays });

        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.DoesNotContain("rename", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "d", "d/c", "one"], root.Children["dst"].Walk().Select(static entry => entry.Path));
        Assert.All(root.Children["dst"].Walk(), static entry => Assert.Equal(entry.Path == "d" ? 0 : entry.Path == "one" ? 1 : 3, entry.Node.Content.Length));
    }

    /// <summary>The links wait for the renames, and then go together; the holding directories are asked to go once.</summary>
    [Fact]
    public async Task Delayed_links_are_made_many_at_once()
    {
        const int AtOnce = 16;
        FakeNode shared = new() { Content = [1, 2, 3], Inode = 7, LinkCount = 2 * AtOnce };
        FakeNode source = FakeNode.Directory(("src", FakeNode.Directory([.. Enumerable.Range(0, 2 * AtOnce).Select(i => ($"n{i:D2}", shared))])));
        FakeNode root = FakeNode.Directory(("dst", FakeNode.Directory()));
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int links = 0, removals = 0;
        FakeHost destination = new(root, new FaultPlan())
        {
            Begin = async (operation, _) =>
            {
                if (operation == "rmdir") Interlocked.Increment(ref removals);
                if (operation != "link") return;
                if (Interlocked.Increment(ref links) == AtOnce) all.SetResult();
                await all.Task;
            },
        };
        FakeRun run = await FakeRun.SyncAsync(new FakeHost(source, new FaultPlan(), isLocal: true), destination, Options with { DelayUpdates = true })
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        Assert.Equal(2 * AtOnce, root.Children["dst"].Children.Count);
        Assert.Single(root.Children["dst"].Children.Values.Distinct());
        Assert.Equal(1, removals);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_name_that_is_sent_cannot_be_made_the_others_are_sent(bool delays)
    {
        FakeNode source = FakeNode.Directory(("src", FakeNode.Directory(("a", Shared), ("c", FakeNode.File([5])), ("z", FakeNode.Directory(("b", Shared))))));
        FakeNode root = FakeNode.Directory(("dst", FakeNode.Directory(("z", FakeNode.Directory()))));
        FakeHost destination = new(root, new FaultPlan())
        {
            Watch = static (operation, path) =>
            {
                if (operation == "mkstemp" && path.StartsWith("dst/z/", StringComparison.Ordinal))
                    throw new ReplicaException(ReplicaError.Other, "mkstemp", "Permission denied (13)");
            },
        };
        FakeRun run = await FakeRun.SyncAsync(new FakeHost(source, new FaultPlan(), isLocal: true), destination, Options with { DelayUpdates = delays });

        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Equal(["a", "c", "z"], root.Children["dst"].Walk().Select(static entry => entry.Path));
        Assert.Equal([1, 2, 3], root.Children["dst"].Children["a"].Content);
    }

    [Fact]
    public void What_waits_for_a_name_that_never_comes_is_given_out_at_the_end()
    {
        FileStat stat = Shared.Stat;
        DirectoryPlanner planner = new(Options, Comparison(Options, Samples.Traits, true), Samples.Traits, true, false);
        DirectoryNode node = new PlanCase { Options = Options }.Source("a", stat).Source("b", stat).Node();
        planner.Announce(node);
        planner.Announce(new PlanCase { Options = Options }.Source("c", stat).Node());

        Assert.Empty(planner.Plan(node, deletes: false).Items);
        Assert.Equal([(PlanAction.Transfer, "d/b"), (PlanAction.LinkName, "d/a")], planner.TakeLinks().Select(static item => (item.Action, S(item.Path.Bytes))));
        Assert.Empty(planner.TakeLinks());
    }

    private static Task<FakeRun> RunAsync(FakeNode source, FakeNode destination, SyncOptions options) =>
        FakeRun.SyncAsync(new FakeHost(source, new FaultPlan(), isLocal: true), new FakeHost(destination, new FaultPlan()), options);
}
