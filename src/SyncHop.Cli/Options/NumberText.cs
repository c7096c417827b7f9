using System.Globalization;
using System.Numerics;

namespace SyncHop.Cli.Options;

/// <summary>
/// Whole numbers as rsync's options take them, which is as strtol(3) reads them: blanks and a sign may come first, <c>0x</c> makes a
/// number hexadecimal and <c>0</c> octal, and nothing at all is 0.
/// </summary>
internal static class NumberText
{
    /// <summary>Reads a number.</summary>
    /// <param name="word">What was typed, for the message: with the option where that is in the same word.</param>
    /// <param name="value">The value in it.</param>
    /// <exception cref="CommandException">It is no number, or none of 32 bits; the message is rsync's.</exception>
    public static int Parse(string word, string value)
    {
        if (value.Length == 0) return 0;
        BigInteger number = Read(value) ?? throw CommandException.Usage($"{word}: invalid numeric value");
        return number >= int.MinValue && number <= int.MaxValue ? (int)number : throw CommandException.Usage($"{word}: number too large or too small");
    }

    private static BigInteger? Read(string value)
    {
        ReadOnlySpan<char> digits = value.AsSpan().TrimStart(" \t\n\v\f\r");
        bool isNegative = digits is ['-', ..];
        if (digits is ['-' or '+', ..]) digits = digits[1..];
        int numberBase = 10;
        if (digits is ['0', 'x' or 'X', ..])
        {
            numberBase = 16;
            digits = digits[2..];
        }
        else if (digits is ['0', ..])
        {
            numberBase = 8;
        }
        if (digits.IsEmpty) return null;
        BigInteger number = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? int.Parse([c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : numberBase;
            if (digit >= numberBase) return null;
            // Nothing is gained by the exact value of what is too large.
            if (number <= long.MaxValue) number = number * numberBase + digit;
        }
        return isNegative ? -number : number;
    }
}
