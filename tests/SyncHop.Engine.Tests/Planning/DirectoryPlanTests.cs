using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Scanning;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Planning;

/// <summary>What <see cref="DirectoryPlanner"/> plans for the directory itself, for what is below a skipped one, and for removals.</summary>
public class DirectoryPlanTests
{
    private static readonly Func<PlanCase.NodeParts, PlanCase.NodeParts> AsItem = parts => parts with { IsItem = true };

    private static readonly SyncOptions Deleting = Archive with { Delete = true };

    [Fact]
    public void A_missing_directory_is_made()
    {
        PlanCase test = new() { With = AsItem, StatThere = null, Stat = Dir(mtime: 7, permissions: 0x5ED) };
        Assert.Equal("self MakeDirectory cd+++++++++ d", test.Lines());
        DirectoryPlan plan = test.Plan();
        Assert.Equal("p=2755 t=7 u=0 g=0", PlanCase.Show(plan.After));
        Assert.Null(plan.Self!.Obstacle);
        Assert.Equal("d", S(plan.Self.DestinationPath.Bytes));
    }

    [Fact]
    public void A_large_directory_is_planned_in_parts_that_together_are_the_whole()
    {
        const int count = 25_000;
        PlanCase test = new();
        for (int i = 0; i < count; i++)
        {
            test.Source($"{i:d6}", File(size: i));
            if (i % 3 == 0) test.There($"{i:d6}", File(size: i));
        }
        DirectoryPlan plan = test.Plan();
        List<string> planned = [];
        int parts = 0, largest = 0;
        do
        {
            parts++;
            largest = Math.Max(largest, plan.Items.Count);
            planned.AddRange(plan.Items.Select(item => S(item.Path.Bytes)));
        }
        while (plan.Continue());
        Assert.Equal(Enumerable.Range(0, count).Where(i => i % 3 != 0).Select(i => $"d/{i:d6}"), planned);
        Assert.Equal(3, parts);
        Assert.InRange(largest, 1, 10_000);
    }

    [Theory]
    [InlineData(true, "500", "700")]
    [InlineData(true, "5", "705")]
    [InlineData(false, "500", "500")]
    [InlineData(false, "4755", "755")]
    public void Its_owner_can_fill_it(bool perms, string permissions, string creation)
    {
        PlanCase test = new()
        {
            With = AsItem,
            StatThere = null,
            Stat = Dir(permissions: Convert.ToUInt32(permissions, 8)),
            Options = Archive with { Perms = perms },
        };
        Assert.Equal(creation, Convert.ToString(test.Plan().Self!.CreationPermissions, 8));
    }

    [Fact]
    public void Another_kind_of_entry_makes_way_for_it()
    {
        PlanCase test = new() { With = AsItem, StatThere = Stat(FileType.Symlink) };
        Assert.Equal("self MakeDirectory cd+++++++++ d instead of Symlink[]", test.Lines());
    }

    [Fact]
    public void A_directory_made_just_now_is_shown_as_new()
    {
        PlanCase test = new() { With = parts => parts with { IsItem = true, WasCreated = true } };
        Assert.Equal("self MakeDirectory cd+++++++++ d", test.Lines());
    }

    [Theory]
    [InlineData(100, "755", false, "", "", "t=100")]
    [InlineData(100, "755", true, "self Show .d d", "", "t=100")]
    [InlineData(99, "755", false, "self SetAttributes .d..t...... d", "t=100", "t=100")]
    [InlineData(100, "700", false, "self SetAttributes .d...p..... d", "p=755", "t=100")]
    public void What_is_there_is_brought_up_to_date(long mtime, string permissions, bool shows, string lines, string after, string ifTouched)
    {
        PlanCase test = new() { With = AsItem, ShowsUnchanged = shows, StatThere = Dir(mtime, Convert.ToUInt32(permissions, 8)) };
        Assert.Equal(lines, test.Lines());
        DirectoryPlan plan = test.Plan();
        Assert.Equal((after, ifTouched, "null"), (PlanCase.Show(plan.After), PlanCase.Show(plan.AfterIfTouched), PlanCase.Show(plan.Before)));
    }

    [Fact]
    public void Without_times_a_touched_directory_keeps_its_new_time()
    {
        DirectoryPlan plan = new PlanCase { With = AsItem, Options = Archive with { Times = false }, StatThere = Dir(mtime: 1) }.Plan();
        Assert.True(plan.AfterIfTouched.IsEmpty && plan.After.IsEmpty);
        Assert.Null(plan.Self);
    }

    /// <summary>Permissions: on the source, on the destination; then before and after.</summary>
    [Theory]
    [InlineData("755", "555", true, "p=755", "p=755")]
    [InlineData("555", "555", true, "p=755", "p=555")]
    [InlineData("755", "555", false, "p=755", "p=555")]
    [InlineData("755", "700", true, "null", "p=755")]
    public void A_directory_that_its_owner_cannot_change_is_opened_and_closed_again(
        string source, string there, bool perms, string before, string after)
    {
        PlanCase Case(bool superuser, bool contents) => new()
        {
            With = parts => parts with { IsItem = true, HasContents = contents },
            Options = Archive with { Perms = perms },
            IsSuperuser = superuser,
            Stat = Dir(permissions: Convert.ToUInt32(source, 8)),
            StatThere = Dir(permissions: Convert.ToUInt32(there, 8)),
        };
        DirectoryPlan plan = Case(superuser: false, contents: true).Plan();
        Assert.Equal((before, after), (PlanCase.Show(plan.Before), PlanCase.Show(plan.After)));
        Assert.Null(Case(superuser: true, contents: true).Plan().Before);
        Assert.Null(Case(superuser: false, contents: false).Plan().Before);
    }

    [Fact]
    public void The_top_above_named_arguments_is_no_item() =>
        Assert.Null(new PlanCase { StatThere = Dir(mtime: 1), ShowsUnchanged = true }.Plan().Self);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Directories_below_are_planned_on_their_own(bool recursive) =>
        Assert.Equal("", new PlanCase { Options = Archive with { Recursive = recursive } }.Source("x", Dir()).Lines());

    [Fact]
    public void Below_a_directory_that_is_not_created_nothing_is_said()
    {
        PlanCase top = new() { With = parts => parts with { IsItem = true, IsSkipped = true }, StatThere = null };
        Assert.Equal("NotCreated d/", top.Source("f", File()).Lines());
        DirectoryNode skipped = top.Node();
        PlanCase below = new() { With = parts => parts with { IsItem = true, IsSkipped = true, Parent = skipped }, StatThere = null };
        Assert.Equal("", below.Source("f", File()).Lines());
    }

    [Fact]
    public void In_a_directory_whose_place_is_taken_every_entry_is_an_error()
    {
        PlanCase test = new()
        {
            With = parts => parts with { IsItem = true, IsSkipped = true, IsBlocked = true },
            Options = Archive with { Specials = false, Delete = true },
            StatThere = File(),
        };
        Assert.Equal("Exists d/\nBlocked d/f\nNonRegular d/p\nBlocked d/x/",
            test.Source("f", File()).Source("p", Stat(FileType.Fifo)).Source("x", Dir()).Lines());
    }

    [Fact]
    public void Removals_go_backwards_through_the_list_and_contents_before_their_directory()
    {
        PlanCase test = new() { Options = Deleting };
        test.Both("kept", File(), File()).Both("both", Dir(), Dir());
        test.There("a", File()).There("b", File()).There("x-y", Dir()).There("x", Dir(), "", new Deletion(P("d/x/1"), FileType.Regular));
        test.There("l", Stat(FileType.Symlink), "t");
        Assert.Equal("delete d/x/1\ndelete d/x/\ndelete d/x-y/\ndelete d/l\ndelete d/b\ndelete d/a", test.Lines());
    }

    [Fact]
    public void A_directory_that_cannot_be_emptied_is_kept()
    {
        PlanCase test = new() { Options = Deleting };
        test.There("x", Dir(), "", new Deletion(P("d/x/m"), FileType.Directory, IsKept: true), new Deletion(P("d/x/?"), FileType.Unknown));
        test.There("y", Dir(), "", new Deletion(P("d/y/1"), FileType.Regular));
        Assert.Equal("delete d/y/1\ndelete d/y/\ndelete d/x/m/ (kept)\ndelete d/x/ (kept)", test.Lines());
    }

    [Fact]
    public void Nothing_is_removed_unless_all_is_well()
    {
        static PlanCase With(PlanCase test) => test.There("a", File());
        Assert.Equal("delete d/a", With(new PlanCase { Options = Deleting }).Lines());
        Assert.Equal("", With(new PlanCase()).Lines());
        Assert.Equal("", With(new PlanCase { Options = Deleting, ScanFailed = true }).Lines());
        Assert.Equal("", With(new PlanCase { Options = Deleting, With = parts => parts with { HasContents = false } }).Lines());
        Assert.Equal("", With(new PlanCase { Options = Deleting, StatThere = null }).Lines());
    }

    [Fact]
    public void What_is_passed_over_is_not_removed()
    {
        PlanCase test = new() { Options = Deleting with { Specials = false, Update = true, IgnoreExisting = true } };
        Assert.Equal("Exists d/f\nExists d/p", test.Both("f", File(), File(mtime: 200)).Both("p", Stat(FileType.Fifo), File()).Lines());
    }
}
