using SyncHop.Cli.Options;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Engine.Contract;
using Xunit;

namespace SyncHop.Cli.Tests;

public sealed class CommandRunnerTests : IDisposable
{
    private readonly TemporaryFile _stdout = new();
    private readonly TemporaryFile _stderr = new();

    public void Dispose()
    {
        _stdout.Dispose();
        _stderr.Dispose();
    }

    [Fact]
    public void A_run_that_succeeds_says_nothing_more()
    {
        Assert.Equal(ExitCode.Ok, Execute(["-n", "a", "b"], i =>
        {
            Assert.True(i.Options.DryRun);
            return ExitCode.Ok;
        }));
        Assert.Equal("", _stderr.Text);
    }

    [Theory]
    [InlineData(ExitCode.Partial, "synchop error: some files/attrs were not transferred (see previous errors) (code 23)\n")]
    [InlineData(ExitCode.Vanished, "synchop warning: some files vanished before they could be transferred (code 24)\n")]
    [InlineData(ExitCode.FileSelection, "synchop error: errors selecting input/output files, dirs (code 3)\n")]
    public void A_run_that_fails_ends_with_the_reason_for_its_code(ExitCode code, string line)
    {
        Assert.Equal(code, Execute(["a", "b"], _ => code));
        Assert.Equal(line, _stderr.Text);
    }

    [Fact]
    public void Every_code_has_a_text_of_its_own()
    {
        string[] texts = [.. Enum.GetValues<ExitCode>().Where(c => c != ExitCode.Ok).Select(ExitCodeText.Describe)];
        Assert.DoesNotContain(texts, t => t.Contains("unexplained", StringComparison.Ordinal));
        Assert.Equal(texts.Length, texts.Distinct().Count());
    }

    [Theory]
    [InlineData(ExitCode.Ok, "success")]
    [InlineData(ExitCode.StreamIo, "error in the data stream (code 12)")]
    [InlineData(ExitCode.FileSelection, "errors selecting input/output files, dirs (code 3)")]
    [InlineData(ExitCode.JobCommand, "error: the job's own command failed (code 69)")]
    [InlineData(ExitCode.Vanished, "warning: some files vanished before they could be transferred (code 24)")]
    public void A_result_in_words_says_error_once(ExitCode code, string words) => Assert.Equal(words, ExitCodeText.Result(code));

    [Fact]
    public void What_a_run_throws_becomes_a_line_and_a_code()
    {
        Assert.Equal(ExitCode.StartClient, Execute(["a", "b"], _ => throw new CommandException(ExitCode.StartClient, "hop 2 of 3: refused")));
        Assert.Equal(ExitCode.StreamIo, Execute(["a", "b"], _ => throw new ReplicaLostException("hop 1 of 1: gone")));
        Assert.Equal(ExitCode.Timeout, Execute(["a", "b"], _ => throw new ReplicaLostException("hop 1 of 1: silent", timedOut: true)));
        Assert.Equal(ExitCode.FileIo, Execute(["a", "b"], _ => throw new IOException("two\nlines")));
        Assert.Equal(ExitCode.FileIo, Execute(["a", "b"], _ => throw new InvalidOperationException("never")));
        Assert.Equal(
            """
            synchop: hop 2 of 3: refused
            synchop error: error starting client-server protocol (code 5)
            synchop: hop 1 of 1: gone
            synchop error: error in the data stream (code 12)
            synchop: hop 1 of 1: silent
            synchop error: timeout in data send/receive (code 30)
            synchop: two\#012lines
            synchop error: error in file IO (code 11)
            synchop: internal error: InvalidOperationException: never
            synchop error: error in file IO (code 11)

            """,
            _stderr.Text);
    }

    [Fact]
    public void A_cancelled_run_says_only_that()
    {
        using StandardOutput output = new(_stdout.Descriptor, _stderr.Descriptor);
        using CancellationTokenSource source = new();
        CommandRunner runner = new(output, (_, _) =>
        {
            source.Cancel();
            throw new IOException("the connection went while everything was being closed");
        }, (_, _) => Task.FromResult(ExitCode.Ok), (_, _) => Task.FromResult(ExitCode.Ok), (_, _) => Task.FromResult(ExitCode.Ok));
        Assert.Equal(ExitCode.Signal, runner.Execute(["a", "b"], source.Token));
        Assert.Equal("synchop error: received SIGINT, SIGTERM, or SIGHUP (code 20)\n", _stderr.Text);
    }

    [Theory]
    [InlineData("--nonsense", ExitCode.Usage, "synchop: --nonsense: unknown option\nsynchop error: syntax or usage error (code 1)\n")]
    [InlineData("--exclude-from=/nowhere/x a b", ExitCode.FileIo, "synchop: failed to open exclude file /nowhere/x: No such file or directory (2)\nsynchop error: error in file IO (code 11)\n")]
    [InlineData("host::m b", ExitCode.Unsupported, "synchop: host::m: synchop speaks SFTP over SSH, not rsync's daemon protocol\nsynchop error: requested action not supported (code 4)\n")]
    [InlineData("--ü\u001B", ExitCode.Usage, "synchop: --ü\\#033: unknown option\nsynchop error: syntax or usage error (code 1)\n")]
    public void A_wrong_command_line_is_told_with_the_reason_for_its_code(string arguments, ExitCode code, string line)
    {
        Assert.Equal(code, Execute(arguments.Split(' '), _ => ExitCode.Ok));
        Assert.Equal(line, _stderr.Text);
        Assert.Equal("", _stdout.Text);
    }

    [Fact]
    public void Help_goes_to_standard_output_if_asked_for_and_to_standard_error_if_not()
    {
        Assert.Equal(ExitCode.Ok, Execute(["--help"], _ => ExitCode.Partial));
        Assert.Equal(HelpText.Render(), _stdout.Text);
        Assert.Equal("", _stderr.Text);
        Assert.Equal(ExitCode.Usage, Execute([], _ => ExitCode.Partial));
        Assert.Equal(HelpText.Render(), _stderr.Text);
    }

    [Fact]
    public void A_reader_that_went_away_changes_nothing_and_is_not_told()
    {
        (int read, int write) = Native.OpenPipe();
        Assert.Equal(0, Native.Close(read));
        using StandardOutput output = new(write, _stderr.Descriptor);
        CommandRunner runner = new(output, (_, _) =>
        {
            output.Write("a line\n"u8);
            return Task.FromResult(ExitCode.Ok);
        }, (_, _) => Task.FromResult(ExitCode.Ok), (_, _) => Task.FromResult(ExitCode.Ok), (_, _) => Task.FromResult(ExitCode.Ok));
        Assert.Equal(ExitCode.Ok, runner.Execute(["a", "b"], CancellationToken.None));
        Assert.Equal("", _stderr.Text);
        Assert.Equal(0, Native.Close(write));
    }

    [Fact]
    public void A_check_gives_its_own_code_and_no_last_line()
    {
        Assert.Equal(ExitCode.SocketIo, Execute(["--check", "gw,target:", "."], _ => ExitCode.Ok));
        Assert.Equal("", _stderr.Text);
    }

    private ExitCode Execute(string[] arguments, Func<Invocation, ExitCode> run)
    {
        using StandardOutput output = new(_stdout.Descriptor, _stderr.Descriptor);
        return new CommandRunner(output, (invocation, _) => Task.FromResult(run(invocation)), (_, _) => Task.FromResult(ExitCode.SocketIo), (_, _) => Task.FromResult(ExitCode.Ok), (_, _) => Task.FromResult(ExitCode.Ok)).Execute(arguments, CancellationToken.None);
    }
}
