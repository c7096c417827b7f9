using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Planning;

/// <summary>What <see cref="DirectoryPlanner"/> plans for regular files.</summary>
public class FilePlanTests
{
    private static readonly SyncOptions Bare = new() { Recursive = true, Dirs = true };

    [Theory]
    [InlineData(1, 1, "")]
    [InlineData(1, 2, "Transfer >f..t...... d/f over")]
    [InlineData(2, 1, "Transfer >f.s....... d/f over")]
    [InlineData(2, 2, "Transfer >f.st...... d/f over")]
    public void A_file_is_sent_when_size_or_time_differ(long size, long mtime, string lines) =>
        Assert.Equal(lines, new PlanCase().Both("f", File(size, mtime), File(1, 1)).Lines());

    [Fact]
    public void A_new_file_is_sent()
    {
        DirectoryPlan plan = new PlanCase().Source("f", File(permissions: 0xFFF, mtime: 7)).Plan();
        PlanItem item = Assert.Single(plan.Items);
        Assert.Equal("p=7777 t=7 u=0 g=0", PlanCase.Show(item.Change));
        Assert.Equal("/src/d/f", S(item.Origin.Replica.FullPath(item.Origin.Path)));
        Assert.False(item.Replaces);
        Assert.Null(item.Obstacle);
    }

    [Theory]
    [InlineData(true, false, "600", "p=755")]
    [InlineData(true, true, "600", "p=755")]
    [InlineData(false, false, "755", "")]
    [InlineData(false, true, "600", "p=644")]
    public void While_it_is_written_nobody_else_may_read_more_than_before(bool perms, bool replaces, string creation, string final)
    {
        PlanCase test = new() { Options = Bare with { Perms = perms } };
        test.Source("f", File(2, permissions: 0x9ED));
        if (replaces) test.There("f", File(1));
        PlanItem item = Assert.Single(test.Plan().Items);
        Assert.Equal(creation, Convert.ToString(item.CreationPermissions, 8));
        Assert.Equal(final.Replace("p=755", "p=4755", StringComparison.Ordinal), PlanCase.Show(item.Change));
    }

    [Theory]
    [InlineData("equal", false, 0, "")]
    [InlineData("equal", true, 0, "Show .f d/f")]
    [InlineData("equal", false, 2, "UpToDate d/f")]
    [InlineData("mode", false, 0, "SetAttributes .f...p..... d/f")]
    [InlineData("mode", false, 2, "AttributesOnly d/f\nSetAttributes .f...p..... d/f")]
    public void An_unchanged_file_is_shown_when_that_is_asked_for(string kind, bool showsUnchanged, int verbosity, string lines)
    {
        PlanCase test = new() { ShowsUnchanged = showsUnchanged, Options = Archive with { Verbosity = verbosity } };
        Assert.Equal(lines, test.Both("f", File(), File(permissions: kind == "mode" ? Rwx : Rw)).Lines());
    }

    /// <summary>Options decide before the times do; the source's file is of time 5.</summary>
    [Theory]
    [InlineData("none", 5, "")]
    [InlineData("none", 6, "Transfer >f..t...... d/f over")]
    [InlineData("IgnoreTimes", 5, "Transfer >f......... d/f over")]
    [InlineData("SizeOnly", 6, "SetAttributes .f..t...... d/f")]
    [InlineData("Update", 6, "Newer d/f")]
    [InlineData("Update", 5, "")]
    [InlineData("Update", 4, "Transfer >f..t...... d/f over")]
    [InlineData("Existing", 4, "Transfer >f..t...... d/f over")]
    [InlineData("Existing", null, "NotCreated d/f")]
    [InlineData("IgnoreExisting", 4, "Exists d/f")]
    [InlineData("IgnoreExisting", null, "Transfer >f+++++++++ d/f")]
    [InlineData("Checksum", 5, "Transfer >fc........ d/f over")]
    [InlineData("ChecksumEqual", 6, "SetAttributes .f..t...... d/f")]
    [InlineData("ChecksumEqual", 5, "")]
    [InlineData("Checksum", null, "Transfer >f+++++++++ d/f")]
    public void Options_choose_what_is_sent(string option, int? mtimeThere, string lines)
    {
        PlanCase test = new()
        {
            Options = Archive with
            {
                IgnoreTimes = option == "IgnoreTimes",
                SizeOnly = option == "SizeOnly",
                Update = option == "Update",
                Existing = option == "Existing",
                IgnoreExisting = option == "IgnoreExisting",
                Checksum = option.StartsWith("Checksum", StringComparison.Ordinal),
            },
            EqualContents = option == "ChecksumEqual" ? ["f"] : [],
        };
        test.Source("f", File(mtime: 5));
        if (mtimeThere is int mtime) test.There("f", File(mtime: mtime));
        Assert.Equal(lines, test.Lines());
    }

    [Fact]
    public void Existing_and_ignore_existing_together_do_nothing()
    {
        PlanCase test = new() { Options = Archive with { Existing = true, IgnoreExisting = true } };
        Assert.Equal("Exists d/f\nNotCreated d/g", test.Both("f", File(1), File(2)).Source("g", File()).Lines());
    }

    [Fact]
    public void Another_kind_of_entry_is_never_too_new() => Assert.Equal(
        "Transfer >f+++++++++ d/f over",
        new PlanCase { Options = Archive with { Update = true } }.Both("f", File(mtime: 1), Stat(FileType.Symlink, mtime: 9)).Lines());

    [Fact]
    public void A_lone_file_may_be_given_a_new_name()
    {
        PlanCase test = new() { With = parts => parts with { RenamedTo = "new", DestinationPath = "to" } };
        DirectoryPlan plan = test.Source("old", File(2)).There("new", File(1)).There("old", File(2)).Plan();
        PlanItem item = Assert.Single(plan.Items);
        Assert.Equal(("d/old", "to/new", true), (S(item.Path.Bytes), S(item.DestinationPath.Bytes), item.Replaces));
    }

    /// <summary>A setuid file whose owner changes: rsync shows what is left to do after chown(2), but a dry run cannot know.</summary>
    [Theory]
    [InlineData(true, "SetAttributes .f....o.... d/f")]
    [InlineData(false, "SetAttributes .f...p..... d/f")]
    public void A_setuid_file_that_is_given_away_is_shown_as_chown_leaves_it(bool dryRun, string lines)
    {
        PlanCase test = new() { Options = Archive with { DryRun = dryRun } };
        FileStat setuid = Stat(FileType.Regular, 0x9ED);
        test.Both("f", setuid with { Uid = 1 }, setuid);
        Assert.Equal(lines, test.Lines());
        Assert.Equal("p=4755 u=1 g=0", PlanCase.Show(Assert.Single(test.Plan().Items).Change));
    }
}
