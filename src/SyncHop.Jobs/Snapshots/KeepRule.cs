namespace SyncHop.Jobs.Snapshots;

/// <summary>
/// Which snapshots are kept: of each of the last <see cref="Hourly"/> hours in which there are any the newest, and so on for days, weeks
/// (Monday to Sunday), months and years, by the clock that named them. The newest of all is always kept.
/// </summary>
public sealed record KeepRule
{
    /// <summary>How many of the newest, whenever they are.</summary>
    public int Last { get; init; }

    /// <summary>How many hours.</summary>
    public int Hourly { get; init; }

    /// <summary>How many days.</summary>
    public int Daily { get; init; }

    /// <summary>How many weeks.</summary>
    public int Weekly { get; init; }

    /// <summary>How many months.</summary>
    public int Monthly { get; init; }

    /// <summary>How many years.</summary>
    public int Yearly { get; init; }

    /// <summary>The ones to be removed, oldest first.</summary>
    /// <param name="snapshots">All complete snapshots, in any order, each once.</param>
    public IReadOnlyList<SnapshotName> Surplus(IEnumerable<SnapshotName> snapshots)
    {
        List<SnapshotName> newestFirst = [.. snapshots.OrderByDescending(static one => one.Time)];
        HashSet<SnapshotName> kept = [.. newestFirst.Take(Math.Max(1, Last))];
        Keep(Hourly, static time => time.Ticks / TimeSpan.TicksPerHour);
        Keep(Daily, static time => Day(time));
        Keep(Weekly, static time => Day(time) / 7); // 0001-01-01, the day 0, was a Monday.
        Keep(Monthly, static time => (time.Year * 12L) + time.Month);
        Keep(Yearly, static time => time.Year);
        newestFirst.Reverse();
        return [.. newestFirst.Where(one => !kept.Contains(one))];

        void Keep(int periods, Func<DateTime, long> periodOf)
        {
            long? last = null;
            foreach (SnapshotName one in newestFirst)
            {
                long period = periodOf(one.Time);
                if (period == last) continue;
                if (periods-- <= 0) return;
                last = period;
                kept.Add(one);
            }
        }
    }

    private static long Day(DateTime time) => time.Ticks / TimeSpan.TicksPerDay;
}
