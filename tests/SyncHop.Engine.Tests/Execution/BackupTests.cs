using SyncHop.Engine.Contract;
using SyncHop.Engine.Tests.Fakes;
using Xunit;

namespace SyncHop.Engine.Tests.Execution;

/// <summary>Directories above a backup in <c>--backup-dir</c>, and hosts without hard links.</summary>
public sealed class BackupTests
{
    private static readonly SyncOptions Options = FakeRun.Archive with { Backup = true, BackupDirectory = "/bk"u8.ToArray() };
    private static readonly FaultPlan NoFaults = new();

    [Fact]
    public async Task Where_nothing_can_be_made_the_file_stays_and_the_run_ends()
    {
        FakeHost destination = Destination(FakeNode.Directory(), (operation, path) =>
        {
            if (operation == "mkdir" && path == "bk/d") throw new ReplicaException(ReplicaError.PermissionDenied, operation, "Permission denied (13)");
        });

        FakeRun run = await FakeRun.SyncAsync(Source(), destination, Options);

        Assert.Equal(ExitCode.FileIo, run.Code);
        Assert.Contains("d/e/f", run.Errors, StringComparison.Ordinal);
        Assert.Equal([1], destination.Root.Children["dst"].Children["d"].Children["e"].Children["f"].Content);
    }

    [Fact]
    public async Task With_delayed_updates_the_run_goes_on()
    {
        FakeHost destination = Destination(FakeNode.Directory(), (operation, path) =>
        {
            if (operation == "mkdir" && path == "bk/d") throw new ReplicaException(ReplicaError.PermissionDenied, operation, "Permission denied (13)");
        });

        FakeRun run = await FakeRun.SyncAsync(Source(), destination, Options with { DelayUpdates = true });

        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Contains("d/e/f", run.Errors, StringComparison.Ordinal);
        Assert.Equal([1], destination.Root.Children["dst"].Children["d"].Children["e"].Children["f"].Content);
        Assert.Equal([2, 2], destination.Root.Children["dst"].Children["g"].Content);
    }

    [Fact]
    public async Task An_older_backup_that_is_no_directory_gives_way()
    {
        FakeHost destination = Destination(FakeNode.Directory(("d", FakeNode.File([9]))), null);

        FakeRun run = await FakeRun.SyncAsync(Source(), destination, Options);

        Assert.Equal("", run.Errors);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal([1], destination.Root.Children["bk"].Children["d"].Children["e"].Children["f"].Content);
        Assert.Equal([2, 2], destination.Root.Children["dst"].Children["d"].Children["e"].Children["f"].Content);
    }

    /// <summary>Moved away to be kept, a symlink is not there to be removed.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_symlink_that_becomes_a_file_where_it_is_is_kept(bool hasLinks)
    {
        FakeHost source = new(FakeNode.Directory(("src", FakeNode.Directory(("f", FakeNode.File([2]))))), NoFaults);
        FakeHost destination = new(FakeNode.Directory(("dst", FakeNode.Directory(("f", FakeNode.Link("to"))))), NoFaults) { Watch = (operation, _) => RefuseLinks(operation, hasLinks) };

        FakeRun run = await FakeRun.SyncAsync(source, destination, FakeRun.Archive with { Backup = true, BackupSuffix = "~"u8.ToArray(), Inplace = true });

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        SortedDictionary<string, FakeNode> there = destination.Root.Children["dst"].Children;
        Assert.Equal(["f", "f~"], there.Keys);
        Assert.Equal([2], there["f"].Content);
        Assert.Equal("to"u8.ToArray(), there["f~"].Target);
    }

    [Fact]
    public async Task What_somebody_else_removes_meanwhile_needs_no_backup_where_there_are_no_hard_links_either()
    {
        FakeNode there = FakeNode.Directory(("f", FakeNode.File([1])));
        FakeHost source = new(FakeNode.Directory(("src", FakeNode.Directory(("f", FakeNode.File([2, 2]))))), NoFaults);
        FakeHost destination = new(FakeNode.Directory(("dst", there)), NoFaults)
        {
            Watch = (operation, _) =>
            {
                if (operation == "link") there.Children.Remove("f");
                RefuseLinks(operation, hasLinks: false);
            },
        };

        FakeRun run = await FakeRun.SyncAsync(source, destination, FakeRun.Archive with { Backup = true, BackupSuffix = "~"u8.ToArray() });

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Errors));
        Assert.Equal([2, 2], Assert.Single(there.Children).Value.Content);
    }

    private static void RefuseLinks(string operation, bool hasLinks)
    {
        if (operation == "link" && !hasLinks) throw new ReplicaException(ReplicaError.NotSupported, operation, "the SFTP server does not support it");
    }

    private static FakeHost Source() => new(FakeNode.Directory(("src", Tree([2, 2], ("g", FakeNode.File([2, 2]))))), NoFaults);

    private static FakeHost Destination(FakeNode backups, Action<string, string>? watch) =>
        new(FakeNode.Directory(("dst", Tree([1])), ("bk", backups)), NoFaults) { Watch = watch };

    private static FakeNode Tree(byte[] content, params (string Name, FakeNode Node)[] others) =>
        FakeNode.Directory([("d", FakeNode.Directory(("e", FakeNode.Directory(("f", FakeNode.File(content)))))), .. others]);
}
