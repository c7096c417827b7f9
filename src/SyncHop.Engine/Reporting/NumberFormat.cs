using System.Globalization;

namespace SyncHop.Engine.Reporting;

/// <summary>Numbers as rsync shows them at its levels of <c>--human-readable</c>.</summary>
internal static class NumberFormat
{
    private const string Units = "KMGTP";

    /// <summary>A count of bytes.</summary>
    /// <param name="value">The number.</param>
    /// <param name="level">0 plain digits, 1 groups of three, 2 units of 1000, 3 units of 1024.</param>
    public static string Count(long value, int level)
    {
        if (level >= 2 && WithUnit(value, level) is string short_) return short_;
        return value.ToString(level == 0 ? "D" : "N0", CultureInfo.InvariantCulture);
    }

    /// <summary>A rate or ratio, with two decimals.</summary>
    public static string Fraction(double value, int level)
    {
        if (level >= 2 && WithUnit(value, level) is string short_) return short_;
        return value.ToString(level == 0 ? "F2" : "N2", CultureInfo.InvariantCulture);
    }

    private static string? WithUnit(double value, int level)
    {
        double unit = level == 2 ? 1000 : 1024;
        if (Math.Abs(value) < unit) return null;
        int index = 0;
        value /= unit;
        while (Math.Abs(value) >= unit && index < Units.Length - 1)
        {
            value /= unit;
            index++;
        }
        return value.ToString("F2", CultureInfo.InvariantCulture) + Units[index];
    }
}
