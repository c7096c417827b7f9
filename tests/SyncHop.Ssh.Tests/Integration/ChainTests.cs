using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using SyncHop.Ssh.Tests.Lab;
using Xunit;

namespace SyncHop.Ssh.Tests.Integration;

public sealed class ChainTests : IDisposable
{
    private readonly SshLab _lab = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_survive_the_way_over_IPv6()
    {
        Assert.SkipUnless(System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().Any(each =>
            each.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.Equals(System.Net.IPAddress.IPv6Loopback))), "there is no ::1 here");
        TestSshd gateway = _lab.Start("gw", address: "::1"), target = _lab.Start("target", address: "::1");
        _lab.Trust(gateway);
        _lab.Trust(target);

        await using HopChain chain = await HopChain.ConnectAsync(
            [gateway.Hop, target.Hop], _lab.Settings, FakePrompt.NoTerminal, TestContext.Current.CancellationToken);

        Assert.Equal($"[::1]:{target.Port}", chain.Reports[1].Address);
        await Exchange.EchoAsync(chain, 300_000, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Bytes_survive_the_way_through_any_number_of_hops(int count)
    {
        var hops = new List<Hop>();
        for (int i = 1; i <= count; i++)
        {
            TestSshd server = _lab.Start($"hop{i}", address: $"127.0.0.{i}");
            _lab.Trust(server);
            hops.Add(server.Hop);
        }

        await using HopChain chain = await HopChain.ConnectAsync(hops, _lab.Settings, FakePrompt.NoTerminal, Cancellation);
        await using SshChannel channel = await chain.OpenSubsystemAsync("echo", Cancellation);
        byte[] sent = new byte[5_000_000];
        new Random(count).NextBytes(sent);
        Task write = WriteAsync(channel, sent);
        byte[] received = await ReadAllAsync(channel.Input);
        await write;

        Assert.Equal(sent, received);
        Assert.Equal(sent.Length, channel.BytesSent);
        Assert.Equal(sent.Length, channel.BytesReceived);
        Assert.Equal(count, chain.Reports.Count);
        Assert.All(chain.Reports, r => Assert.StartsWith("publickey ", r.Authentication, StringComparison.Ordinal));
        Assert.All(chain.Reports, r => Assert.Contains("OpenSSH", r.ServerVersion, StringComparison.Ordinal));
        Assert.Null(chain.Reports[0].Via);
    }

    private static async Task WriteAsync(SshChannel channel, byte[] data)
    {
        await channel.Output.WriteAsync(data, Cancellation);
        await channel.Output.CompleteAsync();
    }

    private static async Task<byte[]> ReadAllAsync(PipeReader reader)
    {
        using var all = new MemoryStream();
        await reader.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }
}
