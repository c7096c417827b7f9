using SyncHop.Engine.Contract;
using SyncHop.Engine.Tests.Fakes;
using Xunit;

namespace SyncHop.Engine.Tests.Execution;

/// <summary><c>--temp-dir</c>: on the destination's file system and on another one.</summary>
public sealed class StagingDirectoryTests
{
    private static readonly SyncOptions s_options = FakeRun.Archive with { TempDir = "/tmp"u8.ToArray() };

    public static TheoryData<string, bool> Faults { get; } = new MatrixTheoryData<string, bool>(Enum.GetNames<Fault>(), [false, true]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_are_written_there_and_end_up_in_their_place(bool apart)
    {
        List<string> made = [];
        FakeHost destination = Destination(new FaultPlan(), apart, (operation, path) =>
        {
            if (operation == "mkstemp") made.Add(path);
        });
        FakeRun run = await FakeRun.SyncAsync(Source(new FaultPlan()), destination, s_options);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        Assert.Equal(2, made.Count(path => path.StartsWith("tmp/.", StringComparison.Ordinal)));
        Assert.Equal(apart ? 2 : 0, made.Count(path => path.StartsWith("dst/", StringComparison.Ordinal)));
        Assert.Equal(New, Content(destination, "old"));
        FakeNode file = destination.Root.Children["dst"].Children["sub"].Children["new"];
        Assert.Equal((2_000, 0x1A4u), (file.Mtime, file.Permissions));
        Assert.Empty(destination.Root.Children["tmp"].Children);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_at_any_operation_leaves_the_old_file_or_the_new_one_and_no_temporary_file(string name, bool apart)
    {
        Fault fault = Enum.Parse<Fault>(name);
        FaultPlan none = new();
        await FakeRun.SyncAsync(Source(none), Destination(none, apart), s_options);
        for (int index = 0; index < none.Count; index++)
        {
            FaultPlan plan = new(index, fault);
            FakeHost destination = Destination(plan, apart);
            FakeRun run = await FakeRun.SyncAsync(Source(plan), destination, s_options, plan);
            string what = $"{fault} at {index}, {plan.Hit}\n{run.Errors}";
            Assert.True(Content(destination, "old") is [(byte)'o'] || Content(destination, "old").AsSpan().SequenceEqual(New), what);
            // What cannot be removed stays.
            if (fault == Fault.Lose || plan.Hit.StartsWith("unlink", StringComparison.Ordinal)) continue;
            Assert.True(destination.Root.Children["tmp"].Children.Count == 0, what);
            Assert.DoesNotContain(destination.Root.Children["dst"].Children.Keys, key => key.StartsWith('.'));
        }
    }

    [Theory]
    [InlineData("/nothing", "does not exist")]
    [InlineData("/dst/old", "is not a directory")]
    [InlineData("", "does not exist")]
    public async Task A_directory_that_is_none_ends_the_run(string directory, string reason)
    {
        FakeHost destination = Destination(new FaultPlan(), apart: false);
        FakeRun run = await FakeRun.SyncAsync(Source(new FaultPlan()), destination, s_options with { TempDir = FakeHost.Bytes(directory) });
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains($"The temp-dir {reason}: {directory}", run.Errors, StringComparison.Ordinal);
        Assert.Equal("o"u8.ToArray(), Content(destination, "old"));
    }

    private static byte[] New { get; } = [.. Enumerable.Repeat((byte)'n', 5000)];

    private static byte[] Content(FakeHost host, string name) => host.Root.Children["dst"].Children[name].Content;

    private static FakeHost Source(FaultPlan plan) => new(FakeNode.Directory(("src", FakeNode.Directory(
        ("old", FakeNode.File(New, 2_000)),
        ("sub", FakeNode.Directory(("new", FakeNode.File(New, 2_000))))))), plan);

    private static FakeHost Destination(FaultPlan plan, bool apart, Action<string, string>? watch = null) => new(FakeNode.Directory(
        ("dst", FakeNode.Directory(("old", FakeNode.File("o"u8.ToArray())), ("sub", FakeNode.Directory()))),
        ("tmp", FakeNode.Directory())), plan)
    {
        TreesAreApart = apart,
        Watch = watch,
    };
}
