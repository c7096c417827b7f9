using System.Text.RegularExpressions;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using Xunit;

namespace SyncHop.Cli.Tests;

public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFile _stdout = new();
    private readonly TemporaryFile _stderr = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        _stdout.Dispose();
        _stderr.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void Each_line_has_time_and_process_and_is_appended()
    {
        foreach (string line in new[] { "one\n", "two\n" })
        {
            using LogFile log = LogFile.Open(_path, followsAll: false);
            log.Write(System.Text.Encoding.UTF8.GetBytes(line));
        }

        Assert.Matches(
            new Regex($@"^(\d{{4}}/\d\d/\d\d \d\d:\d\d:\d\d \[{Environment.ProcessId}\] (one|two)\n){{2}}$"), File.ReadAllText(_path));
    }

    [Fact]
    public void Errors_go_to_the_log_too()
    {
        using (StandardOutput output = new(_stdout.Descriptor, _stderr.Descriptor))
        {
            OutputSettings.Apply(new SyncOptions { LogFile = _path }, output);
            output.WriteError("wrong\n"u8);
        }

        Assert.Equal("wrong\n", _stderr.Text);
        Assert.EndsWith("] wrong\n", File.ReadAllText(_path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_cannot_be_opened_is_said_and_passed_over()
    {
        using (StandardOutput output = new(_stdout.Descriptor, _stderr.Descriptor))
            OutputSettings.Apply(new SyncOptions { LogFile = "/nonexistent/log" }, output);

        Assert.Equal(
            "synchop: [client] failed to open log-file /nonexistent/log: No such file or directory (2)\n",
            _stderr.Text);
        Assert.Equal("Ignoring \"log file\" setting.\n", _stdout.Text);
    }

    [Fact]
    public void With_stderr_all_everything_is_an_error()
    {
        using (StandardOutput output = new(_stdout.Descriptor, _stderr.Descriptor))
        {
            OutputSettings.Apply(new SyncOptions { ErrorOutput = ErrorOutput.All }, output);
            output.Write("text\n"u8);
        }

        Assert.Equal(("", "text\n"), (_stdout.Text, _stderr.Text));
    }

    [Fact]
    public void Lines_of_two_runs_with_one_log_are_all_kept()
    {
        string file = Path.GetTempFileName();
        using (LogFile one = LogFile.Open(file, followsAll: false), other = LogFile.Open(file, followsAll: true))
        {
            one.Write("first\n"u8.ToArray());
            other.Write("second\n"u8.ToArray());
            one.Write("third\n"u8.ToArray());
        }

        string[] ends = [.. File.ReadAllLines(file).Select(line => line[(line.LastIndexOf(' ') + 1)..])];
        File.Delete(file);
        Assert.Equal(["first", "second", "third"], ends);
    }
}
