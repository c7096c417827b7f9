using System.Globalization;

namespace SyncHop.LinkEmulator;

/// <summary>Numbers with units as people write them for links.</summary>
public static class Quantity
{
    private static readonly (string Suffix, double Factor)[] Sizes =
        [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("B", 1), ("", 1)];

    private static readonly (string Suffix, double Factor)[] Rates =
        [("Kbit", 1e3 / 8), ("Mbit", 1e6 / 8), ("Gbit", 1e9 / 8)];

    private static readonly (string Suffix, double Factor)[] Times = [("us", 1e-6), ("ms", 1e-3), ("s", 1)];

    /// <summary>A size in bytes: <c>2MiB</c>, <c>64KB</c>, <c>1000</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static long Size(string text) => (long)Parse(text, Sizes, "a size such as 6MiB");

    /// <summary>A rate as bytes per second: <c>100Mbit</c>, <c>1Gbit</c>; 0 for <c>unlimited</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static long Rate(string text) => text == "unlimited" ? 0 : (long)Parse(text, Rates, "a rate such as 100Mbit");

    /// <summary>A time: <c>50ms</c>, <c>200us</c>, <c>1s</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan Time(string text) => TimeSpan.FromSeconds(Parse(text, Times, "a time such as 50ms"));

    private static double Parse(string text, (string Suffix, double Factor)[] units, string wanted)
    {
        foreach ((string suffix, double factor) in units)
        {
            if (!text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) continue;
            string digits = text[..^suffix.Length].TrimEnd();
            if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * factor < 1e15)
                return number * factor;
        }
        throw new FormatException($"\"{text}\" is not {wanted}");
    }
}
