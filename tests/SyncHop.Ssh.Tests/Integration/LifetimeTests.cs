using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.NetworkInformation;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

/// <summary>Lost connections, closing, backpressure and configuration with real servers.</summary>
public sealed class LifetimeTests : IDisposable
{
    private readonly SshLab _lab = new();
    private readonly TestSshd _gateway;
    private readonly TestSshd _target;

    public LifetimeTests()
    {
        _gateway = _lab.Start("gw");
        _target = _lab.Start("target", address: "127.0.0.2");
        _lab.Trust(_gateway);
        _lab.Trust(_target);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Input_names_the_hop_that_went_away(int number)
    {
        await using HopChain chain = await Connect();
        await using SshChannel channel = await chain.OpenSubsystemAsync("echo", Cancellation);
        Task<ReadResult> read = channel.Input.ReadAsync(Cancellation).AsTask();

        (number == 1 ? _gateway : _target).Dispose();

        HopException e = await Assert.ThrowsAsync<HopException>(() => read);
        Assert.Equal((HopFailureKind.Lost, number, 2), (e.Kind, e.HopNumber, e.HopCount));
        Assert.StartsWith($"hop {number} of 2, ", e.Message, StringComparison.Ordinal);
        Assert.Contains(": connection lost: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_that_stops_answering_is_given_up()
    {
        SshSettings settings = _lab.Settings with
        {
            KeepAliveInterval = TimeSpan.FromMilliseconds(500),
            KeepAliveCount = 2,
        };
        await using HopChain chain = await Connect(settings);
        await using SshChannel channel = await chain.OpenSubsystemAsync("echo", Cancellation);
        await Task.Delay(2500, Cancellation);
        Assert.False(channel.Input.TryRead(out _));

        _gateway.Freeze();
        HopException e = await Assert.ThrowsAsync<HopException>(() => channel.Input.ReadAsync(Cancellation).AsTask());

        Assert.Equal((HopFailureKind.Lost, 1), (e.Kind, e.HopNumber));
        Assert.EndsWith("connection lost: no answer for 1.5 seconds", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reader_that_rests_bounds_memory_and_is_not_taken_for_a_dead_host()
    {
        SshSettings settings = _lab.Settings with
        {
            // A second in all: a busy machine answers within that, and the reader rests far longer.
            KeepAliveInterval = TimeSpan.FromMilliseconds(250),
            KeepAliveCount = 3,
        };
        await using HopChain chain = await Connect(settings);
        await using SshChannel channel = await chain.OpenSubsystemAsync("zeros", Cancellation);
        await Task.Delay(2000, Cancellation);
        long held = channel.BytesReceived;
        await Task.Delay(2000, Cancellation);

        Assert.InRange(held, 4 << 20, (4 << 20) + (64 << 10));
        Assert.Equal(held, channel.BytesReceived);
        ReadResult read = await channel.Input.ReadAsync(Cancellation);
        Assert.False(read.IsCompleted);
        channel.Input.AdvanceTo(read.Buffer.End);
        long total = read.Buffer.Length;
        while (total < 50_000_000)
        {
            read = await channel.Input.ReadAsync(Cancellation);
            total += read.Buffer.Length;
            channel.Input.AdvanceTo(read.Buffer.End);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Writer_that_waits_for_room_is_woken_when_the_chain_or_the_connection_ends(bool closedByUs)
    {
        HopChain chain = await Connect();
        SshChannel channel = await chain.OpenSubsystemAsync("deaf", Cancellation);
        channel.Output.GetSpan(32 << 20);
        channel.Output.Advance(32 << 20);
        Task<FlushResult> flush = channel.Output.FlushAsync(Cancellation).AsTask();
        await Task.Delay(500, Cancellation);
        Assert.False(flush.IsCompleted);

        if (closedByUs) await chain.DisposeAsync();
        else _gateway.Dispose();

        FlushResult result = await flush.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.True(result.IsCanceled || result.IsCompleted);
        await chain.DisposeAsync();
    }

    [Fact]
    public async Task Rekeying_in_the_middle_changes_nothing()
    {
        TestSshd server = _lab.Start("rekey", extra: "RekeyLimit 1M", address: "127.0.0.3");
        _lab.Trust(server);
        await using HopChain chain = await HopChain.ConnectAsync(
            [_gateway.Hop, server.Hop], _lab.Settings, FakePrompt.NoTerminal, Cancellation);
        await using SshChannel channel = await chain.OpenSubsystemAsync("echo", Cancellation);
        byte[] data = new byte[20_000_000];
        new Random(1).NextBytes(data);
        Task write = Task.Run(async () =>
        {
            await channel.Output.WriteAsync(data, Cancellation);
            await channel.Output.CompleteAsync();
        }, Cancellation);
        using var received = new MemoryStream();
        await channel.Input.CopyToAsync(received, Cancellation);
        await write;

        Assert.Equal(data, received.ToArray());
    }

    [Fact]
    public async Task Closing_is_prompt_even_while_data_flows_and_leaves_nothing_behind()
    {
        var watch = new Stopwatch();
        HopChain chain = await Connect();
        SshChannel channel = await chain.OpenSubsystemAsync("zeros", Cancellation);
        ReadResult read = await channel.Input.ReadAsync(Cancellation);
        channel.Input.AdvanceTo(read.Buffer.End);
        int[] ports = [_gateway.Port, _target.Port];
        Assert.Contains(Connections(), c => ports.Contains(c.RemoteEndPoint.Port));

        watch.Start();
        await chain.DisposeAsync();
        watch.Stop();

        Assert.InRange(watch.ElapsedMilliseconds, 0, 1000);
        while (!(read = await channel.Input.ReadAsync(Cancellation)).IsCompleted)
            channel.Input.AdvanceTo(read.Buffer.End);
        for (int i = 0; i < 100 && OurThreads() > 0; i++) await Task.Delay(20, Cancellation);
        Assert.Equal(0, OurThreads());
    }

    [Fact]
    public async Task No_listener_is_left_while_the_chain_is_open()
    {
        int[] before = Listeners();
        await using HopChain chain = await Connect();

        // Tests that run beside this one listen too, but not for as long as this chain is open.
        int[] left = [.. Listeners().Except(before).Where(OwnedByUs)];
        for (int i = 0; i < 200 && left.Length > 0; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            left = [.. left.Intersect(Listeners()).Where(OwnedByUs)];
        }

        Assert.Empty(left);
    }

    [Fact]
    public async Task Aliases_keys_and_gateways_come_from_ssh_config()
    {
        _lab.WriteConfig(
            $"""
            Host far
              HostName 127.0.0.2
              Port {_target.Port}
              HostKeyAlias the-target
              ProxyJump near
            Host near
              HostName localhost
              Port={_gateway.Port}
              HostKeyAlias "the-gateway"
            Host *
              User {Environment.UserName}
              IdentityFile {_lab.UserKey}
            """);
        File.WriteAllText(_lab.KnownHosts,
            $"the-target ssh-ed25519 {_target.HostKeyBlob}\n"
            + $"the-gateway ssh-ed25519 {_gateway.HostKeyBlob}\n");
        SshSettings settings = _lab.Settings with { Identities = [] };

        await using HopChain chain = await HopChain.ConnectAsync(
            [new Hop("far")], settings, FakePrompt.NoTerminal, Cancellation);

        Assert.Equal(
            [$"localhost:{_gateway.Port}", $"127.0.0.2:{_target.Port}"], chain.Reports.Select(r => r.Address));
    }

    private Task<HopChain> Connect(SshSettings? settings = null) => HopChain.ConnectAsync(
        [_gateway.Hop, _target.Hop], settings ?? _lab.Settings, FakePrompt.NoTerminal, Cancellation);

    private static TcpConnectionInformation[] Connections() =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections();

    private static int[] Listeners() =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(e => e.Port).ToArray();

    // Other tests and other programs listen too; ours are sockets in /proc/self/fd.
    private static bool OwnedByUs(int port)
    {
        string inode = File.ReadLines("/proc/net/tcp").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f[1].EndsWith($":{port:X4}", StringComparison.Ordinal) && f[3] == "0A").Select(f => f[9])
            .FirstOrDefault("none");
        return Directory.GetFiles("/proc/self/fd")
            .Any(fd => new FileInfo(fd).LinkTarget == $"socket:[{inode}]");
    }

    private static int OurThreads() => Directory.GetDirectories("/proc/self/task")
        .Count(task => ReadName(Path.Combine(task, "comm")) is "synchop send" or "synchop forward");

    private static string ReadName(string comm)
    {
        try
        {
            return File.ReadAllText(comm).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
