using SyncHop.Engine.Contract;
using SyncHop.Engine.Tests.Fakes;
using Xunit;

namespace SyncHop.Engine.Tests.Execution;

/// <summary><c>--remove-source-files</c> removes nothing that is not, by its name, on the destination as well.</summary>
public sealed class SourceRemoverTests
{
    private static readonly SyncOptions Options = FakeRun.Archive with { Delete = false, RemoveSourceFiles = true };

    /// <summary>SFTP tells no file's number, so nothing but a trial shows that both arguments name one directory.</summary>
    [Fact]
    public async Task One_directory_of_a_server_as_both_arguments_loses_nothing()
    {
        FakeHost host = Host("dst");

        FakeRun run = await FakeRun.SyncAsync(host, host, Options, null, "dst/");

        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Contains("ERROR: Skipping sender remove of destination file: d/b", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["dst", "dst/a", "dst/d", "dst/d/b"], host.Root.Walk().Select(entry => entry.Path));
    }

    [Fact]
    public async Task Directories_of_one_name_on_two_hosts_are_two()
    {
        FakeHost source = Host("dst"), destination = Host("dst");

        FakeRun run = await FakeRun.SyncAsync(source, destination, Options, null, "dst/");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        Assert.Equal(["dst", "dst/d"], source.Root.Walk().Select(entry => entry.Path));
        Assert.Equal(["dst", "dst/a", "dst/d", "dst/d/b"], destination.Root.Walk().Select(entry => entry.Path));
    }

    [Fact]
    public async Task With_delay_updates_the_source_stays_until_the_file_has_its_name()
    {
        FakeHost source = Host("src");
        List<string> removedEarly = [];
        FakeHost destination = new(FakeNode.Directory(("dst", FakeNode.Directory())), new FaultPlan())
        {
            Watch = (operation, path) =>
            {
                if (operation != "rename" || !path.EndsWith("dst/a", StringComparison.Ordinal)) return;
                if (!source.Root.Children["src"].Children.ContainsKey("a")) removedEarly.Add("a");
                throw new ReplicaException(ReplicaError.Other, operation, "Input/output error (5)");
            },
        };

        FakeRun run = await FakeRun.SyncAsync(source, destination, Options with { DelayUpdates = true, Partial = true, PartialDir = ".~tmp~"u8.ToArray() });

        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Empty(removedEarly);
        Assert.Equal(["src", "src/a", "src/d"], source.Root.Walk().Select(entry => entry.Path));
        Assert.Equal([2], destination.Root.Children["dst"].Children["d"].Children["b"].Content);
    }

    [Fact]
    public async Task With_delay_updates_removals_are_told_in_the_order_of_the_files()
    {
        TaskCompletionSource last = new();
        FakeHost source = new(Host("src").Root, new FaultPlan())
        {
            Begin = (operation, path) =>
            {
                if (operation == "unlink" && path == "src/d/b") last.SetResult();
                return operation == "unlink" && path == "src/a" ? last.Task : Task.CompletedTask;
            },
        };
        FakeHost destination = new(FakeNode.Directory(("dst", FakeNode.Directory())), new FaultPlan());

        FakeRun run = await FakeRun.SyncAsync(source, destination, Options with { Verbosity = 2, DelayUpdates = true, Partial = true, PartialDir = ".~tmp~"u8.ToArray() });

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        Assert.True(last.Task.IsCompleted);
        Assert.Equal(["sender removed a", "sender removed d/b"], run.Output.Split('\n').Where(line => line.StartsWith("sender removed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_became_another_kind_of_entry_meanwhile_stays()
    {
        FakeHost source = new(FakeNode.Directory(("src", FakeNode.Directory(("l", FakeNode.Link("a"))))), new FaultPlan());
        FakeHost destination = new(FakeNode.Directory(("dst", FakeNode.Directory())), new FaultPlan())
        {
            Watch = (operation, _) =>
            {
                if (operation == "symlink") source.Root.Children["src"].Children["l"] = FakeNode.File([1]);
            },
        };

        FakeRun run = await FakeRun.SyncAsync(source, destination, Options);

        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Contains("ERROR: Skipping sender remove of changed file: l", run.Errors, StringComparison.Ordinal);
        Assert.Equal([1], source.Root.Children["src"].Children["l"].Content);
    }

    private static FakeHost Host(string name) =>
        new(FakeNode.Directory((name, FakeNode.Directory(("a", FakeNode.File([1])), ("d", FakeNode.Directory(("b", FakeNode.File([2]))))))), new FaultPlan());
}
