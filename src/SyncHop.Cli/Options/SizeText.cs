using System.Globalization;

namespace SyncHop.Cli.Options;

/// <summary>Sizes as rsync takes them: <c>1.5m</c>, <c>2KB</c>, <c>3KiB-1</c> (rsync(1), <c>--max-size</c>).</summary>
internal static class SizeText
{
    private const string Units = "BKMGTP";
    private const long SmallestRate = 512;

    /// <summary>A number of bytes.</summary>
    /// <param name="option">The option with its dashes, for the message.</param>
    /// <param name="value">What was typed; a number without a unit is of bytes.</param>
    /// <param name="maximum">The largest that is allowed.</param>
    /// <param name="maximumText">How the message shows that; empty when it does not.</param>
    /// <exception cref="CommandException">It is not such a number, or too large; the message is rsync's.</exception>
    public static long Parse(string option, string value, long maximum, string maximumText)
    {
        if (!TryParse(value, 'B', out decimal bytes)) throw CommandException.Usage($"{option}={value} is invalid");
        if (bytes < 0 || bytes > maximum) throw CommandException.Usage($"{option}={value} is too large{(maximumText.Length > 0 ? $" (max: {maximumText})" : "")}");
        return (long)bytes;
    }

    /// <summary>A bandwidth in bytes a second, rounded to whole KiB; 0 for no limit.</summary>
    /// <exception cref="CommandException">It is not valid; the message is rsync's.</exception>
    public static long Bandwidth(string value)
    {
        if (value.Length == 0) return 0;
        if (!TryParse(value, 'K', out decimal bytes)) throw CommandException.Usage($"--bwlimit={value} is invalid");
        if (bytes < 0 || bytes >= long.MaxValue) throw CommandException.Usage($"--bwlimit={value} is too large");
        if (bytes > 0 && bytes < SmallestRate)
            throw CommandException.Usage($"--bwlimit={value} is too small (min: {SmallestRate} or 0 for unlimited)");
        return (long)((bytes + 512) / 1024) * 1024;
    }

    /// <summary>Reads a size.</summary>
    /// <param name="value">The text.</param>
    /// <param name="unit">The letter it has if it has none.</param>
    /// <param name="bytes">The size in bytes, without its fraction; that of a negative number is some negative number.</param>
    /// <returns>Whether it is a size.</returns>
    public static bool TryParse(string value, char unit, out decimal bytes)
    {
        bytes = 0;
        if (value is ['-', (>= '1' and <= '9') or '.', ..])
        {
            bytes = -1;
            return TryParse(value[1..], unit, out _);
        }
        if (value is ['-' or '+', ..]) return false;
        int end = 0;
        while (end < value.Length && (char.IsAsciiDigit(value[end]) || value[end] == '.')) end++;
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        ReadOnlySpan<char> digits = end == 0 || (end == 1 && value[0] == '.') ? "0" : value.AsSpan(0, end);
        if (digits.Count('.') > 1) return false;
        if (!decimal.TryParse(digits, style, CultureInfo.InvariantCulture, out decimal number)) number = decimal.MaxValue;
        ReadOnlySpan<char> rest = value.AsSpan(end);
        bool hasUnit = rest.Length > 0 && Units.Contains(char.ToUpperInvariant(rest[0]), StringComparison.Ordinal);
        if (hasUnit)
        {
            unit = char.ToUpperInvariant(rest[0]);
            rest = rest[1..];
        }
        decimal factor = 1024;
        if (hasUnit && rest.StartsWith("ib", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest[2..];
        }
        else if (hasUnit && rest.StartsWith("b", StringComparison.OrdinalIgnoreCase))
        {
            factor = 1000;
            rest = rest[1..];
        }
        try
        {
            for (int i = Units.IndexOf(unit, StringComparison.Ordinal); i > 0; i--) number *= factor;
        }
        catch (OverflowException)
        {
            number = decimal.MaxValue;
        }
        bytes = decimal.Truncate(number);
        if (rest is "+1" or "-1")
        {
            bytes += rest[0] == '+' && bytes < decimal.MaxValue ? 1 : -1;
            rest = [];
        }
        return rest.IsEmpty;
    }
}
