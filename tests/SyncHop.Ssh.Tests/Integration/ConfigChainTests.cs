using System.Diagnostics;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

/// <summary>What ssh_config says is done on real connections.</summary>
public sealed class ConfigChainTests : IDisposable
{
    private readonly SshLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Nested_jumps_by_alias_have_their_own_names_keys_and_host_keys()
    {
        string[] keys = ["one", "two", "three"];
        foreach (string name in keys) _lab.CreateKey(name);
        TestSshd[] servers = [.. keys.Select((name, i) =>
            _lab.Start("s" + name, SshLab.PublicKey(Path.Combine(_lab.Directory, name)), "MaxAuthTries 1", $"127.0.0.{i + 2}"))];
        foreach (TestSshd server in servers) _lab.Trust(server);
        _lab.WriteConfig(
            string.Concat(keys.Select((name, i) =>
                $"Host {name}\n HostName {servers[i].Address}\n Port {servers[i].Port}\n IdentityFile {_lab.Directory}/{name}\n"))
            + $"Host two\n ProxyJump one\nMatch final host {servers[2].Address}\n ProxyJump two\nHost *\n StrictHostKeyChecking yes\n");

        await using HopChain chain = await Connect(_lab.Settings with { Identities = [] }, new Hop("three"));

        Assert.Equal(servers.Select(server => $"{server.Address}:{server.Port}"), chain.Reports.Select(hop => hop.Address));
        Assert.All(chain.Reports.Zip(keys), pair => Assert.Contains(pair.Second, pair.First.Authentication, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Algorithms_of_the_command_line_are_used_for_the_final_host_alone()
    {
        TestSshd gateway = _lab.Start("gw"), target = _lab.Start("target");
        _lab.Trust(gateway);
        _lab.Trust(target);
        SshSettings settings = _lab.Settings with
        {
            TargetOptions = ["Ciphers=aes192-ctr", "KexAlgorithms=ecdh-sha2-nistp384", "MACs=hmac-sha2-512", "Compression=yes"],
        };

        await using HopChain chain = await Connect(settings, gateway.Hop, target.Hop);

        Assert.NotEqual("aes192-ctr", chain.Reports[0].Cipher);
        Assert.Equal(("aes192-ctr", "ecdh-sha2-nistp384"), (chain.Reports[1].Cipher, chain.Reports[1].KeyExchange));
        await using SshChannel echo = await chain.OpenSubsystemAsync("echo", TestContext.Current.CancellationToken);
        Assert.NotNull(echo);
    }

    [Fact]
    public async Task Algorithms_that_do_not_exist_are_an_error()
    {
        HopException misspelt = await Assert.ThrowsAsync<HopException>(
            () => Connect(_lab.Settings with { TargetOptions = ["Ciphers=rot13"] }, new Hop("127.0.0.1", 9)));
        HopException missing = await Assert.ThrowsAsync<HopException>(
            () => Connect(_lab.Settings with { TargetOptions = ["Ciphers=arcfour"] }, new Hop("127.0.0.1", 9)));

        Assert.Equal("command-line line 0: Bad SSH2 cipher spec 'rot13'", misspelt.Message);
        Assert.Equal("Ciphers arcfour leaves no algorithm that synchop has", missing.Message);
    }

    [Theory]
    [InlineData("AddressFamily=inet")]
    [InlineData("BindAddress=127.0.0.9")]
    [InlineData("BindInterface=lo")]
    public async Task Connection_starts_where_it_should(string option)
    {
        TestSshd server = _lab.Start("server");
        _lab.Trust(server);

        await using HopChain chain = await Connect(_lab.Settings with { TargetOptions = [option] }, server.Hop);

        string source = option.StartsWith("BindAddress", StringComparison.Ordinal) ? "127.0.0.9" : "127.0.0.1";
        Assert.Contains($"Connection from {source}", server.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AddressFamily=inet6")]
    [InlineData("BindInterface=none0")]
    [InlineData("BindAddress=192.0.2.1")]
    public async Task Address_that_cannot_be_is_an_error_that_names_the_host(string option)
    {
        HopException e = await Assert.ThrowsAsync<HopException>(
            () => Connect(_lab.Settings with { TargetOptions = [option] }, new Hop("127.0.0.1", SshLab.FreePort())));

        Assert.Contains("@127.0.0.1:", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task Refused_connection_is_tried_again_a_second_later()
    {
        int port = SshLab.FreePort();
        var watch = Stopwatch.StartNew();

        await Assert.ThrowsAsync<HopException>(
            () => Connect(_lab.Settings with { TargetOptions = ["ConnectionAttempts=2"] }, new Hop("127.0.0.1", port)));

        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.95), TimeSpan.FromSeconds(15));
    }

    private static Task<HopChain> Connect(SshSettings settings, params Hop[] hops) =>
        HopChain.ConnectAsync(hops, settings, new FakePrompt(), TestContext.Current.CancellationToken);
}
