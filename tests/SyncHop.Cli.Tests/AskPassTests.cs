using System.Text;
using SyncHop.Cli.Running;
using SyncHop.Cli.Terminal;
using Xunit;

namespace SyncHop.Cli.Tests;

public sealed class AskPassTests : IDisposable
{
    private static readonly TerminalPrompt NoTerminal = new("/nonexistent/tty");

    private readonly string _directory = Directory.CreateTempSubdirectory("synchop-askpass-").FullName;
    private readonly TemporaryFile _stdout = new();
    private readonly TemporaryFile _stderr = new();

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        _stdout.Dispose();
        _stderr.Dispose();
    }

    [Fact]
    public void Without_a_terminal_the_program_is_asked()
    {
        AskPass program = Program("printf '%s\\nmore\\n' \"$1!\"");
        Assert.Equal("Password: !"u8.ToArray(), Prompt(program, batch: false, p => p.AskSecret("Password: ")));
        Assert.Equal("Code: !", Prompt(program, batch: false, p => p.Ask("Code: ")));
        Assert.True(Prompt(program, batch: false, p => p.IsInteractive));
    }

    [Fact]
    public void In_batch_mode_nothing_is_asked()
    {
        string mark = Path.Combine(_directory, "ran");
        AskPass program = Program($"touch {mark}; echo x");
        Assert.False(Prompt(program, batch: true, p => p.IsInteractive));
        Assert.Null(Prompt(program, batch: true, p => p.AskSecret("Password: ")));
        Assert.Null(Prompt(program, batch: true, p => p.Ask("Code: ")));
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public void Without_a_terminal_and_a_program_nobody_is_asked() =>
        Assert.False(Prompt(null, batch: false, p => p.IsInteractive));

    [Fact]
    public void A_program_that_fails_or_cannot_be_run_gives_no_answer()
    {
        Assert.Null(Prompt(Program("echo half; exit 1"), batch: false, p => p.AskSecret("Password: ")));
        Assert.Null(Prompt(Program("exit 0"), batch: false, p => p.AskSecret("Password: ")));
        Assert.Equal("", _stderr.Text);
        Assert.Null(Prompt(new AskPass("/nonexistent/askpass", false), batch: false, p => p.AskSecret("Password: ")));
        Assert.StartsWith("synchop: SSH_ASKPASS=/nonexistent/askpass cannot be run: ", _stderr.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_question_ends_the_program()
    {
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(300));
        AskPass program = Program("exec sleep 60");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => program.Ask("Password: ", _ => { }, source.Token))
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", "force", null)]
    [InlineData("ask", null, false)]
    [InlineData("ask", "never", null)]
    [InlineData("ask", "prefer", true)]
    [InlineData("ask", "FORCE", true)]
    public void The_environment_decides_as_in_ssh(string? program, string? require, bool? preferred) =>
        Assert.Equal(preferred, AskPass.Create(program, require)?.IsPreferred);

    [Fact]
    public void Each_line_of_a_warning_is_a_line()
    {
        Prompt(null, batch: false, p =>
        {
            p.Warn("one\ntwo\u001B");
            return 0;
        });
        Assert.Equal("synchop: one\nsynchop: two\\#033\n", _stderr.Text);
    }

    private AskPass Program(string script)
    {
        string file = Path.Combine(_directory, Guid.NewGuid().ToString());
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n", new UTF8Encoding(false));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new AskPass(file, isPreferred: false);
    }

    private T Prompt<T>(AskPass? program, bool batch, Func<HopPrompt, T> ask)
    {
        using StandardOutput output = new(_stdout.Descriptor, _stderr.Descriptor);
        return ask(new HopPrompt(NoTerminal, program, output, batch, quiet: false, TestContext.Current.CancellationToken));
    }
}
