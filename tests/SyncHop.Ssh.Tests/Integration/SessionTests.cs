using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

/// <summary>Several sessions with the final host of one chain.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly SshLab _lab = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Sessions_at_the_target_share_one_at_the_gateway_and_are_opened_one_after_another()
    {
        (TestSshd gateway, TestSshd target) = (Start("gw"), Start("target", address: "127.0.0.2"));
        await using HopChain chain = await Connect(gateway, target);

        HopSession?[] more = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => chain.TryOpenSessionAsync(Cancellation)));

        Assert.DoesNotContain(null, more);
        await Task.WhenAll(more.Append(chain.First).Select((session, i) => Exchange.EchoAsync(session!, 2_000_000 + i, Cancellation)));
        Assert.Equal((1, 4), (gateway.Count("Accepted publickey"), target.Count("Accepted publickey")));
        Assert.Equal(1, gateway.Count("Connection from"));
        string order = string.Concat(Regex.Matches(target.Log, "Connection from|Accepted publickey").Select(m => m.Value[0]));
        Assert.Equal("CACACACA", order);
        Assert.Null(chain.SessionRefusal);
    }

    [Fact]
    public async Task Session_needs_no_gateway()
    {
        TestSshd target = Start("target");
        await using HopChain chain = await Connect(target);

        HopSession? more = await chain.TryOpenSessionAsync(Cancellation);

        await Exchange.EchoAsync(more!, 100_000, Cancellation);
        Assert.Equal(2, target.Count("Accepted publickey"));
    }

    [Fact]
    public async Task Only_the_key_that_was_accepted_is_offered_again_and_its_passphrase_is_not_asked_for()
    {
        string wrong = _lab.CreateKey("wrong"), other = _lab.CreateKey("other"), locked = _lab.CreateKey("locked", passphrase: "sesame");
        TestSshd target = Start("target", SshLab.PublicKey(locked));
        var prompt = new FakePrompt("sesame");
        SshSettings settings = _lab.Settings with { Identities = [new Identity(wrong), new Identity(other), new Identity(locked)] };
        await using HopChain chain = await HopChain.ConnectAsync([target.Hop], settings, prompt, Cancellation);
        int failed = target.Count("Failed publickey");

        HopSession? more = await chain.TryOpenSessionAsync(Cancellation);

        Assert.NotNull(more);
        Assert.Equal(chain.First.Report.Authentication, more.Report.Authentication);
        Assert.Equal((2, failed), (target.Count("Failed publickey"), target.Count("Failed publickey")));
        Assert.Single(prompt.Questions);
    }

    [Fact]
    public async Task Agent_signs_again_and_two_keys_where_the_host_wants_two()
    {
        using var agent = new TestAgent(_lab);
        string second = _lab.CreateKey("second"), stranger = _lab.CreateKey("stranger");
        foreach (string key in (string[])[stranger, _lab.UserKey, second]) agent.Add(key);
        TestSshd target = Start("target", SshLab.PublicKey(_lab.UserKey) + "\n" + SshLab.PublicKey(second), "AuthenticationMethods publickey,publickey");
        SshSettings settings = _lab.Settings with
        {
            Identities = [],
            EnvironmentVariable = name => name == "SSH_AUTH_SOCK" ? agent.Socket : Environment.GetEnvironmentVariable(name),
        };
        await using HopChain chain = await HopChain.ConnectAsync([target.Hop], settings, FakePrompt.NoTerminal, Cancellation);
        int failed = target.Count("Failed publickey");

        HopSession? more = await chain.TryOpenSessionAsync(Cancellation);

        await Exchange.EchoAsync(more!, 1000, Cancellation);
        Assert.Equal(failed, target.Count("Failed publickey"));
        Assert.Equal(2, target.Count("Accepted publickey"));
        Assert.Equal(2, target.Count("Partial publickey"));
    }

    [Theory]
    [InlineData("PubkeyAuthentication no")]
    [InlineData("AuthenticationMethods publickey,password")]
    public async Task Password_is_not_asked_for_again(string login)
    {
        TestPassword.RequireNamespaces();
        TestSshd target = Start("target", extra: login, password: "correct");
        var prompt = new FakePrompt("correct");
        await using HopChain chain = await HopChain.ConnectAsync([target.Hop], _lab.Settings, prompt, Cancellation);

        Assert.Null(await chain.TryOpenSessionAsync(Cancellation));

        Assert.Equal("its login needs an answer from the user", chain.SessionRefusal);
        Assert.Single(prompt.Questions);
        Assert.Equal(1, target.Count("Connection from"));
    }

    [Fact]
    public async Task Host_that_takes_no_more_connections_ends_the_asking_but_not_the_chain()
    {
        (TestSshd gateway, TestSshd target) = (Start("gw"), Start("target", extra: "MaxStartups 1:100:1", address: "127.0.0.2"));
        await using HopChain chain = await Connect(gateway, target);
        // One that never logs in holds the only place.
        using Socket idler = await WaitAtTheDoorAsync(target);
        int dropped = target.Count("drop connection");

        Assert.Null(await chain.TryOpenSessionAsync(Cancellation));
        string refused = Assert.IsType<string>(chain.SessionRefusal);
        Assert.Null(await chain.TryOpenSessionAsync(Cancellation));

        Assert.Equal(refused, chain.SessionRefusal);
        Assert.Equal(1, target.Count("Accepted publickey"));
        Assert.Equal(dropped + 1, target.Count("drop connection"));
        await Exchange.EchoAsync(chain, 1_000_000, Cancellation);
    }

    [Fact]
    public async Task Gateway_that_cannot_connect_any_more_ends_the_asking_but_not_the_chain()
    {
        (TestSshd gateway, TestSshd target) = (Start("gw"), Start("target", address: "127.0.0.2"));
        await using HopChain chain = await Connect(gateway, target);
        target.StopListening();

        Assert.Null(await chain.TryOpenSessionAsync(Cancellation));

        Assert.Contains("cannot connect to", chain.SessionRefusal, StringComparison.Ordinal);
        await Exchange.EchoAsync(chain, 1_000_000, Cancellation);
    }

    [Fact]
    public async Task Gateway_that_runs_no_more_commands_ends_the_asking_but_not_the_chain()
    {
        Programs.Require("nc");
        TestSshd gateway = Start("gw", extra: "MaxSessions 1\nAllowTcpForwarding no"), target = Start("target", address: "127.0.0.2");
        SshSettings settings = _lab.Settings with { GatewayCommands = [new GatewayCommand("nc %h %p")] };
        await using HopChain chain = await HopChain.ConnectAsync([gateway.Hop, target.Hop], settings, FakePrompt.NoTerminal, Cancellation);

        Assert.Null(await chain.TryOpenSessionAsync(Cancellation));

        Assert.Contains("does not open a session for a command", chain.SessionRefusal, StringComparison.Ordinal);
        await Exchange.EchoAsync(chain, 1_000_000, Cancellation);
    }

    [Fact]
    public async Task Another_host_in_its_place_is_refused_without_a_question()
    {
        TestSshd target = Start("target");
        _lab.WriteConfig("StrictHostKeyChecking no\n");
        var prompt = new FakePrompt("yes", "yes");
        await using HopChain chain = await HopChain.ConnectAsync([target.Hop], _lab.Settings, prompt, Cancellation);
        target.StopListening();
        TestSshd other = _lab.Start("other", port: target.Port);

        Assert.Null(await chain.TryOpenSessionAsync(Cancellation));

        Assert.Equal("it has another host key than before", chain.SessionRefusal);
        Assert.Equal(0, other.Count("Accepted"));
        Assert.Empty(prompt.Questions);
        await Exchange.EchoAsync(chain, 1_000_000, Cancellation);
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public async Task Lost_session_leaves_the_others(string signal)
    {
        (TestSshd gateway, TestSshd target) = (Start("gw"), Start("target", address: "127.0.0.2"));
        SshSettings settings = _lab.Settings with { KeepAliveInterval = TimeSpan.FromMilliseconds(500), KeepAliveCount = 2 };
        await using HopChain chain = await HopChain.ConnectAsync([gateway.Hop, target.Hop], settings, FakePrompt.NoTerminal, Cancellation);
        HopSession second = (await chain.TryOpenSessionAsync(Cancellation))!, third = (await chain.TryOpenSessionAsync(Cancellation))!;
        await using SshChannel channel = await third.OpenSubsystemAsync("echo", Cancellation);

        target.SignalNewestSession(signal);

        HopException e = await Assert.ThrowsAsync<HopException>(() => channel.Input.ReadAsync(Cancellation).AsTask());
        Assert.Equal((HopFailureKind.Lost, 2, 2), (e.Kind, e.HopNumber, e.HopCount));
        Assert.NotNull(third.Lost);
        Assert.Null(second.Lost);
        await Exchange.EchoAsync(second, 1_000_000, Cancellation);
        await Exchange.EchoAsync(chain, 1_000_000, Cancellation);
        await Exchange.EchoAsync((await chain.TryOpenSessionAsync(Cancellation))!, 1000, Cancellation);
    }

    [Fact]
    public async Task Lost_gateway_is_the_loss_of_every_session()
    {
        (TestSshd gateway, TestSshd target) = (Start("gw"), Start("target", address: "127.0.0.2"));
        await using HopChain chain = await Connect(gateway, target);
        HopSession more = (await chain.TryOpenSessionAsync(Cancellation))!;
        await using SshChannel channel = await more.OpenSubsystemAsync("echo", Cancellation);
        Task<ReadResult> read = channel.Input.ReadAsync(Cancellation).AsTask();

        gateway.Dispose();

        Assert.Equal(1, (await Assert.ThrowsAsync<HopException>(() => read)).HopNumber);
        Assert.Equal(1, (await Assert.ThrowsAsync<HopException>(() => chain.TryOpenSessionAsync(Cancellation))).HopNumber);
    }

    [Fact]
    public async Task Closing_one_session_or_the_chain_closes_its_connections()
    {
        (TestSshd gateway, TestSshd target) = (Start("gw"), Start("target", address: "127.0.0.2"));
        HopChain chain = await Connect(gateway, target);
        HopSession one = (await chain.TryOpenSessionAsync(Cancellation))!, two = (await chain.TryOpenSessionAsync(Cancellation))!;
        SshChannel channel = await two.OpenSubsystemAsync("echo", Cancellation);

        await one.DisposeAsync();
        await EventuallyAsync(() => target.Connections == 2);
        await Exchange.EchoAsync(two, 1000, Cancellation);
        Task opening = chain.TryOpenSessionAsync(Cancellation);
        await chain.DisposeAsync();

        await EventuallyAsync(() => opening.IsCompleted);
        ReadResult read = await channel.Input.ReadAsync(Cancellation);
        Assert.True(read.IsCompleted);
        await EventuallyAsync(() => target.Connections == 0 && gateway.Connections == 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => chain.TryOpenSessionAsync(Cancellation));
    }

    private static async Task<Socket> WaitAtTheDoorAsync(TestSshd server)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(server.Address, server.Port, Cancellation);
            byte[] banner = new byte[100];
            // The session that has just logged in may still hold the place.
            if (await socket.ReceiveAsync(banner, Cancellation) > 4 && banner.AsSpan().StartsWith("SSH-"u8)) return socket;
            socket.Dispose();
        }
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        for (int i = 0; i < 1500 && !condition(); i++) await Task.Delay(20, Cancellation);
        Assert.True(condition());
    }

    private TestSshd Start(string name, string? authorizedKeys = null, string extra = "", string address = "127.0.0.1", string? password = null)
    {
        TestSshd server = _lab.Start(name, authorizedKeys, extra, address, password);
        _lab.Trust(server);
        return server;
    }

    private Task<HopChain> Connect(params TestSshd[] servers) => HopChain.ConnectAsync(
        [.. servers.Select(server => server.Hop)], _lab.Settings, FakePrompt.NoTerminal, Cancellation);
}
