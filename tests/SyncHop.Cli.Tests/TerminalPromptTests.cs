using System.Text;
using SyncHop.Cli.Terminal;
using Xunit;

namespace SyncHop.Cli.Tests;

public sealed class TerminalPromptTests : IDisposable
{
    private readonly int _controller;
    private readonly int _keptOpen;
    private readonly TerminalPrompt _prompt;
    private readonly StringBuilder _screen = new();

    public TerminalPromptTests()
    {
        (_controller, string device) = Native.OpenPseudoTerminal();
        _keptOpen = Posix.OpenTerminal(device); // Else what the screen shows is lost when a question closes the device.
        _prompt = new TerminalPrompt(device);
    }

    public void Dispose()
    {
        Posix.Close(_keptOpen);
        Posix.Close(_controller);
    }

    [Fact]
    public async Task A_secret_is_not_shown()
    {
        Task<byte[]?> answer = Task.Run(() => _prompt.AskSecret("Password: ", CancellationToken.None));
        await See("Password: ");
        Type("gehöim\n");
        Assert.Equal("gehöim"u8.ToArray(), await Within(answer));
        await See("Password: \r\n");
        Assert.DoesNotContain("geh", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_secret_typing_is_shown_again()
    {
        Task<byte[]?> secret = Task.Run(() => _prompt.AskSecret("Password: ", CancellationToken.None));
        await See("Password: ");
        Type("secret\n");
        await Within(secret);
        Task<string?> line = Task.Run(() => _prompt.AskLine("Code: ", CancellationToken.None));
        await See("Code: ");
        Type("visible\n");
        Assert.Equal("visible", await Within(line));
        await See("Code: visible");
    }

    [Fact]
    public async Task A_cancelled_question_leaves_the_terminal_as_it_was()
    {
        using CancellationTokenSource source = new();
        Task<byte[]?> secret = Task.Run(() => _prompt.AskSecret("Password: ", source.Token));
        await See("Password: ");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within(secret));
        Task<string?> line = Task.Run(() => _prompt.AskLine("Again: ", CancellationToken.None));
        await See("Again: ");
        Type("visible\n");
        await Within(line);
        await See("Again: visible");
    }

    [Fact]
    public async Task Restoring_from_another_thread_shows_typing_again()
    {
        using CancellationTokenSource source = new();
        Task<byte[]?> secret = Task.Run(() => _prompt.AskSecret("Password: ", source.Token));
        await See("Password: ");
        _prompt.Restore();
        Type("visible\n");
        await Within(secret);
        await See("Password: visible");
    }

    [Fact]
    public async Task A_servers_text_cannot_command_the_terminal()
    {
        Task<string?> answer = Task.Run(() => _prompt.AskLine("\u001B]0;x\u0007Code: ", CancellationToken.None));
        await See("\\#033]0;x\\#007Code: ");
        Type("1\n");
        await Within(answer);
    }

    [Fact]
    public void Without_a_terminal_nobody_is_asked()
    {
        TerminalPrompt prompt = new("/nonexistent/tty");
        Assert.True(_prompt.IsInteractive);
        Assert.False(prompt.IsInteractive);
        Assert.Null(prompt.AskSecret("Password: ", CancellationToken.None));
        Assert.Null(prompt.AskLine("Continue? ", CancellationToken.None));
    }

    [Fact]
    public void A_secret_is_not_asked_for_where_it_would_be_shown() =>
        Assert.Null(new TerminalPrompt("/dev/null").AskSecret("Password: ", CancellationToken.None));

    private void Type(string text) => Assert.Equal(0, Posix.WriteAll(_controller, Encoding.UTF8.GetBytes(text)));

    private async Task See(string expected)
    {
        byte[] buffer = new byte[4096];
        while (!_screen.ToString().Contains(expected, StringComparison.Ordinal))
        {
            nint read = await Within(Task.Run(() => Native.Read(_controller, buffer, (nuint)buffer.Length)));
            Assert.True(read > 0, $"the terminal shows: {_screen}");
            _screen.Append(Encoding.UTF8.GetString(buffer, 0, (int)read));
        }
    }

    private static Task<T> Within<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
}
