using CsCheck;
using SyncHop.Jobs.Snapshots;

namespace SyncHop.Jobs.Tests;

public class KeepRuleTests
{
    private static readonly DateTime Start = new(2023, 12, 28, 0, 0, 0, DateTimeKind.Unspecified);

    /// <summary>Times within two years, in clusters and alone, so that hours and days have several and none.</summary>
    private static readonly Gen<SnapshotName[]> Names =
        Gen.Int[0, 63_000_000].Select(Gen.Int[0, 7200].Array[1, 4]).Array[0, 30].Select(static clusters =>
            clusters.SelectMany(static cluster => cluster.Item2.Select(offset => new SnapshotName(Start.AddSeconds(cluster.Item1 + offset)))).Distinct().ToArray());

    private static readonly Gen<KeepRule> Rules = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 3])
        .Select(static n => new KeepRule { Last = n.Item1, Hourly = n.Item2, Daily = n.Item3, Weekly = n.Item4, Monthly = n.Item5, Yearly = n.Item6 });

    private static readonly (Func<KeepRule, int> Count, Func<DateTime, string> Period)[] Periods =
    [
        (rule => rule.Hourly, time => $"{time:yyyy-MM-dd HH}"),
        (rule => rule.Daily, time => $"{time:yyyy-MM-dd}"),
        (rule => rule.Weekly, time => $"{System.Globalization.ISOWeek.GetYear(time)} {System.Globalization.ISOWeek.GetWeekOfYear(time):00}"),
        (rule => rule.Monthly, time => $"{time:yyyy-MM}"),
        (rule => rule.Yearly, time => $"{time:yyyy}"),
    ];

    [Fact]
    public void What_is_kept_is_what_some_rule_wants() => Gen.Select(Names, Rules).Sample((names, rule) =>
    {
        HashSet<SnapshotName> gone = [.. rule.Surplus(names)];
        foreach (SnapshotName name in names)
        {
            // By definition, the slow way: the newest of its period, and fewer later periods that have any than are wanted.
            bool wanted = names.Count(other => other.Time > name.Time) < Math.Max(1, rule.Last) || Periods.Any(kind =>
                names.Where(other => kind.Period(other.Time) == kind.Period(name.Time)).Max(other => other.Time) == name.Time
                && names.Where(other => other.Time > name.Time).Select(other => kind.Period(other.Time)).Distinct().Count() < kind.Count(rule));
            if (gone.Contains(name) == wanted) return false;
        }
        return true;
    });

    [Fact]
    public void What_was_kept_is_kept_when_nothing_was_added() => Gen.Select(Names, Rules).Sample((names, rule) =>
        rule.Surplus(names.Except(rule.Surplus(names))).Count == 0);

    [Fact]
    public void Order_and_newest_hold() => Gen.Select(Names, Rules).Sample((names, rule) =>
    {
        IReadOnlyList<SnapshotName> gone = rule.Surplus(names);
        SnapshotName[] turned = [.. names.Reverse()];
        return gone.SequenceEqual(rule.Surplus(turned)) && gone.SequenceEqual(gone.OrderBy(one => one.Time))
            && (names.Length == 0 || !gone.Contains(names.MaxBy(one => one.Time)));
    });

    [Fact]
    public void Pruning_after_each_of_a_years_hourly_runs_keeps_what_the_rule_promises()
    {
        KeepRule rule = new() { Hourly = 24, Daily = 7, Weekly = 4, Monthly = 12, Yearly = 3 };
        List<SnapshotName> there = [];
        for (DateTime time = Start; time < Start.AddDays(400); time = time.AddHours(1))
        {
            there.Add(new SnapshotName(time));
            foreach (SnapshotName gone in rule.Surplus(there)) there.Remove(gone);
        }
        Assert.InRange(there.Count, 24 + 6 + 3 + 10, 24 + 7 + 4 + 12 + 3);
        Assert.Equal(12, there.Select(name => $"{name.Time:yyyy-MM}").Distinct().Take(12).Count());
        Assert.Equal(7, there.Where(name => name.Time > Start.AddDays(393)).Select(name => name.Time.Date).Distinct().Count());
    }

    [Fact]
    public void Names_are_read_as_they_are_written() => Gen.Long[0, 3_000_000_000].Sample(seconds =>
    {
        SnapshotName name = SnapshotName.At(DateTime.UnixEpoch.AddSeconds(seconds).AddMilliseconds(500), null);
        byte[] text = System.Text.Encoding.ASCII.GetBytes(name.ToString());
        return SnapshotName.Parse(text) == name && SnapshotName.Parse([.. text, .. ".partial"u8], SnapshotName.PartialSuffix) == name
            && SnapshotName.Parse([.. text, .. ".partial"u8]) is null && SnapshotName.Parse(text.AsSpan(1)) is null;
    });

    [Fact]
    public void A_name_is_later_than_all_that_are_there()
    {
        SnapshotName first = SnapshotName.At(Start.AddMilliseconds(300), null);
        Assert.Equal("2023-12-28T00-00-00", first.ToString());
        Assert.Equal("2023-12-28T00-00-01", SnapshotName.At(Start.AddHours(-1), first).ToString());
        Assert.Equal("2023-12-28T00-00-05", SnapshotName.At(Start.AddSeconds(5), first).ToString());
    }

    /// <summary>A server can have any name.</summary>
    [Fact]
    public void After_the_last_day_there_is_no_name()
    {
        Assert.Null(SnapshotName.Parse("9999-12-31T23-59-59"u8));
        SnapshotName last = SnapshotName.Parse("9999-12-30T23-59-59"u8)!.Value;
        Assert.Equal("2023-12-28T00-00-00", SnapshotName.At(Start, last).ToString());
    }
}
