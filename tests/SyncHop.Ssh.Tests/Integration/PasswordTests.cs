using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

public sealed class PasswordTests : IDisposable
{
    private const string Password = "correct horse ü";

    private readonly SshLab _lab = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Password_lets_in_after_a_wrong_one()
    {
        TestSshd server = Start("PubkeyAuthentication no");
        var prompt = new FakePrompt("wrong", Password);

        await using HopChain chain = await Connect(prompt, server);

        Assert.Equal("password", chain.Reports[0].Authentication);
        Assert.Equal(2, prompt.Questions.Count);
        Assert.Equal("Permission denied, please try again.", Assert.Single(prompt.Warnings));
    }

    [Fact]
    public async Task Key_and_password_satisfy_a_server_that_wants_both()
    {
        TestSshd server = Start("AuthenticationMethods publickey,password");
        var prompt = new FakePrompt(Password);

        await using HopChain chain = await Connect(prompt, server);

        Assert.Equal("password", chain.Reports[0].Authentication);
        Assert.Contains("Partial publickey", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keyboard_interactive_answers_PAM()
    {
        TestSshd server = Start("UsePAM yes\nPubkeyAuthentication no\nKbdInteractiveAuthentication yes");
        var prompt = new FakePrompt("wrong", Password);

        await using HopChain chain = await Connect(prompt, server);

        Assert.Equal("keyboard-interactive", chain.Reports[0].Authentication);
        Assert.Equal(2, prompt.Questions.Count);
        Assert.All(prompt.Questions, q => Assert.EndsWith(") Password: ", q, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keyboard_interactive_answers_several_questions_at_once()
    {
        using var server = new QuestioningServer(_lab);
        File.AppendAllText(_lab.KnownHosts, server.KnownHostsLine + "\n");
        var prompt = new FakePrompt("alice", "s3cret", "123456");

        await using HopChain chain = await HopChain.ConnectAsync(
            [new Hop("127.0.0.1", server.Port)], _lab.Settings, prompt, Cancellation);

        Assert.Equal("keyboard-interactive", chain.Reports[0].Authentication);
        Assert.Equal(["Name:", "Secret:", "Code:"], prompt.Questions.Select(q => q.Split(") ")[1].Trim()));
        Assert.Contains("Answer all", prompt.Warnings);
    }

    [Fact]
    public async Task BatchMode_and_NumberOfPasswordPrompts_limit_what_is_asked()
    {
        TestSshd server = Start("PubkeyAuthentication no");
        var asked = new FakePrompt("wrong", Password);
        var batch = new FakePrompt(Password);

        _lab.WriteConfig("NumberOfPasswordPrompts 1\n");
        await Assert.ThrowsAsync<HopException>(() => Connect(asked, server));
        _lab.WriteConfig("BatchMode yes\n");
        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(batch, server));

        Assert.Single(asked.Questions);
        Assert.Empty(batch.Questions);
        Assert.Equal("permission denied (password): a password would be needed, and nothing may be asked (BatchMode); nothing to try", e.Reason);
    }

    [Fact]
    public async Task PreferredAuthentications_orders_the_methods_and_leaves_the_others_out()
    {
        TestSshd server = Start("");
        _lab.WriteConfig("PreferredAuthentications password,publickey\n");

        await using HopChain chain = await Connect(new FakePrompt(Password), server);

        Assert.Equal("password", chain.Reports[0].Authentication);
    }

    private TestSshd Start(string extra)
    {
        TestPassword.RequireNamespaces();
        TestSshd server = _lab.Start("only", extra: extra, password: Password);
        _lab.Trust(server);
        return server;
    }

    private Task<HopChain> Connect(FakePrompt prompt, TestSshd server) =>
        HopChain.ConnectAsync([server.Hop], _lab.Settings, prompt, Cancellation);
}
