using SyncHop.Engine.Reporting;
using Xunit;

namespace SyncHop.Engine.Tests.Reporting;

public class ProgressMeterTests
{
    [Fact]
    public void A_file_shows_bytes_share_rate_and_the_time_that_is_left()
    {
        ProgressMeter meter = new(total: false, humanReadable: 1);
        Assert.Equal("\r         32,768  10%   16.00kB/s    0:00:16  ", Text(meter.OfFile(32_768, 300_000, TimeSpan.FromSeconds(2))));
        Assert.Equal("\r    104,857,600  50%   50.00MB/s    0:00:02  ", Text(meter.OfFile(100 << 20, 200 << 20, TimeSpan.FromSeconds(2))));
        Assert.Equal("\r  5,368,709,120  25%    5.00GB/s    0:00:03  ", Text(meter.OfFile(5L << 30, 20L << 30, TimeSpan.FromSeconds(1))));
        Assert.Equal("\r              1   0%    0.00kB/s   ??:??:??  ", Text(meter.OfFile(1, long.MaxValue, TimeSpan.FromSeconds(1000))));
    }

    [Fact]
    public void A_finished_file_is_counted()
    {
        ProgressMeter meter = new(total: false, humanReadable: 0);
        meter.CountListed(6, 300_010);
        Assert.Equal(
            "\r          32768  10%   32.00kB/s    0:00:08  \r         300000 100%  292.97kB/s    0:00:01 (xfr#1, ir-chk=4/6)\n",
            Text(meter.OfFinishedFile(1, 300_000, TimeSpan.FromSeconds(1), isShown: false)));
        meter.EndOfList();
        Assert.EndsWith("(xfr#2, to-chk=0/6)\n", Text(meter.OfFinishedFile(5, 3, TimeSpan.Zero, isShown: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_whole_transfer_counts_everything()
    {
        ProgressMeter meter = new(total: true, humanReadable: 1);
        meter.CountListed(4, 2000);
        meter.CountSent(1000);
        meter.Finish(2);
        Assert.StartsWith("\r          1,000  50% ", Text(meter.OfTransfer()), StringComparison.Ordinal);
        Assert.EndsWith("(xfr#1, ir-chk=1/4)", Text(meter.OfTransfer()), StringComparison.Ordinal);
        meter.EndOfList();
        Assert.EndsWith("(xfr#1, to-chk=0/4)\n", Text(meter.OfEnd()), StringComparison.Ordinal);
    }

    private static string Text(byte[] bytes) => Samples.S(bytes);
}
