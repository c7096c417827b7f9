using System.Globalization;

namespace SyncHop.Cli.Options;

/// <summary>
/// A number of bytes as rsync(1) describes under <c>--max-size</c>: digits that may have a fraction, then <c>B</c>, or <c>K M G T P</c>
/// (of 1024, as with <c>iB</c>; of 1000 with <c>B</c>), then <c>+1</c> or <c>-1</c>.
/// </summary>
internal static class SizeValue
{
    private const string Units = "bkmgtp";

    /// <summary>The number of bytes.</summary>
    /// <param name="option">The option with its dashes, for the message.</param>
    /// <param name="value">What was typed.</param>
    /// <param name="unit">The unit of a number without one, a letter of <c>bkmgtp</c>.</param>
    /// <param name="maximum">The largest that is allowed.</param>
    /// <param name="maximumText">How the message shows that; empty when it does not.</param>
    /// <exception cref="CommandException">It is not such a number, or too large.</exception>
    public static long Parse(string option, string value, char unit, long maximum, string maximumText)
    {
        double bytes = Read(value, unit) ?? throw CommandException.Usage($"{option}={value} is invalid");
        if (bytes > maximum || bytes < 0) throw CommandException.Usage($"{option}={value} is too large{(maximumText.Length > 0 ? $" (max: {maximumText})" : "")}");
        return (long)bytes;
    }

    private static double? Read(string value, char unit)
    {
        int end = 0;
        while (end < value.Length && (char.IsAsciiDigit(value[end]) || value[end] == '.' || (end == 0 && value[end] is '-'))) end++;
        double number = 0;
        if (end > 0 && !double.TryParse(value.AsSpan(0, end), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            return null;
        ReadOnlySpan<char> rest = value.AsSpan(end);
        int power = Units.IndexOf(unit, StringComparison.Ordinal);
        double factor = 1024;
        if (!rest.IsEmpty && Units.IndexOf(char.ToLowerInvariant(rest[0]), StringComparison.Ordinal) is >= 0 and int found)
        {
            power = found;
            rest = rest[1..];
            if (rest.StartsWith("ib", StringComparison.OrdinalIgnoreCase)) rest = rest[2..];
            else if (power > 0 && rest.StartsWith("b", StringComparison.OrdinalIgnoreCase))
            {
                factor = 1000;
                rest = rest[1..];
            }
        }
        double adjust = rest is "+1" ? 1 : rest is "-1" ? -1 : 0;
        if (adjust == 0 && !rest.IsEmpty) return null;
        return Math.Floor(number * Math.Pow(factor, power)) + adjust;
    }
}
