using System.Text;
using SyncHop.Cli.Terminal;
using SyncHop.Shared;
using Xunit;

namespace SyncHop.Cli.Tests;

public sealed class StatusAreaTests : IDisposable
{
    private readonly int _controller, _terminal;
    private readonly StandardOutput _output;
    private readonly Screen _screen = new();

    public StatusAreaTests()
    {
        (_controller, string device) = Native.OpenPseudoTerminal();
        _terminal = Posix.OpenTerminal(device);
        _output = new StandardOutput(_terminal, _terminal);
    }

    public void Dispose()
    {
        _output.Dispose();
        Posix.Close(_terminal);
        Posix.Close(_controller);
    }

    [Fact]
    public void The_lines_are_written_over_and_leave_nothing()
    {
        Show("one", "two", "three");
        Assert.Equal(("one\ntwo\nthree", (0, 0)), (See(), _screen.Cursor));
        Show("ONE");
        Assert.Equal(("ONE", (0, 0)), (See(), _screen.Cursor));
        Show();
        Assert.Equal(("", (0, 0)), (See(), _screen.Cursor));
    }

    [Fact]
    public void Other_lines_come_above_whichever_way_they_go()
    {
        Show("status", "more");
        _output.Write("out\n"u8);
        Assert.Equal("out\nstatus\nmore", See());
        _output.WriteError("synchop: a rather long error\n"u8);
        Assert.Equal("out\nsynchop: a rather long error\nstatus\nmore", See());
        Show("status");
        Assert.Equal("out\nsynchop: a rather long error\nstatus", See());
        Show();
        Assert.Equal(("out\nsynchop: a rather long error", (2, 0)), (See(), _screen.Cursor));
        _output.Write("end\n"u8);
        Assert.Equal("out\nsynchop: a rather long error\nend", See());
    }

    [Fact]
    public async Task Lines_of_several_threads_stay_whole()
    {
        Task<string> reader = Task.Run(() => ReadUntil("end"));
        Parallel.For(0, 500, i =>
        {
            if (i % 5 == 0) Show($"status {i}", "below");
            if (i % 2 == 0) _output.Write(Encoding.ASCII.GetBytes($"line {i:D3}\n"));
            else _output.WriteError(Encoding.ASCII.GetBytes($"line {i:D3}\n"));
        });
        Show();
        _output.Write("end\n"u8);
        _screen.Write(await reader);
        string[] lines = _screen.Text.Split('\n');
        Assert.Equal("end", lines[^1]);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"line {i:D3}"), lines[..^1].Order(StringComparer.Ordinal));
    }

    [Fact]
    public void While_a_question_is_open_it_is_away()
    {
        Show("status");
        using (_output.HoldStatus())
        {
            Show("status 2");
            Assert.Equal("", See());
            Posix.WriteAll(_terminal, "Password: \n"u8);
            _output.WriteError("error\n"u8);
        }
        Assert.Equal("Password:\nerror\nstatus 2", See());
    }

    [Fact]
    public void On_the_way_out_it_goes()
    {
        Show("status");
        _output.AbandonStatus();
        Assert.Equal("", See());
    }

    [Fact]
    public void The_size_of_a_terminal_that_tells_none_is_the_usual_one() => Assert.Equal((80, 24), Posix.WindowSize(_terminal));

    private void Show(params string[] lines) => _output.ShowStatus([.. lines.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>What the terminal shows, once everything written so far has come through.</summary>
    private string See()
    {
        byte[] buffer = new byte[65536];
        while (Posix.WaitFor(_controller, Posix.PollIn, 50))
            _screen.Write(Encoding.UTF8.GetString(buffer, 0, (int)Native.Read(_controller, buffer, (nuint)buffer.Length)));
        return _screen.Text;
    }

    private string ReadUntil(string end)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[65536];
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            Assert.True(Posix.WaitFor(_controller, Posix.PollIn, 10_000), "nothing came");
            text.Append(Encoding.UTF8.GetString(buffer, 0, (int)Native.Read(_controller, buffer, (nuint)buffer.Length)));
        }
        return text.ToString();
    }
}
