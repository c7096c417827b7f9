using SyncHop.Ssh.Authentication;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

public sealed class AuthenticationTests : IDisposable
{
    private readonly SshLab _lab = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    public static TheoryData<string, string[], string> Keys => new()
    {
        { "ed25519", [], "" },
        { "ed25519", [], "secret" },
        { "ecdsa", ["-b", "256"], "" },
        { "ecdsa", ["-b", "521", "-m", "PEM"], "" },
        { "ecdsa", ["-m", "PKCS8"], "secret" },
        { "rsa", ["-b", "2048"], "" },
        { "rsa", ["-b", "2048", "-m", "PEM"], "secret" },
        { "rsa", ["-b", "2048", "-m", "PKCS8"], "" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Every_kind_of_key_lets_in(string type, string[] options, string passphrase)
    {
        string key = _lab.CreateKey("id", type, passphrase, options);
        TestSshd server = Start("only", key, "");
        var prompt = new FakePrompt(passphrase.Length > 0 ? passphrase : null);

        await using HopChain chain = await Connect(prompt, [new Identity(key)], server.Hop);

        Assert.Equal("publickey " + key, chain.Reports[0].Authentication);
        Assert.Equal(passphrase.Length > 0 ? 1 : 0, prompt.Questions.Count);
    }

    [Fact]
    public async Task Passphrase_is_asked_once_for_all_hops()
    {
        string key = _lab.CreateKey("id", passphrase: "secret");
        TestSshd gateway = Start("gw", key, "");
        TestSshd target = Start("target", key, "", "127.0.0.2");
        var prompt = new FakePrompt("wrong", "secret");

        await using HopChain chain = await Connect(prompt, [new Identity(key)], gateway.Hop, target.Hop);

        Assert.Equal(
            [$"Enter passphrase for key '{key}': ", $"Bad passphrase, try again for '{key}': "], prompt.Questions);
    }

    [Fact]
    public async Task Wrong_passphrase_is_said_and_is_not_asked_for_again_by_a_chain_that_shares_the_keys()
    {
        string key = _lab.CreateKey("id", passphrase: "secret");
        TestSshd server = Start("only", key, "PasswordAuthentication no");
        var prompt = new FakePrompt("wrong", "wronger", "wrongest", "secret");
        SshSettings settings = _lab.Settings with { Identities = [new Identity(key)], Keys = new KeyStore() };

        HopException first = await Assert.ThrowsAsync<HopException>(() => HopChain.ConnectAsync([server.Hop], settings, prompt, Cancellation));
        HopException second = await Assert.ThrowsAsync<HopException>(() => HopChain.ConnectAsync([server.Hop], settings, prompt, Cancellation));
        HopException batch = await Assert.ThrowsAsync<HopException>(() => Connect(FakePrompt.NoTerminal, [new Identity(key)], server.Hop));

        Assert.Equal($"permission denied (publickey): the passphrase of key {key} is wrong; tried publickey {key}", first.Reason);
        Assert.Contains("is wrong", second.Reason, StringComparison.Ordinal);
        Assert.Contains($"key {key} needs a passphrase, and there is no terminal", batch.Reason, StringComparison.Ordinal);
        Assert.Equal(3, prompt.Questions.Count);
        Assert.Empty(prompt.Warnings);
    }

    [Fact]
    public async Task Chains_that_share_the_keys_ask_for_a_passphrase_once()
    {
        string key = _lab.CreateKey("id", passphrase: "secret");
        TestSshd one = Start("one", key, ""), two = Start("two", key, "", "127.0.0.2");
        var prompt = new FakePrompt("secret");
        SshSettings settings = _lab.Settings with { Identities = [new Identity(key)], Keys = new KeyStore() };

        await using HopChain first = await HopChain.ConnectAsync([one.Hop], settings, prompt, Cancellation);
        await using HopChain second = await HopChain.ConnectAsync([two.Hop], settings, prompt, Cancellation);

        Assert.Single(prompt.Questions);
    }

    [Theory]
    [InlineData("directory", " is a directory, not a key")]
    [InlineData("user.pub", " is a public key, and the agent does not hold its private one; the private key's file has no .pub")]
    [InlineData("missing", " does not exist")]
    [InlineData("text", " is not a private key in OpenSSH or PEM format")]
    public async Task File_that_is_no_private_key_is_said_to_be_none(string name, string reason)
    {
        TestSshd server = Start("only", _lab.UserKey, "PasswordAuthentication no");
        string path = Path.Combine(_lab.Directory, name);
        if (name == "directory") Directory.CreateDirectory(path);
        if (name == "text") File.WriteAllText(path, "nothing\n");
        FakePrompt prompt = FakePrompt.NoTerminal;

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(prompt, [new Identity(path)], server.Hop));

        Assert.EndsWith(path + reason, Assert.Single(prompt.Warnings), StringComparison.Ordinal);
        Assert.Equal(HopFailureKind.Authentication, e.Kind);
    }

    [Fact]
    public async Task Passphrase_of_a_key_that_the_server_does_not_want_is_not_asked()
    {
        string locked = _lab.CreateKey("locked", passphrase: "secret");
        TestSshd server = Start("only", _lab.UserKey, "");
        var prompt = new FakePrompt();

        await using HopChain chain = await Connect(
            prompt, [new Identity(locked), new Identity(_lab.UserKey)], server.Hop);

        Assert.Empty(prompt.Questions);
        Assert.Equal("publickey " + _lab.UserKey, chain.Reports[0].Authentication);
    }

    [Fact]
    public async Task Each_hop_takes_its_own_key()
    {
        string first = _lab.CreateKey("first"), second = _lab.CreateKey("second");
        TestSshd gateway = Start("gw", first, "MaxAuthTries 1");
        TestSshd target = Start("target", second, "MaxAuthTries 1", "127.0.0.2");

        await using HopChain chain = await Connect(
            FakePrompt.NoTerminal,
            [new Identity(first, "127.0.0.1"), new Identity(second, "127.0.0.2")],
            gateway.Hop, target.Hop);

        Assert.Equal(["publickey " + first, "publickey " + second], chain.Reports.Select(r => r.Authentication));
    }

    [Fact]
    public async Task Two_keys_satisfy_a_server_that_wants_two()
    {
        string first = _lab.CreateKey("first"), second = _lab.CreateKey("second");
        TestSshd server = _lab.Start("only", SshLab.PublicKey(first) + "\n" + SshLab.PublicKey(second),
            "AuthenticationMethods publickey,publickey");
        _lab.Trust(server);

        await using HopChain chain = await Connect(
            FakePrompt.NoTerminal, [new Identity(first), new Identity(second)], server.Hop);

        Assert.Equal("publickey " + second, chain.Reports[0].Authentication);
    }

    [Fact]
    public async Task Denial_names_the_hop_what_the_server_allows_and_what_was_tried()
    {
        string other = _lab.CreateKey("other");
        TestSshd gateway = Start("gw", _lab.UserKey, "");
        TestSshd target = Start("target", other, "PasswordAuthentication no", "127.0.0.2");

        HopException e = await Assert.ThrowsAsync<HopException>(
            () => Connect(FakePrompt.NoTerminal, [new Identity(_lab.UserKey)], gateway.Hop, target.Hop));

        Assert.Equal((HopFailureKind.Authentication, 2), (e.Kind, e.HopNumber));
        Assert.Equal($"permission denied (publickey); tried publickey {_lab.UserKey}", e.Reason);
    }

    [Fact]
    public async Task Server_that_has_seen_too_many_keys_is_an_authentication_failure()
    {
        string first = _lab.CreateKey("first"), second = _lab.CreateKey("second");
        TestSshd server = Start("only", _lab.UserKey, "MaxAuthTries 2");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(
            FakePrompt.NoTerminal, [new Identity(first), new Identity(second), new Identity(_lab.UserKey)], server.Hop));

        Assert.Equal(HopFailureKind.Authentication, e.Kind);
        Assert.StartsWith("too many authentication failures; tried publickey ", e.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_is_asked_three_times_on_a_terminal_and_never_without()
    {
        TestSshd server = Start("only", _lab.UserKey, "PubkeyAuthentication no");
        var prompt = new FakePrompt("wrong", "wronger", "wrongest", "never");

        HopException asked = await Assert.ThrowsAsync<HopException>(() => Connect(prompt, [], server.Hop));
        HopException silent = await Assert.ThrowsAsync<HopException>(
            () => Connect(FakePrompt.NoTerminal, [], server.Hop));

        Assert.Equal(3, prompt.Questions.Count);
        Assert.All(prompt.Questions, q => Assert.EndsWith("'s password: ", q, StringComparison.Ordinal));
        Assert.Equal("permission denied (password); tried password", asked.Reason);
        Assert.Equal("permission denied (password): a password would be needed, and there is no terminal to ask on; nothing to try", silent.Reason);
    }

    [Fact]
    public async Task Key_that_others_can_read_is_not_used()
    {
        string key = _lab.CreateKey("open");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        TestSshd server = Start("only", key, "PasswordAuthentication no");
        FakePrompt prompt = FakePrompt.NoTerminal;

        HopException e = await Assert.ThrowsAsync<HopException>(
            () => Connect(prompt, [new Identity(key)], server.Hop));

        Assert.Equal(HopFailureKind.Authentication, e.Kind);
        Assert.Contains($"key {key} is not used: others have access to it", Assert.Single(prompt.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_of_others_to_a_key_that_is_not_the_users_own_does_not_count()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can give a file away");
        string key = _lab.CreateKey("foreign");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        SshLab.Run("chown", ["nobody", key]);
        TestSshd server = Start("only", key, "");

        await using HopChain chain = await Connect(FakePrompt.NoTerminal, [new Identity(key)], server.Hop);

        Assert.Equal("publickey " + key, chain.Reports[0].Authentication);
    }

    private TestSshd Start(string name, string key, string extra, string address = "127.0.0.1")
    {
        TestSshd server = _lab.Start(name, SshLab.PublicKey(key), extra, address);
        _lab.Trust(server);
        return server;
    }

    private Task<HopChain> Connect(FakePrompt prompt, Identity[] identities, params Hop[] hops) =>
        HopChain.ConnectAsync(hops, _lab.Settings with { Identities = identities }, prompt, Cancellation);
}
