using System.Diagnostics;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

public sealed class FailureTests : IDisposable
{
    private readonly SshLab _lab = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Gateway_key_that_may_only_forward_to_the_target_is_enough()
    {
        TestSshd target = _lab.Start("target", address: "127.0.0.2");
        TestSshd gateway = _lab.Start("gw", Restricted($"127.0.0.2:{target.Port}"));
        Trust(gateway, target);

        await using HopChain chain = await Connect(gateway.Hop, target.Hop);
        await using SshChannel channel = await chain.OpenSubsystemAsync("sftp", Cancellation);

        Assert.Equal(2, chain.Reports.Count);
        Assert.DoesNotContain("session opened", gateway.Log, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Forward_that_the_gateway_prohibits_names_the_hop_behind_it()
    {
        TestSshd target = _lab.Start("target", address: "127.0.0.2");
        TestSshd gateway = _lab.Start("gw", Restricted("127.0.0.2:1"));
        Trust(gateway, target);

        HopException e = await Fails(gateway.Hop, target.Hop);

        Assert.Equal(HopFailureKind.Forward, e.Kind);
        Assert.Equal(2, e.HopNumber);
        string user = Environment.UserName;
        Assert.Equal(
            $"hop 2 of 2, {user}@127.0.0.2:{target.Port} via {user}@127.0.0.1:{gateway.Port}: administratively "
            + $"prohibited: {user}@127.0.0.1:{gateway.Port} does not allow forwarding to 127.0.0.2:{target.Port}; "
            + "where it allows commands, --gateway-command='nc %h %p' goes through one",
            e.Message);
    }

    [Fact]
    public async Task Port_that_nobody_listens_on_behind_the_gateway_is_refused_at_once()
    {
        TestSshd gateway = _lab.Start("gw");
        Trust(gateway);
        var watch = Stopwatch.StartNew();

        HopException e = await Fails(gateway.Hop, new Hop("localhost", SshLab.FreePort()));

        Assert.Equal((HopFailureKind.Connect, 2, 2), (e.Kind, e.HopNumber, e.HopCount));
        Assert.EndsWith("connection refused", e.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Name_behind_the_gateway_is_resolved_by_the_gateway()
    {
        TestSshd gateway = _lab.Start("gw");
        Trust(gateway);

        HopException e = await Fails(gateway.Hop, new Hop("no-such-host.invalid", 22));

        Assert.Equal((HopFailureKind.Connect, 2), (e.Kind, e.HopNumber));
        Assert.Contains("no-such-host.invalid", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task First_hop_that_refuses_and_name_that_does_not_exist_are_told_apart()
    {
        HopException refused = await Fails(new Hop("127.0.0.1", SshLab.FreePort()));
        HopException unknown = await Fails(new Hop("no-such-host.invalid"));

        Assert.EndsWith("connection refused", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the name no-such-host.invalid", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_that_never_answers_times_out()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        int port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        SshSettings settings = _lab.Settings with { ConnectTimeout = TimeSpan.FromMilliseconds(300) };

        HopException e = await Assert.ThrowsAsync<HopException>(() => HopChain.ConnectAsync(
            [new Hop("127.0.0.1", port)], settings, FakePrompt.NoTerminal, Cancellation));

        Assert.Equal(HopFailureKind.Timeout, e.Kind);
        Assert.EndsWith("no connection within 0.3 seconds", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_connection_returns_at_once()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        int port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => HopChain.ConnectAsync(
            [new Hop("127.0.0.1", port)], _lab.Settings, FakePrompt.NoTerminal, source.Token));
    }

    [Fact]
    public async Task Server_that_is_not_ssh_is_an_error()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        Task serve = Task.Run(async () =>
        {
            using System.Net.Sockets.TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
            await client.GetStream().WriteAsync("220 smtp ready\r\n"u8.ToArray(), Cancellation);
        }, Cancellation);

        HopException e = await Fails(new Hop("127.0.0.1", port));
        await serve;

        Assert.Equal(HopFailureKind.Connect, e.Kind);
        Assert.DoesNotContain('\n', e.Message);
        Assert.DoesNotContain("Renci", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subsystem_that_the_host_does_not_have_is_refused()
    {
        TestSshd server = _lab.Start("only");
        Trust(server);
        await using HopChain chain = await Connect(server.Hop);

        HopException e = await Assert.ThrowsAsync<HopException>(
            () => chain.OpenSubsystemAsync("nothing", Cancellation));

        Assert.Equal(HopFailureKind.Channel, e.Kind);
        Assert.EndsWith("the host does not offer the subsystem \"nothing\"", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refusal_of_a_program_is_told_every_time(bool awaitsAnswer)
    {
        TestSshd server = _lab.Start("only");
        Trust(server);
        await using HopChain chain = await Connect(server.Hop);

        for (int i = 0; i < 20; i++)
        {
            HopException e = await Assert.ThrowsAsync<HopException>(async () =>
            {
                await using SshChannel channel = await chain.First.OpenSubsystemAsync("nothing", awaitsAnswer, Cancellation);
                await channel.Output.WriteAsync(new byte[9], Cancellation);
                await channel.Input.ReadAsync(Cancellation);
            });
            Assert.EndsWith("the host does not offer the subsystem \"nothing\"", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Gateway_that_allows_no_session_cannot_be_a_target()
    {
        TestSshd server = _lab.Start("only", extra: "MaxSessions 0");
        Trust(server);
        await using HopChain chain = await Connect(server.Hop);

        HopException e = await Assert.ThrowsAsync<HopException>(() => chain.OpenSubsystemAsync("sftp", Cancellation));

        Assert.Equal(HopFailureKind.Channel, e.Kind);
    }

    private string Restricted(string target) =>
        $"restrict,port-forwarding,permitopen=\"{target}\" {SshLab.PublicKey(_lab.UserKey)}";

    private void Trust(params TestSshd[] servers)
    {
        foreach (TestSshd server in servers) _lab.Trust(server);
    }

    private Task<HopChain> Connect(params Hop[] hops) =>
        HopChain.ConnectAsync(hops, _lab.Settings, FakePrompt.NoTerminal, Cancellation);

    private Task<HopException> Fails(params Hop[] hops) => Assert.ThrowsAsync<HopException>(() => Connect(hops));
}
