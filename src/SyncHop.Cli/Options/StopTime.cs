using System.Globalization;

namespace SyncHop.Cli.Options;

/// <summary>When a run is to end (rsync(1), <c>--stop-after</c> and <c>--stop-at</c>).</summary>
internal static class StopTime
{
    private const int LongestSearch = 366 * 9; // days; the 29th of February may be eight years away

    /// <summary>After so many minutes.</summary>
    /// <exception cref="CommandException">It is no positive number.</exception>
    public static TimeSpan After(string value)
    {
        // Whatever follows the digits does not count, as in rsync.
        ReadOnlySpan<char> digits = value.AsSpan().TrimStart();
        if (digits.StartsWith("+")) digits = digits[1..];
        int end = digits.IndexOfAnyExceptInRange('0', '9');
        bool valid = long.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long minutes) && minutes > 0;
        return valid ? TimeSpan.FromMinutes(Math.Min(minutes, int.MaxValue)) : throw CommandException.Usage($"invalid --stop-after value: {value}");
    }

    /// <summary>The next time that a text of the form <c>[[[y-]m-]d][T][[h]:m]</c> fits, in the local time zone.</summary>
    /// <exception cref="CommandException">It is no such text, or that time has passed.</exception>
    public static DateTimeOffset At(string value, DateTimeOffset now)
    {
        int mark = value.IndexOfAny(['T', 't']);
        bool hasDate = mark >= 0 || !value.Contains(':', StringComparison.Ordinal);
        string date = !hasDate ? "" : mark >= 0 ? value[..mark] : value;
        string time = !hasDate ? value : mark >= 0 ? value[(mark + 1)..] : "";
        int?[] days = date.Length == 0 ? [] : [.. date.Split('-', '/').Select(Number)];
        int?[] clock = time.Length == 0 ? [] : [.. time.Split(':').Select((part, i) => i == 0 && part.Length == 0 ? -1 : Number(part))];
        bool valid = value.Length > 0 && days.Length <= 3 && clock.Length is 0 or 2 && days.Length + clock.Length > 0
            && !days.Contains(null) && !clock.Contains(null)
            && (clock.Length == 0 || (clock[0] is >= -1 and < 24 && clock[1] is >= 0 and < 60))
            && (days.Length < 1 || days[^1] is > 0 and < 32) && (days.Length < 2 || days[^2] is > 0 and < 13)
            && (days.Length == 0 || clock.Length == 0 || clock[0] >= 0);
        if (!valid) throw CommandException.Usage($"invalid --stop-at format: {value}");
        return Next(days, clock, now) ?? throw CommandException.Usage($"--stop-at time is not in the future: {value}");
    }

    private static DateTimeOffset? Next(int?[] days, int?[] clock, DateTimeOffset now)
    {
        int? month = days.Length >= 2 ? days[^2] : null, day = days.Length >= 1 ? days[^1] : null;
        // Midnight where only a date is given; every hour where only a minute is.
        int? hour = clock.Length == 0 ? 0 : clock[0] < 0 ? null : clock[0];
        int minute = clock.Length == 0 ? 0 : clock[1]!.Value;
        DateTime local = now.LocalDateTime;
        if (days.Length == 3)
        {
            int year = days[0]!.Value;
            // Two digits are of this century, or of the next where that has passed.
            if (year < 100) return In(year + (local.Year / 100 * 100)) ?? In(year + (local.Year / 100 * 100) + 100);
            return year < 1900 ? null : year >= DateTime.MaxValue.Year ? DateTimeOffset.MaxValue : In(year);
        }
        for (int i = 0; i < LongestSearch; i++)
        {
            DateTime date = local.Date.AddDays(i);
            if ((month ?? date.Month) != date.Month || (day ?? date.Day) != date.Day) continue;
            for (int h = hour ?? 0; h <= (hour ?? 23); h++)
            {
                DateTime candidate = date.AddHours(h).AddMinutes(minute);
                if (candidate > local) return new DateTimeOffset(DateTime.SpecifyKind(candidate, DateTimeKind.Local));
            }
        }
        return null;

        // The 30th of February is the 2nd of March, as mktime(3) has it.
        DateTimeOffset? In(int year)
        {
            DateTime only = new DateTime(year, month!.Value, 1, 0, 0, 0, DateTimeKind.Local).AddDays(day!.Value - 1).AddHours(hour ?? 0).AddMinutes(minute);
            return only > local ? new DateTimeOffset(only) : null;
        }
    }

    private static int? Number(string text) =>
        text.Length <= 9 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
