using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

public sealed class HostCertificateTests : IDisposable
{
    private readonly SshLab _lab = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("ed25519", "ed25519")]
    [InlineData("rsa", "ecdsa")]
    [InlineData("ecdsa", "rsa")]
    public async Task Certificate_of_a_known_authority_vouches_for_the_host(string authorityType, string hostType)
    {
        string authority = _lab.CreateKey("ca", authorityType);
        TestSshd server = Start(authority, hostType, "-n", "127.0.0.1");
        TrustAuthority(authority, "127.0.0.*");

        await using HopChain chain = await Connect(FakePrompt.NoTerminal, server.Hop);

        Assert.Contains(hostType, chain.Reports[0].HostKeyType, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.NewLine + "[", await File.ReadAllTextAsync(_lab.KnownHosts, Cancellation),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_behind_a_gateway_is_judged_by_the_alias()
    {
        TestSshd gateway = _lab.Start("gw", address: "127.0.0.2");
        _lab.Trust(gateway);
        string authority = _lab.CreateKey("ca");
        TestSshd target = Start(authority, "ed25519", "-n", "inner.example");
        TrustAuthority(authority, "*.example");
        _lab.WriteConfig("Host 127.0.0.1\nHostKeyAlias Inner.example\n");

        await using HopChain chain = await Connect(FakePrompt.NoTerminal, gateway.Hop, target.Hop);

        Assert.Equal(2, chain.Reports.Count);
    }

    public static TheoryData<string[], string> Distrusted => new()
    {
        { ["-n", "other,more"], "it is for other, more" },
        { ["-n", "127.0.0.1", "-V", "20200101:20210101"], "it has expired" },
        { ["-n", "127.0.0.1", "-V", "20400101:20410101"], "it is not yet valid" },
        { ["-n", "127.0.0.1", "-O", "critical:some=thing"], "it has a condition that ssh does not know" },
    };

    [Theory]
    [MemberData(nameof(Distrusted))]
    public async Task Certificate_that_proves_nothing_leaves_an_unknown_key(string[] options, string reason)
    {
        string authority = _lab.CreateKey("ca");
        TestSshd server = Start(authority, "ed25519", options);
        TrustAuthority(authority, "*");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(FakePrompt.NoTerminal, server.Hop));

        Assert.Equal(HopFailureKind.HostKey, e.Kind);
        Assert.StartsWith($"host certificate \"srv\" is not accepted: {reason}; host key of ", e.Reason, StringComparison.Ordinal);
        Assert.Contains(" is not known: ssh-ed25519 SHA256:", e.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh-ed25519-cert-v01@openssh.com")]
    [InlineData("*-cert-v01@openssh.com")]
    public async Task Certificate_that_is_asked_for_without_an_authority_leaves_its_key(string algorithms)
    {
        TestSshd server = Start(_lab.CreateKey("ca"), "ed25519", "-n", "127.0.0.1");
        _lab.Trust(server);
        _lab.WriteConfig($"HostKeyAlgorithms {algorithms}\n");

        HopException unknown = await Assert.ThrowsAsync<HopException>(() => Connect(FakePrompt.NoTerminal, server.Hop));
        File.WriteAllText(_lab.KnownHosts, $"[127.0.0.1]:{server.Port} {SshLab.PublicKey(Path.Combine(_lab.Directory, "certified"))}\n");
        await using HopChain chain = await Connect(FakePrompt.NoTerminal, server.Hop);

        Assert.Equal(HopFailureKind.HostKey, unknown.Kind);
        Assert.Single(chain.Reports);
    }

    [Fact]
    public async Task Certificate_of_another_authority_leaves_a_plain_key_that_may_be_known()
    {
        string authority = _lab.CreateKey("ca");
        TestSshd server = Start(_lab.CreateKey("stranger"), "ed25519", "-n", "127.0.0.1");
        TrustAuthority(authority, "*");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(FakePrompt.NoTerminal, server.Hop));
        string[] key = SshLab.PublicKey(HostKey).Split(' ');
        File.AppendAllText(_lab.KnownHosts, $"[127.0.0.1]:{server.Port} {key[0]} {key[1]}\n");
        await using HopChain chain = await Connect(FakePrompt.NoTerminal, server.Hop);

        Assert.Contains("its authority SHA256:", e.Reason, StringComparison.Ordinal);
        Assert.Single(chain.Reports);
    }

    [Theory]
    [InlineData("-ssh-ed25519", false)]
    [InlineData("rsa-sha2-512,rsa-sha2-256", false)]
    [InlineData("ssh-ed*", true)]
    public async Task Signature_of_the_authority_must_be_of_a_wanted_kind(string algorithms, bool accepted)
    {
        string authority = _lab.CreateKey("ca");
        TestSshd server = Start(authority, "ed25519", "-n", "127.0.0.1");
        TrustAuthority(authority, "*");
        _lab.WriteConfig($"CASignatureAlgorithms {algorithms}\n");

        if (accepted)
        {
            await using HopChain chain = await Connect(FakePrompt.NoTerminal, server.Hop);
            return;
        }

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(FakePrompt.NoTerminal, server.Hop));
        Assert.StartsWith("host certificate \"srv\" is not accepted: its signature is wrong", e.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Revoked_authority_or_revoked_key_is_refused(bool revokeAuthority)
    {
        string authority = _lab.CreateKey("ca");
        TestSshd server = Start(authority, "ed25519", "-n", "127.0.0.1");
        TrustAuthority(authority, "*");
        File.AppendAllText(
            _lab.KnownHosts, $"@revoked * {SshLab.PublicKey(revokeAuthority ? authority : HostKey)}\n");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(new FakePrompt("yes"), server.Hop));

        Assert.Equal(HopFailureKind.HostKey, e.Kind);
        Assert.EndsWith($"revoked by {_lab.KnownHosts}:2", e.Reason, StringComparison.Ordinal);
    }

    private string HostKey => Path.Combine(_lab.Directory, "certified");

    private TestSshd Start(string authority, string type, params string[] options)
    {
        _lab.CreateKey("certified", type);
        SshLab.Run("ssh-keygen", ["-q", "-s", authority, "-I", "srv", "-h", .. options, HostKey + ".pub"]);
        return _lab.Start("only", extra: $"HostKey {HostKey}\nHostCertificate {HostKey}-cert.pub");
    }

    private void TrustAuthority(string authority, string hosts) =>
        File.AppendAllText(_lab.KnownHosts, $"@cert-authority {hosts} {SshLab.PublicKey(authority)}\n");

    private Task<HopChain> Connect(FakePrompt prompt, params Hop[] hops) =>
        HopChain.ConnectAsync(hops, _lab.Settings, prompt, Cancellation);
}
