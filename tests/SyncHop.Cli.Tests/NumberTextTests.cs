using SyncHop.Cli.Options;
using Xunit;

namespace SyncHop.Cli.Tests;

public class NumberTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("12", 12)]
    [InlineData(" \t+12", 12)]
    [InlineData("-2147483648", int.MinValue)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("010", 8)]
    [InlineData("-0x1F", -31)]
    public void Numbers_are_read_as_by_strtol(string value, int expected) => Assert.Equal(expected, NumberText.Parse("-@", value));

    [Theory]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("+-1")]
    [InlineData("08")]
    [InlineData("0x")]
    [InlineData("0xg")]
    [InlineData("1 ")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("\u0663")]
    public void What_is_no_number_is_said_with_the_word_that_was_typed(string value)
    {
        CommandException e = Assert.Throws<CommandException>(() => NumberText.Parse("-r@" + value, value));
        Assert.Equal($"-r@{value}: invalid numeric value", e.Message);
    }

    [Theory]
    [InlineData("2147483648")]
    [InlineData("-2147483649")]
    [InlineData("0x100000000")]
    [InlineData("99999999999999999999999999999999999999999999999999")]
    public void A_number_has_32_bits(string value) =>
        Assert.Equal($"{value}: number too large or too small", Assert.Throws<CommandException>(() => NumberText.Parse(value, value)).Message);
}
