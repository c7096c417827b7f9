using SyncHop.Cli.Options;
using Xunit;

namespace SyncHop.Cli.Tests;

public class SizeTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("0", 0)]
    [InlineData("1", 1024)]
    [InlineData("100", 102_400)]
    [InlineData("1.5m", 1_572_864)]
    [InlineData("2KB", 2048)] // 2000 bytes, in whole KiB
    [InlineData("1MB", 1_000_448)]
    [InlineData("1MiB", 1_048_576)]
    [InlineData("600b", 1024)]
    [InlineData("1536b", 2048)]
    [InlineData("1535b", 1024)]
    [InlineData("1g", 1_073_741_824)]
    public void A_rate_is_in_whole_KiB(string value, long expected) => Assert.Equal(expected, SizeText.Bandwidth(value));

    [Theory]
    [InlineData("1", 'B', 1)]
    [InlineData("1", 'K', 1024)]
    [InlineData("0.5k", 'B', 512)]
    [InlineData("1kb", 'B', 1000)]
    [InlineData("1t", 'B', 1L << 40)]
    [InlineData("1PiB", 'B', 1L << 50)]
    [InlineData("1.5mb-1", 'B', 1_499_999)]
    [InlineData("1m+1", 'B', 1_048_577)]
    [InlineData(".", 'B', 0)]
    [InlineData("k", 'B', 0)]
    [InlineData("2bb", 'K', 2)]
    [InlineData("-1.5k", 'B', -1)]
    public void Sizes_have_units(string value, char unit, long expected)
    {
        Assert.True(SizeText.TryParse(value, unit, out decimal bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1x")]
    [InlineData("1k2")]
    [InlineData("1b1")]
    [InlineData("+1")]
    [InlineData("--1")]
    [InlineData("-0")]
    [InlineData("1ib")]
    [InlineData("1+2")]
    [InlineData("1.2.3")]
    public void What_is_no_size_is_refused(string value) => Assert.False(SizeText.TryParse(value, 'B', out _));

    [Fact]
    public void A_size_may_be_larger_than_any_number()
    {
        Assert.True(SizeText.TryParse(new string('9', 28) + "p", 'B', out decimal bytes));
        Assert.Equal(decimal.MaxValue, bytes);
        Assert.Throws<CommandException>(() => SizeText.Bandwidth("99999999p"));
        Assert.Equal(8191L << 50, SizeText.Bandwidth("8191p"));
        Assert.Throws<CommandException>(() => SizeText.Bandwidth("8192p"));
    }
}
