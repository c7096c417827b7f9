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
    public void Only_the_first_that_waits_shows_its_progress()
    {
        OrderedLines lines = new(_output);
        OrderedLines.Place first = lines.Reserve(), second = lines.Reserve();
        lines.Show(second, B("b\n"), B("\r50%"));
        Assert.Empty(_output.Written);
        lines.Show(first, B("a\n"), B("\r10%"));
        lines.Show(first, B("a\n"), B("\r20%"));
        first.Tail = isShown => B(isShown ? "\r100%\n" : "unexpected");
        second.Tail = isShown => B(isShown ? "unexpected" : "\r1%\r100%\n");
        lines.Settle(second, B("b\n"));
        lines.Settle(first, B("a\n"));
        Assert.Equal("a\n\r10%\r20%\r100%\nb\n\r1%\r100%\n", string.Concat(_output.Written));
    }

    [Fact]
    public void A_line_that_tells_the_outcome_comes_behind_its_progress()
    {
        OrderedLines lines = new(_output);
        OrderedLines.Place first = lines.Reserve(), second = lines.Reserve();
        lines.Show(first, B("a\n"), B("\r10%"));
        foreach ((OrderedLines.Place place, string name) in new[] { (first, "a"), (second, "b") })
            (place.Head, place.IsLast, place.Tail) = (B($"{name}\n"), true, _ => B("\r100%\n"));
        lines.Settle(first, B("a sum\n"));
        lines.Settle(second, B("b sum\n"));
        Assert.Equal("a\n\r10%\r100%\na sum\nb\n\r100%\nb sum\n", string.Concat(_output.Written));
    }

    [Fact]
    public void A_line_after_open_progress_begins_a_new_line()
    {
        OrderedLines lines = new(_output);
        lines.ShowStatus(B("\r10%"));
        lines.Add(B("a\n"));
        lines.ShowStatus(B("\r100%\n"), endsLine: true);
        lines.Add(B("b\n"));
        Assert.Equal("\r10%\na\n\r100%\nb\n", string.Concat(_output.Written));
    }

    [Fact]
    public void The_log_has_its_own_text_and_no_empty_lines()
    {
        List<string> log = [];
        OrderedLines lines = new(_output, line => log.Add(S(line.Span)));
        lines.Add(B("both\n"));
        lines.Add(ReportLine.Of(B("shown\n"), B("logged\n"))!);
        lines.Add(ReportLine.Of(null, B("only logged\n"))!);
        lines.Add(ReportLine.Of(B("only shown\n"), null)!);
        lines.Add(B("\n"));
        Assert.Equal(["both\n", "shown\n", "only shown\n", "\n"], _output.Written);
        Assert.Equal(["both\n", "logged\n", "only logged\n"], log);
        Assert.Null(ReportLine.Of(null, null));
    }

    [Fact]
    public void Quietly_only_the_log_gets_lines()
    {
        List<string> log = [];
        OrderedLines lines = new(_output, line => log.Add(S(line.Span)), quiet: true);
        lines.Add(B("a\n"));
        lines.ShowStatus(B("\r1%"));
        Assert.Empty(_output.Written);
        Assert.Equal(["a\n"], log);
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
