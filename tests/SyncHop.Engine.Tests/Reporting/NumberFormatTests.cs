using System.Globalization;
using CsCheck;
using SyncHop.Engine.Reporting;

namespace SyncHop.Engine.Tests.Reporting;

public class NumberFormatTests
{
    /// <summary>Learned from rsync 3.5 with --no-h, nothing, -h and -hh.</summary>
    [Theory]
    [InlineData(0, "0", "0", "0", "0")]
    [InlineData(999, "999", "999", "999", "999")]
    [InlineData(1000, "1000", "1,000", "1.00K", "1,000")]
    [InlineData(1005, "1005", "1,005", "1.00K", "1,005")]
    [InlineData(1015, "1015", "1,015", "1.01K", "1,015")]
    [InlineData(1023, "1023", "1,023", "1.02K", "1,023")]
    [InlineData(1024, "1024", "1,024", "1.02K", "1.00K")]
    [InlineData(10000, "10000", "10,000", "10.00K", "9.77K")]
    [InlineData(12345, "12345", "12,345", "12.35K", "12.06K")]
    [InlineData(999994, "999994", "999,994", "999.99K", "976.56K")]
    [InlineData(999995, "999995", "999,995", "1000.00K", "976.56K")]
    [InlineData(1000000, "1000000", "1,000,000", "1.00M", "976.56K")]
    [InlineData(1048575, "1048575", "1,048,575", "1.05M", "1024.00K")]
    [InlineData(1048576, "1048576", "1,048,576", "1.05M", "1.00M")]
    [InlineData(999999999, "999999999", "999,999,999", "1000.00M", "953.67M")]
    [InlineData(1073741824, "1073741824", "1,073,741,824", "1.07G", "1.00G")]
    [InlineData(1099511627776, "1099511627776", "1,099,511,627,776", "1.10T", "1.00T")]
    public void Counts_look_like_rsyncs(long value, params string[] levels) =>
        Assert.Equal(levels, Enumerable.Range(0, 4).Select(level => NumberFormat.Count(value, level)));

    [Fact]
    public void The_largest_unit_has_no_end() => Assert.Equal("9223.37P", NumberFormat.Count(long.MaxValue, 2));

    [Theory]
    [InlineData(0.056, "0.06", "0.06", "0.06", "0.06")]
    [InlineData(908, "908.00", "908.00", "908.00", "908.00")]
    [InlineData(7242.351, "7242.35", "7,242.35", "7.24K", "7.07K")]
    [InlineData(95458, "95458.00", "95,458.00", "95.46K", "93.22K")]
    public void Fractions_have_two_decimals(double value, params string[] levels) =>
        Assert.Equal(levels, Enumerable.Range(0, 4).Select(level => NumberFormat.Fraction(value, level)));

    [Fact]
    public void The_real_rsync_shows_file_sizes_so()
    {
        Gen<long> size = Gen.Select(Gen.Int[0, 39], Gen.Long[0, 1L << 39]).Select((shift, value) => value >> shift);
        long[] sizes = [.. size.Array[300].Single().Distinct()];
        using TemporaryDirectory directory = new();
        foreach (long length in sizes)
        {
            using FileStream file = File.Create(Path.Combine(directory.Path, length.ToString("D20", CultureInfo.InvariantCulture)));
            file.SetLength(length);
        }
        string[][] options = [["--no-h"], [], ["-h"], ["-hh"]];
        for (int level = 0; level < options.Length; level++)
        {
            string[] lines = Rsync.Run(directory.Path, "C", ["--list-only", .. options[level], "./"]).Split('\n')[1..^1];
            string[] expected = [.. sizes.Order().Select(length => NumberFormat.Count(length, level))];
            Assert.Equal(expected, lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        }
    }
}
