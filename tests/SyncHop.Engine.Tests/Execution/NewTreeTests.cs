using SyncHop.Engine.Contract;
using SyncHop.Engine.Tests.Fakes;
using Xunit;

namespace SyncHop.Engine.Tests.Execution;

/// <summary>What goes into a new directory is asked for behind the request for the directory, not after its answer.</summary>
public sealed class NewTreeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private static FakeNode Source => FakeNode.Directory(("src", FakeNode.Directory(
        ("a", FakeNode.Directory(("b", FakeNode.Directory(("c", FakeNode.Directory(("file", FakeNode.File([1, 2, 3])))))))),
        ("other", FakeNode.File([4])))));

    private static FakeNode Destination => FakeNode.Directory(("dst", FakeNode.Directory()));

    [Fact]
    public async Task A_deep_tree_is_asked_for_at_once()
    {
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeHost destination = new(Destination, new FaultPlan())
        {
            Answer = async (operation, path) =>
            {
                if (operation == "mkstemp" && path.StartsWith("dst/a/b/c/", StringComparison.Ordinal)) opened.TrySetResult();
                // No directory is answered before the file at the bottom has been asked for.
                if (operation == "mkdir") await opened.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
                else await Task.Yield();
            },
        };
        FakeRun run = await FakeRun.SyncAsync(new FakeHost(Source, new FaultPlan()), destination);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        Assert.Equal(Describe(Source.Children["src"]), Describe(destination.Root.Children["dst"]));
        Assert.Equal(["other", "a/", "a/b/", "a/b/c/", "a/b/c/file"], Names(run.Output));
    }

    [Fact]
    public async Task Attributes_of_directories_do_not_wait_for_one_another()
    {
        int waiting = 0;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        FakeHost destination = new(Destination, new FaultPlan())
        {
            Answer = async (operation, path) =>
            {
                await Task.Yield();
                if (operation != "setattr") return;
                if (Interlocked.Increment(ref waiting) == 4) all.TrySetResult();
                await all.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
            },
        };
        FakeRun run = await FakeRun.SyncAsync(new FakeHost(Source, new FaultPlan()), destination);
        Assert.Equal((ExitCode.Ok, 4), (run.Code, waiting));
    }

    [Fact]
    public async Task A_directory_that_shuts_its_owner_out_gets_its_attributes_after_those_below()
    {
        FakeNode source = Source;
        source.Children["src"].Children["a"].Permissions = 0;
        List<string> answered = [];
        FakeHost destination = new(Destination, new FaultPlan())
        {
            Answer = async (operation, path) =>
            {
                if (operation == "setattr" && path == "dst/a/b/c") await Task.Delay(100, TestContext.Current.CancellationToken);
                else await Task.Yield();
                if (operation == "setattr") lock (answered) answered.Add(path);
            },
        };
        FakeRun run = await FakeRun.SyncAsync(new FakeHost(source, new FaultPlan()), destination);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal("dst/a", answered.Last(path => path.StartsWith("dst/a", StringComparison.Ordinal)));
        Assert.Equal(0u, destination.Root.Children["dst"].Children["a"].Permissions);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_told_once_and_leaves_nothing_elsewhere()
    {
        // Somebody else's file appears between the listing and the request.
        FakeNode foreign = FakeNode.File([9]);
        FakeNode root = Destination;
        FakeHost destination = new(root, new FaultPlan())
        {
            Answer = async (_, _) => await Task.Yield(),
            Watch = (operation, path) =>
            {
                if (operation == "mkdir" && path == "dst/a") root.Children["dst"].Children.TryAdd("a", foreign);
            },
        };
        FakeRun run = await FakeRun.SyncAsync(new FakeHost(Source, new FaultPlan()), destination);

        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Equal([9], foreign.Content);
        Assert.Equal(1, run.Errors.Split("mkdir").Length - 1);
        Assert.Equal(1, run.Errors.Split("Skipping any contents").Length - 1);
        Assert.DoesNotContain("file", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["other", "a/"], Names(run.Output));
        Assert.Equal([4], root.Children["dst"].Children["other"].Content);
    }

    [Fact]
    public async Task A_directory_that_somebody_else_makes_meanwhile_is_as_good_as_ours()
    {
        FakeNode root = Destination;
        FakeHost destination = new(root, new FaultPlan())
        {
            Answer = async (_, _) => await Task.Yield(),
            Watch = (operation, path) =>
            {
                if (operation == "mkdir" && path == "dst/a") root.Children["dst"].Children.TryAdd("a", FakeNode.Directory());
            },
        };
        FakeRun run = await FakeRun.SyncAsync(new FakeHost(Source, new FaultPlan()), destination);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        Assert.Equal(Describe(Source.Children["src"]), Describe(root.Children["dst"]));
    }

    [Fact]
    public async Task A_host_that_does_not_keep_the_order_is_asked_again()
    {
        FakeHost destination = new(Destination, new FaultPlan())
        {
            Begin = (operation, path) => operation == "mkdir" && path.Length < "dst/a/b/c".Length
                ? Task.Delay(50, TestContext.Current.CancellationToken)
                : Task.CompletedTask,
        };
        FakeRun run = await FakeRun.SyncAsync(new FakeHost(Source, new FaultPlan()), destination);
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        Assert.Equal(Describe(Source.Children["src"]), Describe(destination.Root.Children["dst"]));
    }

    private static string[] Names(string output) =>
        [.. output.Split('\n').SkipWhile(line => line != "other").TakeWhile(line => line.Length > 0)];

    private static string Describe(FakeNode top) => string.Join('\n', top.Walk().Select(static entry =>
        $"{entry.Path} {entry.Node.Type} {entry.Node.Permissions} {entry.Node.Mtime} {Convert.ToHexString(entry.Node.Content)}"));
}
