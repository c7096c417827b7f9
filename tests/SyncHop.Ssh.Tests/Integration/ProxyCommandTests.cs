using System.Diagnostics;
using System.Globalization;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

/// <summary>The first leg by a program of ours: real nc, real ssh, and programs that misbehave.</summary>
public sealed class ProxyCommandTests : IDisposable
{
    private readonly SshLab _lab = new();
    private readonly TestSshd _target;

    public ProxyCommandTests()
    {
        _target = _lab.Start("target");
        _lab.Trust(_target);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string PidFile => Path.Combine(_lab.Directory, "pid");

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Nc_carries_the_first_hop()
    {
        Programs.Require("nc");

        await using HopChain chain = await Connect("nc %h %p");
        await Exchange.EchoAsync(chain, 5_000_000, Cancellation);

        Assert.Equal("ProxyCommand", chain.Reports[0].Via);
        Assert.Equal($"127.0.0.1:{_target.Port}", chain.Reports[0].Address);
    }

    [Theory]
    [InlineData("ssh {0} -W %h:%p 127.0.0.2")]
    [InlineData("nohup ssh {0} 127.0.0.2 nc -w 5 %h %p")]
    public async Task Ssh_to_a_gateway_carries_the_first_hop(string command)
    {
        if (command.Contains("nc", StringComparison.Ordinal)) Programs.Require("nc");
        TestSshd gateway = _lab.Start("gw", address: "127.0.0.2");
        _lab.Trust(gateway);
        string options = $"-F none -p {gateway.Port} -l {Environment.UserName} -i {_lab.UserKey} -o IdentitiesOnly=yes "
            + $"-o UserKnownHostsFile={_lab.KnownHosts} -o BatchMode=yes";

        await using (HopChain chain = await Connect(string.Format(CultureInfo.InvariantCulture, command, options)))
            await Exchange.EchoAsync(chain, 1_000_000, Cancellation);

        Assert.Contains("Accepted publickey", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateways_behind_it_are_reached_as_always()
    {
        Programs.Require("nc");
        TestSshd second = _lab.Start("second", address: "127.0.0.2");
        _lab.Trust(second);
        Configure("nc %h %p");

        await using HopChain chain = await HopChain.ConnectAsync(
            [new Hop("first"), second.Hop], _lab.Settings, FakePrompt.NoTerminal, Cancellation);
        await Exchange.EchoAsync(chain, 1000, Cancellation);

        Assert.Equal(2, chain.Reports.Count);
    }

    // "exec" makes the program the process itself: what is written to the file is the id of what must be gone.
    [Theory]
    [InlineData("nc %h %p")]
    [InlineData("sh -c \"trap '' HUP TERM; nc %h %p; sleep 60\"")]
    public async Task Program_is_gone_with_the_session(string command)
    {
        Programs.Require("nc");
        HopChain chain = await Connect($"sh -c 'echo $$ > {PidFile}; exec {command.Replace("'", "'\\''", StringComparison.Ordinal)}'");
        int id = int.Parse(await File.ReadAllTextAsync(PidFile, Cancellation), CultureInfo.InvariantCulture);
        Assert.True(Directory.Exists($"/proc/{id}"));
        var watch = Stopwatch.StartNew();

        await chain.DisposeAsync();

        Assert.False(Directory.Exists($"/proc/{id}"), "an orphan or a zombie is left");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Theory]
    [InlineData("false", "exit code 1")]
    [InlineData("sh -c 'kill -9 $$'", "signal 9")]
    [InlineData("no-such-program-here", "exit code 127")]
    public async Task Program_that_ends_before_the_host_answers_is_named(string command, string how)
    {
        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(command + " 2>/dev/null"));

        Assert.Equal(HopFailureKind.Connect, e.Kind);
        Assert.Contains("the ProxyCommand \"", e.Message, StringComparison.Ordinal);
        Assert.EndsWith($" ended with {how}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_that_stays_silent_times_out_and_is_gone()
    {
        Configure($"sh -c 'echo $$ > {PidFile}; exec sleep 60'");
        SshSettings settings = _lab.Settings with { ConnectTimeout = TimeSpan.FromSeconds(1) };

        HopException e = await Assert.ThrowsAsync<HopException>(
            () => HopChain.ConnectAsync([new Hop("first")], settings, FakePrompt.NoTerminal, Cancellation));

        Assert.Equal(HopFailureKind.Timeout, e.Kind);
        int id = int.Parse(await File.ReadAllTextAsync(PidFile, Cancellation), CultureInfo.InvariantCulture);
        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public async Task Program_has_our_environment_and_can_be_ended_by_sigpipe()
    {
        await Assert.ThrowsAsync<HopException>(() => Connect(
            $"sh -c 'grep SigIgn /proc/self/status > {PidFile}; echo \"$PATH\" >> {PidFile}'"));

        string[] lines = await File.ReadAllLinesAsync(PidFile, Cancellation);
        const int brokenPipe = 1 << 12;
        Assert.Equal(0, Convert.ToInt64(lines[0].Split('\t')[1], 16) & brokenPipe);
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), lines[1]);
    }

    [Fact]
    public async Task Proxy_of_the_command_line_goes_before_it()
    {
        Configure("false");
        int port = SshLab.FreePort();
        SshSettings settings = _lab.Settings with { Proxy = ProxyAddress.Parse($"socks5://127.0.0.1:{port}") };

        HopException e = await Assert.ThrowsAsync<HopException>(
            () => HopChain.ConnectAsync([new Hop("first")], settings, FakePrompt.NoTerminal, Cancellation));

        Assert.Contains("the proxy socks5://", e.Message, StringComparison.Ordinal);
    }

    private void Configure(string command) => _lab.WriteConfig(
        $"Host first\n  HostName 127.0.0.1\n  Port {_target.Port}\n  ProxyCommand {command}\n");

    private Task<HopChain> Connect(string command)
    {
        Configure(command);
        return HopChain.ConnectAsync([new Hop("first")], _lab.Settings, FakePrompt.NoTerminal, Cancellation);
    }
}
