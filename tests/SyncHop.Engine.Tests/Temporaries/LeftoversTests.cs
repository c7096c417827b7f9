using System.Diagnostics;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Temporaries;
using SyncHop.Engine.Tests.Fakes;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Temporaries;

/// <summary>Which files a run removes because a killed one left them: no other's, and no user's.</summary>
public class LeftoversTests
{
    private static readonly RunTag s_dead = RunTag.Current with { Start = RunTag.Current.Start ^ 1 };
    private static readonly RunTag s_elsewhere = RunTag.Current with { Machine = RunTag.Current.Machine ^ 1 };

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    [Fact]
    public void A_process_that_is_there_has_not_ended()
    {
        Assert.False(RunTag.Current.HasEnded());
        Assert.True(s_dead.HasEnded());
        Assert.False(s_elsewhere.HasEnded());
        using Process other = Process.Start("true");
        other.WaitForExit();
        Assert.True((RunTag.Current with { ProcessId = (uint)other.Id }).HasEnded());
    }

    [Fact]
    public void Of_this_machine_only_what_dead_runs_made_is_left_over()
    {
        Assert.True(IsLeftover(s_dead, Now, Now));
        Assert.False(IsLeftover(RunTag.Current, Now.AddDays(-9), Now.AddDays(-9)));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(2, 2, true)]
    [InlineData(2, 0, false)] // still written to
    [InlineData(0, 9999, false)] // has its source's time and is about to be renamed
    public void Of_other_machines_only_what_rests_for_a_day_is_left_over(int madeDaysAgo, int touchedDaysAgo, bool expected) =>
        Assert.Equal(expected, IsLeftover(s_elsewhere, Now.AddDays(-madeDaysAgo), Now.AddDays(-touchedDaysAgo)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_go_without_a_word_and_nothing_else_does(bool deletes)
    {
        string dead = Temporary("d/file", s_dead), live = Temporary("d/file", s_elsewhere), mine = Temporary("d/mine", s_dead);
        FakeNode source = FakeNode.Directory(("src", FakeNode.Directory(("d", FakeNode.Directory(
            ("file", FakeNode.File([1])), (mine, FakeNode.File([2])))))));
        FakeNode destination = FakeNode.Directory(("dst", FakeNode.Directory(("d", FakeNode.Directory(
            ("file", FakeNode.File([1])), (dead, FakeNode.File([3])), (live, FakeNode.File([4])), (mine, FakeNode.File([2])))))));
        FaultPlan faults = new();
        SyncOptions options = FakeRun.Archive with { Delete = deletes };

        FakeRun dry = await FakeRun.SyncAsync(new FakeHost(source, faults), new FakeHost(destination, faults), options with { DryRun = true });
        Assert.Equal(4, destination.Children["dst"].Children["d"].Children.Count);

        FakeRun run = await FakeRun.SyncAsync(new FakeHost(source, faults), new FakeHost(destination, faults), options);
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.DoesNotContain(dead, run.Output + dry.Output, StringComparison.Ordinal);
        string[] expected = ["file", mine, live];
        Assert.Equal(expected.Order(StringComparer.Ordinal), destination.Children["dst"].Children["d"].Children.Keys);
    }

    private static string Temporary(string path, RunTag owner) => S(TemporaryName.For(P(path), owner, Now).Name);

    private static bool IsLeftover(RunTag owner, DateTimeOffset made, DateTimeOffset touched) => Leftovers.IsLeftover(
        TemporaryName.For(P("name"), owner, made).Name, new FileStat { MtimeSeconds = touched.ToUnixTimeSeconds() }, Now);
}
