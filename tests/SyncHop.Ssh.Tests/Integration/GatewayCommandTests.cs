using System.IO.Pipelines;
using System.Text;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

/// <summary>Gateways that forbid forwarding and run commands, and commands in place of subsystems.</summary>
public sealed class GatewayCommandTests : IDisposable
{
    private readonly SshLab _lab = new();
    private readonly FakePrompt _prompt = FakePrompt.NoTerminal;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Gateway_that_forbids_forwarding_carries_the_next_hop_by_a_command()
    {
        Programs.Require("nc");
        (TestSshd gateway, TestSshd target) = Start("AllowTcpForwarding no");

        await using (HopChain chain = await Connect("nc %h %p", gateway.Hop, target.Hop))
        {
            await Exchange.EchoAsync(chain, 5_000_000, Cancellation);
            Assert.EndsWith($"127.0.0.1:{gateway.Port} by \"nc 127.0.0.2 {target.Port}\"", chain.Reports[1].Via, StringComparison.Ordinal);
        }

        Assert.Empty(_prompt.Warnings);
    }

    [Fact]
    public async Task Command_of_one_gateway_leaves_the_others_to_forwarding()
    {
        Programs.Require("nc");
        (TestSshd gateway, TestSshd target) = Start("AllowTcpForwarding no");
        TestSshd middle = _lab.Start("middle", address: "127.0.0.3");
        _lab.Trust(middle);
        SshSettings settings = _lab.Settings with { GatewayCommands = [new("nc %h %p", "127.0.0.1")] };

        await using HopChain chain = await HopChain.ConnectAsync(
            [gateway.Hop, middle.Hop, target.Hop], settings, _prompt, Cancellation);
        await Exchange.EchoAsync(chain, 1000, Cancellation);

        Assert.Contains("Starting session: command", gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Starting session", middle.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_that_fails_says_why()
    {
        (TestSshd gateway, TestSshd target) = Start("AllowTcpForwarding no");

        HopException e = await Assert.ThrowsAsync<HopException>(
            () => Connect("echo no way to %h >&2; exit 3", gateway.Hop, target.Hop));

        Assert.Equal((HopFailureKind.Connect, 2), (e.Kind, e.HopNumber));
        Assert.EndsWith(
            "the command \"echo no way to 127.0.0.2 >&2; exit 3\" on "
            + $"{Environment.UserName}@127.0.0.1:{gateway.Port} ended",
            e.Message, StringComparison.Ordinal);
        Assert.Equal([$"{Environment.UserName}@127.0.0.1:{gateway.Port} says: no way to 127.0.0.2"], _prompt.Warnings);
    }

    [Fact]
    public async Task Gateway_that_runs_no_commands_either_is_named()
    {
        (TestSshd gateway, TestSshd target) = Start("MaxSessions 0");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect("nc %h %p", gateway.Hop, target.Hop));

        Assert.Equal((HopFailureKind.Forward, 2), (e.Kind, e.HopNumber));
        Assert.EndsWith("does not open a session for a command", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nc %x %p")]
    [InlineData("nc %h %")]
    public async Task Unknown_token_is_an_error_before_anything_runs(string command)
    {
        (TestSshd gateway, TestSshd target) = Start("");

        HopException e = await Assert.ThrowsAsync<HopException>(() => Connect(command, gateway.Hop, target.Hop));

        Assert.Equal(HopFailureKind.Config, e.Kind);
        Assert.DoesNotContain("Starting session", gateway.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$(touch x)")]
    [InlineData("a;b")]
    [InlineData("`a`")]
    [InlineData("$a")]
    [InlineData("CORP\\a")]
    public async Task Name_that_means_something_to_a_shell_is_refused(string name)
    {
        (TestSshd gateway, TestSshd _) = Start("");

        HopException e = await Assert.ThrowsAsync<HopException>(
            () => Connect("nc %r %p", gateway.Hop, new Hop("127.0.0.2", 22, name)));

        Assert.Equal(HopFailureKind.Config, e.Kind);
        Assert.DoesNotContain("Starting session", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_on_the_final_host_stands_in_for_a_subsystem()
    {
        (TestSshd _, TestSshd target) = Start("");
        await using HopChain chain = await Connect("", target.Hop);

        await using SshChannel channel = await chain.OpenCommandAsync("printf 'a warning' >&2; printf %s out", Cancellation);
        using var output = new MemoryStream();
        await channel.Input.CopyToAsync(output, Cancellation);

        Assert.Equal("out", Encoding.ASCII.GetString(output.ToArray()));
        await WaitFor(() => _prompt.Warnings.Count > 0);
        Assert.EndsWith(" says: a warning", Assert.Single(_prompt.Warnings), StringComparison.Ordinal);
    }

    private static async Task WaitFor(Func<bool> condition)
    {
        for (int i = 0; i < 200 && !condition(); i++) await Task.Delay(10, Cancellation);
    }

    private (TestSshd Gateway, TestSshd Target) Start(string gatewayConfig)
    {
        TestSshd gateway = _lab.Start("gw", extra: gatewayConfig), target = _lab.Start("target", address: "127.0.0.2");
        _lab.Trust(gateway);
        _lab.Trust(target);
        return (gateway, target);
    }

    private Task<HopChain> Connect(string command, params Hop[] hops) => HopChain.ConnectAsync(
        hops, _lab.Settings with { GatewayCommands = [new GatewayCommand(command)] }, _prompt, Cancellation);
}
