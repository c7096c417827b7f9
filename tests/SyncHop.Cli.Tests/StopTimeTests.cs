using SyncHop.Cli.Options;
using Xunit;

namespace SyncHop.Cli.Tests;

public class StopTimeTests
{
    // A Wednesday, in the local time zone.
    private static readonly DateTimeOffset s_now = new(new DateTime(2026, 4, 15, 13, 30, 20, DateTimeKind.Local));

    [Theory]
    [InlineData("2026-12-31T23:59", "2026-12-31 23:59")]
    [InlineData("26/12/31T23:59", "2026-12-31 23:59")]
    [InlineData("20-1-1", "2120-01-01 00:00")]
    [InlineData("02030-1-1", "2030-01-01 00:00")]
    [InlineData("2027-1-2", "2027-01-02 00:00")]
    [InlineData("2027-2-30", "2027-03-02 00:00")]
    [InlineData("1-30", "2027-01-30 00:00")]
    [InlineData("4-15", "2027-04-15 00:00")]
    [InlineData("4-15T13:31", "2026-04-15 13:31")]
    [InlineData("2-29", "2028-02-29 00:00")]
    [InlineData("1", "2026-05-01 00:00")]
    [InlineData("31", "2026-05-31 00:00")]
    [InlineData("14:00", "2026-04-15 14:00")]
    [InlineData("13:30", "2026-04-16 13:30")]
    [InlineData("0:00", "2026-04-16 00:00")]
    [InlineData(":59", "2026-04-15 13:59")]
    [InlineData(":10", "2026-04-15 14:10")]
    public void The_next_time_that_fits(string value, string expected) =>
        Assert.Equal(expected, StopTime.At(value, s_now).LocalDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("9999-12-31")]
    [InlineData("10000-1-1T12:00")]
    public void A_year_that_never_comes(string value) => Assert.Equal(DateTimeOffset.MaxValue, StopTime.At(value, s_now));

    [Theory]
    [InlineData("2030-12-30T:30", "invalid --stop-at format: 2030-12-30T:30")]
    [InlineData("1899-1-1", "--stop-at time is not in the future: 1899-1-1")]
    [InlineData("100-1-1", "--stop-at time is not in the future: 100-1-1")]
    public void No_time(string value, string message) => Assert.Equal(message, Assert.Throws<CommandException>(() => StopTime.At(value, s_now)).Message);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("+90", 90)]
    [InlineData("5 minutes", 5)]
    public void Minutes_from_now(string value, int minutes) => Assert.Equal(TimeSpan.FromMinutes(minutes), StopTime.After(value));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("-5")]
    public void No_minutes(string value) => Assert.Throws<CommandException>(() => StopTime.After(value));
}
