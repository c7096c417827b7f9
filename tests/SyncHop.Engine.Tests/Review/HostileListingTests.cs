using SyncHop.Engine.Contract;
using SyncHop.Engine.Tests.Fakes;
using Xunit;

namespace SyncHop.Engine.Tests.Review;

/// <summary>Listings that no honest file system gives, and directories that cannot be listed.</summary>
public sealed class HostileListingTests
{
    private static readonly FaultPlan NoFaults = new();

    [Fact]
    public async Task A_destination_that_names_an_entry_twice_keeps_it()
    {
        FakeHost source = Host("src", FakeNode.Directory(("a", FakeNode.File([1])), ("d", FakeNode.Directory(("in", FakeNode.File([1]))))));
        FakeHost destination = new(FakeNode.Directory(("dst", source.Root.Children["src"].Clone())), NoFaults) { Tamper = NameAllTwice };
        FakeRun run = await FakeRun.SyncAsync(source, destination);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(["a", "d", "d/in"], Paths(destination));
        Assert.DoesNotContain("deleting", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_names_an_entry_twice_is_copied_once()
    {
        FakeNode tree = FakeNode.Directory(("a", FakeNode.File([1])), ("d", FakeNode.Directory(("in", FakeNode.File([1])))));
        FakeHost source = new(FakeNode.Directory(("src", tree)), NoFaults) { Tamper = NameAllTwice };
        int made = 0;
        FakeHost destination = new(FakeNode.Directory(("dst", FakeNode.Directory())), NoFaults)
        {
            Watch = (operation, _) => made += operation is "mkstemp" or "mkdir" ? 1 : 0,
        };
        FakeRun run = await FakeRun.SyncAsync(source, destination);
        Assert.Equal("", run.Errors);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(["a", "d", "d/in"], Paths(destination));
        Assert.Equal(3, made);
    }

    /// <summary>Writing below the "directory" would go through the symlink on a destination that follows it.</summary>
    [Fact]
    public async Task A_source_that_names_a_symlink_and_a_directory_alike_gives_the_directory_only()
    {
        FakeNode tree = FakeNode.Directory(("x", FakeNode.Directory(("in", FakeNode.File([1])))));
        FakeHost source = new(FakeNode.Directory(("src", tree)), NoFaults)
        {
            Tamper = (path, list) =>
            {
                if (path == "src") list.Add("x"u8, FakeNode.Link("/etc").Stat, "/etc"u8);
            },
        };
        FakeHost destination = new(FakeNode.Directory(("dst", FakeNode.Directory(("x", FakeNode.Directory())))), NoFaults)
        {
            Watch = (operation, path) => Assert.False(operation is "symlink" or "rmdir", $"{operation} {path}"),
        };
        FakeRun run = await FakeRun.SyncAsync(source, destination);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(["x", "x/in"], Paths(destination));
    }

    [Theory]
    [InlineData("missing/")]
    [InlineData("missing/entry")]
    public async Task A_missing_source_directory_inhibits_deletion(string missing)
    {
        FakeHost source = Host("src", FakeNode.Directory(("a", FakeNode.File([1]))));
        FakeHost destination = Host("dst", FakeNode.Directory(("extra", FakeNode.File([1]))));
        FakeRun run = await FakeRun.SyncAsync(source, destination, sources: [missing, "src/"]);
        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Equal(["a", "extra"], Paths(destination));
        Assert.Contains("[sender] change_dir \"/missing\" failed: No such file or directory (2)", run.Errors, StringComparison.Ordinal);
        Assert.Contains("IO error encountered -- skipping file deletion", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_top_directory_that_vanishes_before_it_is_listed_inhibits_deletion()
    {
        FakeHost source = new(FakeNode.Directory(("src", FakeNode.Directory())), NoFaults)
        {
            Tamper = (_, _) => throw new ReplicaException(ReplicaError.NotFound, "opendir", "No such file or directory (2)"),
        };
        FakeHost destination = Host("dst", FakeNode.Directory(("extra", FakeNode.File([1]))));
        FakeRun run = await FakeRun.SyncAsync(source, destination);
        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Equal(["extra"], Paths(destination));
    }

    [Fact]
    public async Task Listing_only_a_directory_that_cannot_be_listed_is_an_error_and_no_crash()
    {
        FakeHost source = new(FakeNode.Directory(("src", FakeNode.Directory())), NoFaults)
        {
            Tamper = (_, _) => throw new ReplicaException(ReplicaError.PermissionDenied, "opendir", "Permission denied (13)"),
        };
        FakeRun run = await FakeRun.SyncAsync(source, source, new SyncOptions { ListOnly = true });
        Assert.Equal(ExitCode.Partial, run.Code);
    }

    [Fact]
    public async Task A_file_that_was_longer_when_it_was_listed_is_copied_as_it_is()
    {
        byte[] content = [.. Enumerable.Range(0, 2500).Select(i => (byte)i)];
        FakeHost source = new(FakeNode.Directory(("src", FakeNode.Directory(("log", FakeNode.File(content))))), NoFaults)
        {
            Tamper = (_, list) => list.SetStat(0, list.Entries[0].Stat with { Size = 9000 }),
        };
        FakeHost destination = Host("dst", FakeNode.Directory());
        FakeRun run = await FakeRun.SyncAsync(source, destination);
        Assert.Equal("", run.Errors);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(content, destination.Root.Children["dst"].Children["log"].Content);
    }

    [Theory]
    [InlineData(1, 240)]
    [InlineData(0, 247)]
    [InlineData(1, 247)]
    [InlineData(2, 253)]
    public async Task A_temporary_name_is_never_too_long_nor_cut_within_a_character(int ascii, int length)
    {
        string name = new string('.', ascii) + string.Concat(Enumerable.Repeat("\u00C3\u00A9", (length - ascii) / 2)); // é as UTF-8
        FakeHost source = Host("src", FakeNode.Directory((name, FakeNode.File([1]))));
        string temporary = "";
        FakeHost destination = new(FakeNode.Directory(("dst", FakeNode.Directory())), NoFaults)
        {
            Watch = (operation, path) => temporary = operation == "mkstemp" ? path["dst/".Length..] : temporary,
        };
        await FakeRun.SyncAsync(source, destination);
        Assert.InRange(temporary.Length, 9, 255);
        Assert.True(System.Text.Unicode.Utf8.IsValid(FakeHost.Bytes(temporary)), temporary);
    }

    [Fact]
    public async Task A_tree_without_end_ends_where_paths_end()
    {
        FakeNode loop = FakeNode.Directory();
        loop.Children.Add(new string('x', 200), loop);
        FakeHost destination = Host("dst", FakeNode.Directory());
        FakeRun run = await FakeRun.SyncAsync(Host("src", loop), destination);
        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Equal(4095 / 201, Paths(destination).Count());
        Assert.Contains("File name too long (36)", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>Such as a drop box: what is in it is looked up by name, as rsync always does.</summary>
    [Fact]
    public async Task A_destination_that_may_not_be_listed_is_synchronized_all_the_same()
    {
        FakeNode tree = FakeNode.Directory(("same", FakeNode.File([1])), ("link", FakeNode.Link("new")), ("d", FakeNode.Directory()));
        FakeNode old = FakeNode.Directory(("same", FakeNode.File([1])), ("link", FakeNode.Link("old")), ("d", FakeNode.Directory()), ("extra", FakeNode.File([1])));
        int made = 0;
        FakeHost destination = new(FakeNode.Directory(("dst", old)), NoFaults)
        {
            Tamper = (_, _) => throw new ReplicaException(ReplicaError.PermissionDenied, "opendir", "Permission denied (13)"),
            Watch = (operation, _) => made += operation is "mkstemp" or "mkdir" ? 1 : 0,
        };
        FakeRun run = await FakeRun.SyncAsync(Host("src", tree), destination, FakeRun.Archive with { Delete = false });
        Assert.Equal("", run.Errors);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(0, made);
        Assert.Equal("new"u8.ToArray(), old.Children["link"].Target);
        Assert.Equal(["d", "extra", "link", "same"], Paths(destination));
    }

    private static void NameAllTwice(string path, FileList list)
    {
        foreach (FileList.Entry entry in list.Entries.ToArray()) list.Add(list.NameOf(entry).ToArray(), entry.Stat);
    }

    private static FakeHost Host(string name, FakeNode tree) => new(FakeNode.Directory((name, tree)), NoFaults);

    private static IEnumerable<string> Paths(FakeHost host) => host.Root.Children["dst"].Walk().Select(entry => entry.Path);
}
