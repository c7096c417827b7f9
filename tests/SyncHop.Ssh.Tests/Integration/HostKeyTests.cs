using SyncHop.Ssh.HostKeys;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

public sealed class HostKeyTests : IDisposable
{
    private readonly SshLab _lab = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Unknown_key_is_refused_without_a_terminal_and_nothing_is_written()
    {
        TestSshd server = _lab.Start("only");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(FakePrompt.NoTerminal, server.Hop));

        Assert.Equal(HopFailureKind.HostKey, e.Kind);
        Assert.Contains("is not known: ssh-ed25519 " + Fingerprint(server), e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_lab.KnownHosts));
    }

    [Fact]
    public async Task Unknown_key_that_the_user_accepts_is_remembered_as_ssh_writes_it()
    {
        TestSshd server = _lab.Start("only");
        Directory.Delete(_lab.HomeSsh);
        var prompt = new FakePrompt("yes");

        await using (HopChain first = await Connect(prompt, server.Hop)) Assert.Single(prompt.Questions);
        await using (HopChain again = await Connect(FakePrompt.NoTerminal, server.Hop)) Assert.Single(again.Reports);

        Assert.Contains(Fingerprint(server), prompt.Questions[0], StringComparison.Ordinal);
        Assert.Equal(server.KnownHostsLine + "\n", await File.ReadAllTextAsync(_lab.KnownHosts, Cancellation));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_lab.KnownHosts));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_lab.HomeSsh));
    }

    [Fact]
    public async Task Unknown_key_that_the_user_does_not_accept_is_refused()
    {
        TestSshd server = _lab.Start("only");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(new FakePrompt("no"), server.Hop));

        Assert.Equal(HopFailureKind.HostKey, e.Kind);
        Assert.False(File.Exists(_lab.KnownHosts));
    }

    [Fact]
    public async Task Changed_key_behind_a_gateway_is_refused_with_its_place_and_both_fingerprints()
    {
        TestSshd gateway = _lab.Start("gw");
        TestSshd target = _lab.Start("target", address: "127.0.0.2");
        _lab.Trust(gateway);
        File.AppendAllText(_lab.KnownHosts, $"[127.0.0.2]:{target.Port} ssh-ed25519 {gateway.HostKeyBlob}\n");

        var prompt = new FakePrompt("yes");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(prompt, gateway.Hop, target.Hop));

        string warning = Assert.Single(prompt.Warnings);
        Assert.Contains("REMOTE HOST IDENTIFICATION HAS CHANGED!", warning, StringComparison.Ordinal);
        Assert.Contains($"Offending ED25519 key in {_lab.KnownHosts}:2\n", warning, StringComparison.Ordinal);
        Assert.Contains($"ssh-keygen -f \"{_lab.KnownHosts}\" -R \"[127.0.0.2]:{target.Port}\"", warning, StringComparison.Ordinal);

        Assert.Equal((HopFailureKind.HostKey, 2), (e.Kind, e.HopNumber));
        Assert.Contains("host key has changed", e.Message, StringComparison.Ordinal);
        Assert.Contains($"{_lab.KnownHosts}:2", e.Message, StringComparison.Ordinal);
        Assert.Contains(Fingerprint(target), e.Message, StringComparison.Ordinal);
        Assert.Contains(Fingerprint(gateway), e.Message, StringComparison.Ordinal);
    }

    // Somebody in between has a key of whatever type he likes; for the user's name there is a key already.
    [Theory]
    [InlineData("ask")]
    [InlineData("accept-new")]
    public async Task Key_of_a_type_that_is_not_known_is_no_new_key(string strictness)
    {
        TestSshd server = _lab.Start("only");
        string[] known = SshLab.PublicKey(_lab.CreateKey("known", "ecdsa")).Split(' ');
        string line = $"[127.0.0.1]:{server.Port} {known[0]} {known[1]}\n";
        File.WriteAllText(_lab.KnownHosts, line);
        _lab.WriteConfig($"StrictHostKeyChecking {strictness}\n");
        var prompt = new FakePrompt("yes");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(prompt, server.Hop));

        Assert.Equal(HopFailureKind.HostKey, e.Kind);
        Assert.Contains($"{_lab.KnownHosts}:1 has ecdsa-sha2-nistp256 SHA256:", e.Message, StringComparison.Ordinal);
        Assert.EndsWith($"the host sent ssh-ed25519 {Fingerprint(server)}", e.Message, StringComparison.Ordinal);
        Assert.Contains($"Offending ECDSA key in {_lab.KnownHosts}:1\n", Assert.Single(prompt.Warnings), StringComparison.Ordinal);
        Assert.Contains("The fingerprint for the ED25519 key sent by", prompt.Warnings[0], StringComparison.Ordinal);
        Assert.Empty(prompt.Questions);
        Assert.Equal(line, await File.ReadAllTextAsync(_lab.KnownHosts, Cancellation));
    }

    [Fact]
    public async Task Known_key_type_is_offered_first_so_that_a_second_key_does_no_harm()
    {
        string ecdsa = _lab.CreateKey("second", "ecdsa");
        TestSshd server = _lab.Start("only", extra: $"HostKey {ecdsa}");
        string[] line = SshLab.PublicKey(ecdsa).Split(' ');
        File.AppendAllText(_lab.KnownHosts, $"[127.0.0.1]:{server.Port} {line[0]} {line[1]}\n");

        await using HopChain chain = await Connect(FakePrompt.NoTerminal, server.Hop);

        Assert.Equal("ecdsa-sha2-nistp256", chain.Reports[0].HostKeyType);
    }

    [Fact]
    public async Task Entries_that_ssh_keygen_hashed_are_found()
    {
        TestSshd server = _lab.Start("only");
        _lab.Trust(server);
        SshLab.Run("ssh-keygen", ["-H", "-f", _lab.KnownHosts]);
        Assert.StartsWith("|1|", await File.ReadAllTextAsync(_lab.KnownHosts, Cancellation), StringComparison.Ordinal);

        await using HopChain chain = await Connect(FakePrompt.NoTerminal, server.Hop);

        Assert.Single(chain.Reports);
    }

    [Theory]
    [InlineData("accept-new", false)]
    [InlineData("accept-new", true)]
    [InlineData("no", true)]
    public async Task Unknown_key_is_added_without_a_question_where_that_is_wanted(string strictness, bool hashed)
    {
        TestSshd server = _lab.Start("only");
        _lab.WriteConfig($"StrictHostKeyChecking {strictness}\nHashKnownHosts {(hashed ? "yes" : "no")}\n");

        await using (HopChain first = await Connect(FakePrompt.NoTerminal, server.Hop)) Assert.Single(first.Reports);
        _lab.WriteConfig("StrictHostKeyChecking yes\n");
        await using (HopChain again = await Connect(FakePrompt.NoTerminal, server.Hop)) Assert.Single(again.Reports);

        string line = Assert.Single(await File.ReadAllLinesAsync(_lab.KnownHosts, Cancellation));
        Assert.Equal(hashed, line.StartsWith("|1|", StringComparison.Ordinal));
        Assert.Contains("found: line 1", SshLab.Run(
            "ssh-keygen", ["-F", $"[127.0.0.1]:{server.Port}", "-f", _lab.KnownHosts]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Known_hosts_that_remember_nothing_are_no_problem()
    {
        TestSshd server = _lab.Start("only");
        _lab.WriteConfig("StrictHostKeyChecking no\nUserKnownHostsFile /dev/null\n");
        FakePrompt prompt = FakePrompt.NoTerminal;

        await using HopChain chain = await Connect(prompt, server.Hop);

        Assert.Empty(prompt.Warnings);
    }

    private static string Fingerprint(TestSshd server) =>
        HostKeyVerifier.Fingerprint(Convert.FromBase64String(server.HostKeyBlob));

    private Task<HopChain> Connect(FakePrompt prompt, params Hop[] hops) =>
        HopChain.ConnectAsync(hops, _lab.Settings, prompt, Cancellation);
}
