using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Scanning;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Planning;

/// <summary>What <see cref="DirectoryPlanner"/> plans for symlinks, devices, pipes and sockets, and where something is in the way.</summary>
public class LinkAndSpecialPlanTests
{
    private static readonly FileStat Link = Stat(FileType.Symlink, 0x1FF);

    [Theory]
    [InlineData("to", 100, "")]
    [InlineData("to", 99, "SetAttributes .L..t...... d/l")]
    [InlineData("else", 100, "MakeSymlink cLc........ d/l over")]
    [InlineData("else", 99, "MakeSymlink cLc.t...... d/l over")]
    [InlineData("t", 100, "MakeSymlink cLc........ d/l over")]
    public void A_symlink_is_made_anew_when_its_target_differs(string target, long mtime, string lines) =>
        Assert.Equal(lines, new PlanCase().Source("l", Link, "to").There("l", Link with { MtimeSeconds = mtime }, target).Lines());

    [Fact]
    public void A_symlink_carries_its_target_and_no_permissions()
    {
        PlanItem item = Assert.Single(new PlanCase().Source("l", Link, "to/\xFF").Plan().Items);
        Assert.Equal(("to/\xFF", "t=100 u=0 g=0"), (S(item.Target), PlanCase.Show(item.Change)));
    }

    [Theory]
    [InlineData(FileType.Symlink, "Links")]
    [InlineData(FileType.Fifo, "Specials")]
    [InlineData(FileType.Socket, "Specials")]
    [InlineData(FileType.CharacterDevice, "Devices")]
    [InlineData(FileType.BlockDevice, "Devices")]
    public void Each_kind_needs_its_option(object type, string option)
    {
        SyncOptions all = Archive;
        SyncOptions without = option switch
        {
            "Links" => all with { Links = false },
            "Specials" => all with { Specials = false },
            _ => all with { Devices = false },
        };
        FileStat stat = Stat((FileType)type);
        Assert.Single(new PlanCase { Options = all }.Source("x", stat, "t").Plan().Items);
        Assert.Equal("NonRegular d/x", new PlanCase { Options = without }.Source("x", stat, "t").Lines());
        Assert.Equal("NonRegular d/x", new PlanCase { Options = without }.Source("x", stat, "t").There("x", File()).Lines());
    }

    [Fact]
    public void An_unknown_kind_is_passed_over() =>
        Assert.Equal("NonRegular d/x", new PlanCase().Source("x", Stat(FileType.Unknown)).Lines());

    [Fact]
    public void Only_the_superuser_makes_devices()
    {
        PlanCase test = new() { IsSuperuser = false };
        Assert.Equal("NonRegular d/b\nNonRegular d/c\nMakeSpecial cS+++++++++ d/p",
            test.Source("b", Stat(FileType.BlockDevice)).Source("c", Stat(FileType.CharacterDevice)).Source("p", Stat(FileType.Fifo)).Lines());
    }

    [Theory]
    [InlineData(FileType.Fifo, FileType.Fifo, 1, "")]
    [InlineData(FileType.Fifo, FileType.Socket, 1, "MakeSpecial cS+++++++++ d/x over")]
    [InlineData(FileType.CharacterDevice, FileType.CharacterDevice, 1, "")]
    [InlineData(FileType.CharacterDevice, FileType.CharacterDevice, 2, "MakeSpecial cDc........ d/x over")]
    [InlineData(FileType.CharacterDevice, FileType.BlockDevice, 1, "MakeSpecial cD+++++++++ d/x over")]
    public void Kind_and_device_number_are_compared(object source, object there, int number, string lines) => Assert.Equal(lines,
        new PlanCase().Both("x", Stat((FileType)source) with { Rdev = 1 }, Stat((FileType)there) with { Rdev = (ulong)number }).Lines());

    [Fact]
    public void What_the_destination_cannot_make_is_told()
    {
        PlanCase test = new() { Traits = Samples.Traits with { CanMakeSpecialFiles = false } };
        test.Source("p", Stat(FileType.Fifo)).Both("same", Stat(FileType.Fifo), Stat(FileType.Fifo));
        Assert.Equal("CannotMakeSpecial d/p", test.Lines());
    }

    [Fact]
    public void A_device_whose_number_is_not_known_cannot_be_made()
    {
        PlanCase test = new() { SourceTraits = Samples.Traits with { KnowsDevices = false } };
        test.Source("new", Stat(FileType.BlockDevice)).Both("old", Stat(FileType.BlockDevice), Stat(FileType.BlockDevice));
        Assert.Equal("CannotMakeSpecial d/new\nCannotMakeSpecial d/old\nMakeSpecial cS+++++++++ d/pipe", test.Source("pipe", Stat(FileType.Fifo)).Lines());
    }

    [Fact]
    public void What_is_made_in_one_step_has_its_permissions_from_the_start()
    {
        DirectoryPlan plan = new PlanCase().Both("p", Stat(FileType.Fifo, 0xFB6), File()).Plan();
        Assert.Equal("666", Convert.ToString(Assert.Single(plan.Items).CreationPermissions, 8));
    }

    [Theory]
    [InlineData(FileType.Regular, "Transfer >f+++++++++")]
    [InlineData(FileType.Symlink, "MakeSymlink cL+++++++++")]
    [InlineData(FileType.Fifo, "MakeSpecial cS+++++++++")]
    public void An_empty_directory_makes_way(object type, string line) => Assert.Equal(
        $"{line} d/x instead of Directory[]", new PlanCase().Source("x", Stat((FileType)type), "t").There("x", Dir()).Lines());

    [Fact]
    public void A_directory_with_contents_makes_way_only_with_delete()
    {
        Deletion[] below = [new(P("d/x/y"), FileType.Directory, ParentGoes: true), new(P("d/x/z"), FileType.Regular, ParentGoes: true)];
        Assert.Equal("CannotMakeWay d/x", new PlanCase().Source("x", File()).There("x", Dir(), "", below).Lines());
        PlanCase deletes = new() { Options = Archive with { Delete = true } };
        Assert.Equal("RemovedToMakeWay d/x/y/\nRemovedToMakeWay d/x/z\nTransfer >f+++++++++ d/x instead of Directory[d/x/y d/x/z]",
            deletes.Source("x", File()).There("x", Dir(), "", below).Lines());
        PlanCase kept = new() { Options = Archive with { Delete = true } };
        Assert.Equal("CannotMakeWay d/x\ndelete d/x/y/ (kept)",
            kept.Source("x", File()).There("x", Dir(), "", new Deletion(P("d/x/y"), FileType.Directory, IsKept: true)).Lines());
    }

    [Theory]
    [InlineData(FileType.Regular, FileType.Symlink, "Transfer >f+++++++++")]
    [InlineData(FileType.Regular, FileType.Fifo, "Transfer >f+++++++++")]
    [InlineData(FileType.Symlink, FileType.Regular, "MakeSymlink cL+++++++++")]
    [InlineData(FileType.Fifo, FileType.Regular, "MakeSpecial cS+++++++++")]
    public void Whatever_else_is_there_is_renamed_over(object type, object there, string line)
    {
        PlanItem item = Assert.Single(new PlanCase().Source("x", Stat((FileType)type), "t").There("x", Stat((FileType)there), "t").Plan().Items);
        Assert.True(item.Replaces);
        Assert.Null(item.Obstacle);
        Assert.Equal($"{line} d/x over", new PlanCase().Source("x", Stat((FileType)type), "t").There("x", Stat((FileType)there), "t").Lines());
    }
}
