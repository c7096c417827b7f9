using System.Text;
using Spectre.Console;
using SyncHop.Cli.Live;
using SyncHop.Cli.Options;
using Xunit;

namespace SyncHop.Cli.Tests;

public class LiveTests
{
    [Theory]
    [InlineData("-a src dst", true)]
    [InlineData("-a --delete --stats src dst", true)]
    [InlineData("-an src dst", true)]
    [InlineData("-av src dst", false)]
    [InlineData("-ai src dst", false)]
    [InlineData("-aq src dst", false)]
    [InlineData("-a --progress src dst", false)]
    [InlineData("-a --info=progress2 src dst", false)]
    [InlineData("-a --info=del src dst", false)]
    [InlineData("-a --debug=filter src dst", false)]
    [InlineData("-a --out-format=%n src dst", false)]
    [InlineData("-a --json src dst", false)]
    [InlineData("-a --stderr=all src dst", false)]
    [InlineData("-a src", false)]
    [InlineData("-a --no-live src dst", false)]
    [InlineData("-av --live src dst", true)]
    [InlineData("-a --json --live src dst", true)]
    [InlineData("-a --info=progress2 --live src dst", false)]
    [InlineData("--sign --live src", false)]
    public void On_a_terminal_a_run_that_says_nothing_by_itself_is_shown(string line, bool shown) => Assert.Equal(shown, IsShown(line));

    [Theory]
    [InlineData("-a src dst", false, true, "xterm", null, false)] // standard output is a pipe
    [InlineData("-a --live src dst", false, true, "xterm", null, true)]
    [InlineData("-a --live src dst", true, false, "xterm", null, false)]
    [InlineData("-a src dst", true, true, "dumb", null, false)]
    [InlineData("-a --live src dst", true, true, "dumb", null, false)]
    [InlineData("-a src dst", true, true, null, null, false)]
    [InlineData("-a src dst", true, true, "xterm", "true", false)]
    [InlineData("-a src dst", true, true, "xterm", "", true)]
    public void Where_it_cannot_be_shown_or_nobody_looks_it_is_not(string line, bool output, bool error, string? term, string? ci, bool shown) =>
        Assert.Equal(shown, IsShown(line, output, error, term, ci));

    [Fact]
    public void The_whole_is_shown_with_part_rate_time_connections_and_names()
    {
        LiveFigures figures = new()
        {
            Entries = 10_338,
            IsListComplete = true,
            Bytes = 2_000_000_000,
            BytesDone = 1_240_000_000,
            FilesSent = 1204,
            Rate = 34_100_000,
            Connections = 3,
            Current = ["photos/a.jpg", "[red]b.jpg"],
        };
        string[] lines = [.. new LiveView(colours: false, unicode: false).Render(figures, 100, 24)];
        Assert.Equal(4, lines.Length);
        Assert.Matches(@"\A-{24} {16,} 62%  1\.2 GB of 2\.0 GB  34\.1 MB/s  ETA 0:00:22\z", lines[0]);
        Assert.Equal("1,204 files sent, 10,338 listed, 3 connections", lines[1]);
        Assert.Equal("  photos/a.jpg", lines[2]);
        Assert.Equal("  [red]b.jpg", lines[3]);
    }

    [Fact]
    public void While_the_list_grows_no_part_is_told()
    {
        string[] lines = [.. new LiveView(false, true).Render(new LiveFigures { Entries = 1, Bytes = 999, BytesDone = 10, FilesSent = 1, Connections = 1, Connecting = null }, 80, 24)];
        Assert.Equal(["10 B of 999 B so far  0 B/s", "1 file sent, 1 listed so far, 1 connection"], lines);
        lines = [.. new LiveView(false, true).Render(new LiveFigures { Connecting = "gw,target" }, 80, 24)];
        Assert.Equal(["connecting to gw,target"], lines);
    }

    [Fact]
    public void Without_colours_there_are_no_escape_sequences_and_with_them_only_colours()
    {
        LiveFigures figures = new() { IsListComplete = true, Entries = 2, Bytes = 100, BytesDone = 50, Current = ["name"] };
        Assert.DoesNotContain('\x1b', string.Concat(new LiveView(colours: false, unicode: true).Render(figures, 100, 24)));
        string coloured = string.Concat(new LiveView(colours: true, unicode: true).Render(figures, 100, 24));
        Assert.Matches("\x1b\\[[0-9;]*m", coloured);
        Assert.DoesNotContain("\x1b", System.Text.RegularExpressions.Regex.Replace(coloured, "\x1b\\[[0-9;]*m", ""), StringComparison.Ordinal);
        Assert.True(LiveRule.HasColours(_ => null) && LiveRule.HasColours(_ => "") && !LiveRule.HasColours(_ => "0"));
    }

    [Fact]
    public void Of_a_long_path_the_end_is_shown()
    {
        LiveFigures figures = new() { IsListComplete = true, Current = [$"{new string('d', 90)}/日本/photo.jpg"] };
        Assert.Equal("  …ddd/日本/photo.jpg", new LiveView(false, true).Render(figures, 22, 24)[2]);
        Assert.Equal("  ...d/日本/photo.jpg", new LiveView(false, false).Render(figures, 22, 24)[2]);
        Assert.Equal("  …/photo.jpg", new LiveView(false, true).Render(figures, 14, 24)[2]);
    }

    [Fact]
    public void No_line_is_wider_than_the_terminal_and_none_too_many()
    {
        LiveFigures figures = new()
        {
            IsListComplete = true,
            Entries = long.MaxValue / 2,
            Bytes = long.MaxValue / 2,
            BytesDone = long.MaxValue / 3,
            FilesSent = 123_456_789,
            Rate = 9.9e12,
            Connections = 8,
            Current = [new string('x', 5000), "日本語のとても長い名前" + new string('語', 200), "a b", ""],
        };
        for (int columns = 1; columns < 200; columns++)
        {
            foreach (int rows in (int[])[1, 2, 3, 24])
            {
                IReadOnlyList<string> lines = new LiveView(false, true).Render(figures, columns, rows);
                Assert.True(lines.Count < Math.Max(rows, 1), $"{lines.Count} lines on {rows} rows");
                Assert.All(lines, line => Assert.True(line.GetCellWidth() < columns, $"{columns}: {line}"));
            }
        }
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(99_949, "99.9 kB")]
    [InlineData(99_960, "100 kB")]
    [InlineData(999_600, "1.0 MB")]
    [InlineData(12_345_678_901, "12.3 GB")]
    [InlineData(9.2e18, "9200 PB")]
    public void Sizes_are_short(double bytes, string text) => Assert.Equal(text, LiveView.Size(bytes));

    [Fact]
    public void The_rate_is_that_of_the_last_seconds()
    {
        RateWindow window = new();
        Assert.Equal(0, window.Add(TimeSpan.Zero, 0));
        for (int second = 1; second <= 20; second++) Assert.Equal(100, window.Add(TimeSpan.FromSeconds(second), second * 100));
        double last = 0;
        for (int second = 21; second <= 26; second++) last = window.Add(TimeSpan.FromSeconds(second), 2000);
        Assert.Equal(0, last);
    }

    [Fact]
    public void What_is_left_is_told_only_where_it_can_be()
    {
        Assert.Null(new LiveFigures { IsListComplete = false, Bytes = 10, Rate = 5 }.TimeLeft);
        Assert.Null(new LiveFigures { IsListComplete = true, Bytes = 10, Rate = 0 }.TimeLeft);
        Assert.Equal(TimeSpan.FromSeconds(2), new LiveFigures { IsListComplete = true, Bytes = 10, Rate = 5 }.TimeLeft);
        Assert.Equal(1, new LiveFigures { IsListComplete = true }.Part);
        // A file that grew while it was read.
        Assert.Equal(1, new LiveFigures { IsListComplete = true, Bytes = 10, BytesDone = 12 }.Part);
    }

    private static bool IsShown(string line, bool output = true, bool error = true, string? term = "xterm", string? ci = null) => LiveRule.IsShown(
        ((ParsedCommand.Run)CommandLine.Parse(line.Split(' '))).Invocation, output, error, name => name switch
        {
            "TERM" => term,
            "CI" => ci,
            _ => null,
        });
}
