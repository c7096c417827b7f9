using System.Globalization;
using CsCheck;
using SyncHop.Engine.Reporting;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Reporting;

public class OrderedLinesTests
{
    private readonly CollectedOutput _output = new();

    [Fact]
    public void A_line_waits_for_those_before_it()
    {
        OrderedLines lines = new(_output);
        lines.Add(B("1"));
        OrderedLines.Place second = lines.Reserve(), third = lines.Reserve();
        lines.Add(B("4"));
        lines.Settle(third, B("3"));
        Assert.Equal(["1"], _output.Written);
        lines.Settle(second, B("2"));
        Assert.Equal(["1", "2", "3", "4"], _output.Written);
        lines.Add(B("5"));
        Assert.Equal("5", _output.Written[^1]);
    }

    [Fact]
    public void The_first_call_counts_and_null_says_nothing()
    {
        OrderedLines lines = new(_output);
        OrderedLines.Place first = lines.Reserve(), second = lines.Reserve();
        lines.Settle(second, null);
        lines.Settle(second, B("late"));
        lines.Settle(first, B("1"));
        lines.Settle(first, B("again"));
        Assert.Equal(["1"], _output.Written);
    }

    [Fact]
    public void The_end_of_an_interrupted_run_drops_what_never_was()
    {
        OrderedLines lines = new(_output);
        OrderedLines.Place never = lines.Reserve();
        lines.Add(B("2"));
        lines.Settle(lines.Reserve(), B("3"));
        lines.Drain();
        Assert.Equal(["2", "3"], _output.Written);
        lines.Settle(never, B("1"));
        lines.Add(B("4"));
        Assert.Equal(["2", "3", "4"], _output.Written);
    }

    [Fact]
    public void The_order_holds_whoever_settles_first() => Gen.Shuffle(Enumerable.Range(0, 40).ToArray()).Sample(order =>
    {
        CollectedOutput output = new();
        OrderedLines lines = new(output);
        OrderedLines.Place[] places = [.. order.Select(_ => lines.Reserve())];
        Parallel.ForEach(order, new ParallelOptions { MaxDegreeOfParallelism = 4 }, index =>
            lines.Settle(places[index], B(index.ToString("D2", CultureInfo.InvariantCulture))));
        Assert.Equal(output.Written.Order(StringComparer.Ordinal), output.Written);
        Assert.Equal(places.Length, output.Written.Count);
    });
}
