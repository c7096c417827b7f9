using System.Collections.Concurrent;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

/// <summary>What is typed as a secret is shown nowhere: not in the log, a message, a report, or the process's title.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Passphrase = "pass-phrase-7d1f", Password = "pass-word-93ac";

    private readonly SshLab _lab = new();
    private readonly ConcurrentQueue<string> _log = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Passphrase_of_a_key_that_works_and_of_one_that_is_refused()
    {
        string key = _lab.CreateKey("locked", passphrase: Passphrase);
        TestSshd server = _lab.Start("only", SshLab.PublicKey(key)), other = _lab.Start("other", address: "127.0.0.2");
        _lab.Trust(server);
        _lab.Trust(other);
        var prompt = new FakePrompt(Passphrase);

        await using (HopChain chain = await Connect(prompt, key, server.Hop)) IsNowhere(Passphrase, prompt, chain.Reports[0].ToString());
        HopException refused = await Assert.ThrowsAsync<HopException>(() => Connect(prompt, key, other.Hop));

        IsNowhere(Passphrase, prompt, refused.ToString());
        Assert.Contains(_log, line => line.Contains("USERAUTH_REQUEST (publickey)", StringComparison.Ordinal));
        string privateKey = File.ReadAllLines(key)[3];
        Assert.DoesNotContain(_log, line => line.Contains(privateKey, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("PubkeyAuthentication no", "password")]
    [InlineData("UsePAM yes\nPubkeyAuthentication no\nPasswordAuthentication no\nKbdInteractiveAuthentication yes", "keyboard-interactive")]
    public async Task Password_that_is_right_and_one_that_is_wrong(string extra, string method)
    {
        TestPassword.RequireNamespaces();
        TestSshd server = _lab.Start("only", extra: extra, password: Password);
        _lab.Trust(server);
        var prompt = new FakePrompt(Password);
        var wrong = new FakePrompt(Password + "x", Password + "y", Password + "z");

        await using (HopChain chain = await Connect(prompt, _lab.UserKey, server.Hop)) IsNowhere(Password, prompt, chain.Reports[0].ToString());
        HopException refused = await Assert.ThrowsAsync<HopException>(() => Connect(wrong, _lab.UserKey, server.Hop));

        IsNowhere(Password, wrong, refused.ToString());
        Assert.Contains(_log, line => line.Contains(method, StringComparison.Ordinal));
    }

    private void IsNowhere(string secret, FakePrompt prompt, string text)
    {
        string title = File.ReadAllText("/proc/self/cmdline") + File.ReadAllText("/proc/self/comm");
        Assert.All(_log.Concat(prompt.Questions).Concat(prompt.Warnings).Append(text).Append(title),
            line => Assert.DoesNotContain(secret, line, StringComparison.Ordinal));
        Assert.All(_log, line => Assert.DoesNotContain('\n', line));
    }

    private Task<HopChain> Connect(FakePrompt prompt, string key, Hop hop) =>
        HopChain.ConnectAsync([hop], _lab.Settings with { Identities = [new Identity(key)], Log = _log.Enqueue }, prompt, Cancellation);
}
