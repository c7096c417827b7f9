using SyncHop.Cli.Jobs;
using SyncHop.Cli.Running;
using SyncHop.Jobs.Configuration;
using Xunit;

namespace SyncHop.Cli.Tests;

/// <summary>The clock is set while a run goes on: what counts time does not notice, and what goes by the clock follows it.</summary>
public class ClockTests
{
    private const int Moments = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_limit_of_time_does_not_depend_on_the_clock()
    {
        Random random = new(3);
        for (int i = 0; i < Moments; i++)
        {
            SteppedClock clock = new();
            TimeSpan limit = TimeSpan.FromMinutes(random.Next(1, 60));
            await using Deadline deadline = new(null, limit, Token, clock);
            clock.Pass(limit * random.NextDouble() * 0.9);
            clock.Set(TimeSpan.FromDays(random.Next(-4000, 4000)));
            Assert.False(deadline.HasPassed);
            clock.Pass(limit);
            Assert.True(deadline.HasPassed);
            Assert.True(deadline.Token.IsCancellationRequested);
        }
    }

    [Fact]
    public async Task A_point_in_time_is_one_of_the_clock()
    {
        SteppedClock clock = new();
        await using Deadline deadline = new(clock.GetUtcNow().AddHours(1), null, Token, clock);
        clock.Pass(TimeSpan.FromMinutes(50));
        clock.Set(TimeSpan.FromHours(-2));
        clock.Pass(TimeSpan.FromMinutes(50));
        Assert.False(deadline.HasPassed);
        clock.Set(TimeSpan.FromHours(2));
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True(deadline.HasPassed);
    }

    [Fact]
    public void The_rate_follows_the_time_of_day()
    {
        DateTime now = new(2026, 4, 15, 7, 59, 59);
        BandwidthSchedule schedule = new(
            [Window("08:00", "18:00", "2m"), Window("22:00", "06:00", "0"), Window("17:00", "23:00", "1m")], otherwise: 77, () => now);
        Assert.Equal(77, schedule.Now());
        // Looked at once a second, since every write asks.
        now = now.AddSeconds(1);
        Assert.Equal(77, schedule.Now());
        Assert.Equal(2 << 20, schedule.At(new TimeOnly(8, 0)));
        Assert.Equal(2 << 20, schedule.At(new TimeOnly(17, 30)));
        Assert.Equal(1 << 20, schedule.At(new TimeOnly(18, 0)));
        Assert.Equal(0, schedule.At(new TimeOnly(23, 59)));
        Assert.Equal(0, schedule.At(new TimeOnly(5, 59)));
        Assert.Equal(77, schedule.At(new TimeOnly(6, 0)));
    }

    [Fact]
    public async Task The_rate_is_looked_up_again_after_a_second()
    {
        DateTime now = new(2026, 4, 15, 12, 0, 0);
        BandwidthSchedule schedule = new([Window("08:00", "18:00", "2m")], otherwise: 0, () => now);
        Assert.Equal(2 << 20, schedule.Now());
        now = now.AddHours(-9);
        await Task.Delay(1100, Token);
        Assert.Equal(0, schedule.Now());
    }

    [Fact]
    public void A_limit_that_is_none_is_refused() =>
        Assert.Throws<CommandException>(() => new BandwidthSchedule([Window("08:00", "18:00", "much")], 0));

    private static BandwidthWindow Window(string from, string to, string limit) =>
        new(TimeOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), TimeOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture), limit);

    /// <summary>Time that passes, and a clock that is set, when the test says so.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private readonly List<Action> _timers = [];
        private TimeSpan _passed, _set;

        public override long GetTimestamp() => _passed.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 4, 15, 0, 0, 0, TimeSpan.Zero) + _passed + _set;

        public void Set(TimeSpan by) => _set += by;

        public void Pass(TimeSpan time)
        {
            _passed += time;
            foreach (Action timer in _timers.ToArray()) timer();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add(() => callback(state));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
