using SyncHop.Cli.Bench;
using SyncHop.Cli.Options;
using Xunit;

namespace SyncHop.Cli.Tests;

public class BenchTests
{
    private const double Megabyte = 1e6;

    [Theory]
    // 2 MiB in each round trip of 100 ms, and more with more connections.
    [InlineData(100, 20, 40, 80, 82, 0.3, 100, "the window limits one connection: 1.9 MiB in each round trip of 100 ms; 4 connections are 4.1 times as fast: --connections=4")]
    [InlineData(100, 6, 6.1, 6, 5.9, 0.1, 6, "the rate of the link limits, at 6.1 MB/s; if the data compress, -z helps; more connections do not help: --connections=1")]
    [InlineData(1, 200, 390, 400, 400, 1.0, 400, "CPU limits one connection: its cipher has one core; 2 connections are 2.0 times as fast: --connections=2")]
    [InlineData(1, 200, 210, 200, 200, 3.8, 200, "CPU limits: this machine's processors are busy")]
    [InlineData(1, 50, 51, 50, 50, 0.2, 300, "the server limits: its disk or file system, for the other direction is faster; more connections do not help: --connections=1")]
    [InlineData(1, 20, 40, 40, 40, 0.2, 40, "one connection is limited, on the server or on the way; 2 connections are 2.0 times as fast: --connections=2")]
    public void What_limits_is_named(int roundTrip, double one, double two, double four, double eight, double cores, double down, string expected)
    {
        RateResult[] upload = [.. new[] { (1, one), (2, two), (4, four), (8, eight) }.Select(rate => new RateResult(rate.Item1, rate.Item2 * Megabyte, cores))];
        BenchResult result = new()
        {
            Path = "dir",
            Hops = [new HopResult("gw", 1, null), new HopResult("target", 1, new RoundTripResult(roundTrip, roundTrip, roundTrip))],
            Upload = upload,
            Download = [new RateResult(1, down * Megabyte, 0.1)],
            SmallFilesPerSecond = 1,
            EntriesPerSecond = 1,
        };
        Assert.StartsWith("upload: " + expected, Verdict.Of(result, processors: 4)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Round_trips_are_summed_up()
    {
        TimeSpan[] times = [.. Enumerable.Range(1, 20).Reverse().Select(i => TimeSpan.FromMilliseconds(i))];
        Assert.Equal(new RoundTripResult(1, 11, 19), RoundTripResult.Of(times));
        Assert.Null(RoundTripResult.Of([]));
    }

    [Fact]
    public async Task A_flow_stays_in_its_file_and_has_more_under_way_where_the_way_is_fast_and_long()
    {
        const int piece = 1000;
        using CancellationTokenSource stop = new();
        int underWay = 0, most = 0, moved = 0;
        using Flow flow = new(async offset =>
        {
            Assert.InRange(offset, 0, 10_500 - piece);
            most = Math.Max(most, Interlocked.Increment(ref underWay));
            await Task.Delay(20);
            Interlocked.Decrement(ref underWay);
            if (Interlocked.Increment(ref moved) == 200) await stop.CancelAsync();
        }, piece, 10_500, TimeSpan.FromMilliseconds(500));
        await flow.RunAsync(stop.Token).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(0, underWay);
        Assert.True(most > 2, $"{most} at once");
        Assert.Equal((long)moved * piece, flow.Bytes);
    }

    [Fact]
    public async Task A_flow_ends_with_the_first_failure()
    {
        using Flow flow = new(offset => offset > 3000 ? Task.FromException(new IOException("full")) : Task.CompletedTask, 1000, 10_000, TimeSpan.Zero);
        IOException failure = await Assert.ThrowsAsync<IOException>(() => flow.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Equal("full", failure.Message);
    }

    [Theory]
    [InlineData("--bench")]
    [InlineData("--bench", "a:", "b:")]
    [InlineData("--bench", "here/")]
    public void It_needs_one_directory_on_a_host(params string[] arguments) =>
        Assert.Contains("host", Assert.Throws<CommandException>(() => CommandLine.Parse(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void It_is_asked_for_with_and_without_json()
    {
        ParsedCommand.Check asked = Assert.IsType<ParsedCommand.Check>(CommandLine.Parse(["--bench", "--json", "gw,target:dir"]));
        Assert.True(asked.Invocation is { Ssh.Bench: true, Options.Json: true, Endpoints: [{ Endpoint.Hops.Count: 2 }] });
    }
}
