using SyncHop.Jobs.Units;

namespace SyncHop.Jobs.Tests;

public class CalendarEventTests
{
    [Theory]
    [InlineData("daily", true)]
    [InlineData("*-*-* 03:00", true)]
    [InlineData("Mon..Fri 22:30 Europe/Berlin", true)]
    [InlineData("25:00 bogus", false)]
    [InlineData("-1", false)]
    [InlineData("", false)]
    public void Systemd_says_what_it_takes(string text, bool taken) => Assert.Equal(taken, CalendarEvent.IsTaken(text));
}
