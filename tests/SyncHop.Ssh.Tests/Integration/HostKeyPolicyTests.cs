using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

/// <summary>Keywords of ssh_config that make a host key count more or less.</summary>
public sealed class HostKeyPolicyTests : IDisposable
{
    private readonly SshLab _lab = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Changed_key_is_accepted_without_strictness_but_gets_no_password()
    {
        TestSshd server = _lab.Start("only", extra: "PasswordAuthentication yes");
        string other = SshLab.PublicKey(_lab.CreateKey("other"));
        File.WriteAllText(_lab.KnownHosts, $"[127.0.0.1]:{server.Port} {other}\n");
        _lab.WriteConfig("StrictHostKeyChecking no\n");
        var prompt = new FakePrompt("password");

        await using (HopChain chain = await Connect(prompt, server.Hop)) Assert.StartsWith("publickey", chain.Reports[0].Authentication, StringComparison.Ordinal);
        _lab.WriteConfig("StrictHostKeyChecking no\nPubkeyAuthentication no\n");
        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(prompt, server.Hop));

        Assert.Empty(prompt.Questions);
        Assert.Contains("REMOTE HOST IDENTIFICATION HAS CHANGED!", prompt.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("Password authentication is disabled to avoid man-in-the-middle attacks.", prompt.Warnings);
        Assert.Equal(HopFailureKind.Authentication, e.Kind);
        Assert.DoesNotContain(server.HostKeyBlob, File.ReadAllText(_lab.KnownHosts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rsa_keys_that_are_too_short_do_not_count()
    {
        string rsa = _lab.CreateKey("rsa", "rsa", "", "-b", "2048"), user = _lab.CreateKey("short", "rsa", "", "-b", "2048");
        TestSshd server = _lab.Start("only", SshLab.PublicKey(user), $"HostKey {rsa}\nPasswordAuthentication no");
        _lab.Trust(server);
        File.AppendAllText(_lab.KnownHosts, $"[127.0.0.1]:{server.Port} {SshLab.PublicKey(rsa)}\n");
        var prompt = new FakePrompt();

        _lab.WriteConfig("RequiredRSASize 2049\nHostKeyAlgorithms rsa-sha2-512\n");
        HopException host = await Assert.ThrowsAsync<HopException>(() => Connect(prompt, server.Hop));
        _lab.WriteConfig("RequiredRSASize 2049\n");
        HopException key = await Assert.ThrowsAsync<HopException>(() => Connect(prompt, user, server.Hop));
        _lab.WriteConfig("RequiredRSASize 2048\nHostKeyAlgorithms rsa-sha2-512\n");
        await using HopChain chain = await Connect(prompt, user, server.Hop);

        Assert.Equal((HopFailureKind.HostKey, "host key has 2048 bits, and RequiredRSASize wants 2049"), (host.Kind, host.Reason));
        Assert.Equal(HopFailureKind.Authentication, key.Kind);
        Assert.Contains("RequiredRSASize wants 2049", Assert.Single(prompt.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key", true)]
    [InlineData("other", false)]
    [InlineData("missing", true)]
    [InlineData("krl", true)]
    public async Task Revoked_keys_are_refused_though_they_are_known(string content, bool refused)
    {
        TestSshd server = _lab.Start("only");
        _lab.Trust(server);
        string file = Path.Combine(_lab.Directory, "revoked");
        if (content == "krl") SshLab.Run("ssh-keygen", ["-k", "-f", file, _lab.UserKey + ".pub"]);
        else if (content != "missing")
            File.WriteAllText(file, $"# keys\n\n{SshLab.PublicKey(content == "key" ? server.HostKey : _lab.UserKey)}\n");
        _lab.WriteConfig($"RevokedHostKeys {file}\n");

        if (!refused)
        {
            await using HopChain chain = await Connect(FakePrompt.NoTerminal, server.Hop);
            return;
        }

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(new FakePrompt("yes"), server.Hop));
        Assert.Equal(HopFailureKind.HostKey, e.Kind);
        Assert.Contains(content == "key" ? $"is revoked by {file}:3" : $"host keys cannot be checked against RevokedHostKeys {file}", e.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loopback_needs_no_host_key_where_the_user_says_so_but_a_host_behind_a_gateway_does()
    {
        TestSshd gateway = _lab.Start("gw"), target = _lab.Start("target", address: "127.0.0.2");
        _lab.WriteConfig("NoHostAuthenticationForLocalhost yes\n");

        await using (HopChain chain = await Connect(FakePrompt.NoTerminal, gateway.Hop)) Assert.Single(chain.Reports);
        HopException behind = await Assert.ThrowsAsync<HopException>(() => Connect(FakePrompt.NoTerminal, gateway.Hop, target.Hop));
        _lab.WriteConfig("NoHostAuthenticationForLocalhost yes\nHostKeyAlias name\n");
        HopException alias = await Assert.ThrowsAsync<HopException>(() => Connect(FakePrompt.NoTerminal, gateway.Hop));

        Assert.Equal((HopFailureKind.HostKey, 2), (behind.Kind, behind.HopNumber));
        Assert.Equal(HopFailureKind.HostKey, alias.Kind);
        Assert.False(File.Exists(_lab.KnownHosts));
    }

    [Fact]
    public async Task Known_hosts_that_are_a_directory_are_a_mistake()
    {
        HopException e = await Assert.ThrowsAsync<HopException>(() => HopChain.ConnectAsync(
            [new Hop("127.0.0.1", 9)], _lab.Settings with { KnownHostsFiles = [_lab.Directory] }, FakePrompt.NoTerminal, Cancellation));

        Assert.Equal((HopFailureKind.Config, $"known hosts file {_lab.Directory} is a directory"), (e.Kind, e.Message));
    }

    private Task<HopChain> Connect(FakePrompt prompt, params Hop[] hops) => HopChain.ConnectAsync(hops, _lab.Settings, prompt, Cancellation);

    private Task<HopChain> Connect(FakePrompt prompt, string key, Hop hop) =>
        HopChain.ConnectAsync([hop], _lab.Settings with { Identities = [new Identity(key)] }, prompt, Cancellation);
}
