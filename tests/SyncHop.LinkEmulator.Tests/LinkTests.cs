using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Xunit;

namespace SyncHop.LinkEmulator.Tests;

/// <summary>Real sockets on loopback. Only lower bounds of time are asserted: a busy machine may be slower, a link never faster.</summary>
public sealed class LinkTests
{
    private static readonly TimeSpan TenMilliseconds = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Bytes_pass_unchanged_in_both_directions_and_the_end_of_each_direction_by_itself()
    {
        byte[] question = RandomNumberGenerator.GetBytes(3_000_000);
        byte[] answer = RandomNumberGenerator.GetBytes(2_000_000);
        using Server server = new(async stream =>
        {
            byte[] got = await ReadToEndAsync(stream);
            Assert.Equal(question, got);
            await stream.WriteAsync(answer);
        });
        using Link link = new(new LinkSettings { Delay = TimeSpan.FromMilliseconds(1), Window = 100_000 }, server.EndPoint);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, link.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();

        await stream.WriteAsync(question, TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal(answer, await ReadToEndAsync(stream));
        await server.Served;
        Assert.Equal(question.Length, link.BytesUp);
        Assert.Equal(answer.Length, link.BytesDown);
    }

    [Fact]
    public async Task An_answer_takes_two_delays_and_the_connection_two_more()
    {
        using Server server = new(async stream => await stream.CopyToAsync(stream, TestContext.Current.CancellationToken));
        using Link link = new(new LinkSettings { Delay = TenMilliseconds }, server.EndPoint);
        long start = Stopwatch.GetTimestamp();
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, link.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();

        await EchoAsync(stream);
        Assert.True(Stopwatch.GetElapsedTime(start) >= 4 * TenMilliseconds);
        long again = Stopwatch.GetTimestamp();
        await EchoAsync(stream);
        Assert.True(Stopwatch.GetElapsedTime(again) >= 2 * TenMilliseconds);
    }

    [Fact]
    public async Task All_connections_together_get_no_more_than_the_rate()
    {
        using Server server = new(async stream => await ReadToEndAsync(stream));
        using Link link = new(new LinkSettings { BytesPerSecond = 10_000_000 }, server.EndPoint);
        long start = Stopwatch.GetTimestamp();

        await Task.WhenAll(SendAsync(link.Port, 1_000_000), SendAsync(link.Port, 1_000_000));

        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task A_connection_gets_no_more_than_a_window_in_each_round_trip()
    {
        using Server server = new(async stream => await ReadToEndAsync(stream));
        using Link link = new(new LinkSettings { Delay = TenMilliseconds, Window = 65536 }, server.EndPoint);
        long start = Stopwatch.GetTimestamp();

        await SendAsync(link.Port, 10 * 65536);

        // The last of ten windows starts after nine round trips.
        Assert.True(Stopwatch.GetElapsedTime(start) >= 9 * 2 * TenMilliseconds);
    }

    [Fact]
    public async Task Where_no_server_listens_the_connection_is_closed()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using Link link = new(new LinkSettings(), (IPEndPoint)taken.LocalEndPoint!);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, link.Port, TestContext.Current.CancellationToken);

        Assert.Empty(await ReadToEndAsync(client.GetStream()));
    }

    [Theory]
    [InlineData("100Mbit", 12_500_000)]
    [InlineData("1.5Gbit", 187_500_000)]
    [InlineData("unlimited", 0)]
    public void A_rate_is_read(string text, long expected) => Assert.Equal(expected, Quantity.Rate(text));

    [Theory]
    [InlineData("100")]
    [InlineData("Mbit")]
    [InlineData("-1Mbit")]
    [InlineData("1e30Gbit")]
    public void What_is_no_rate_is_refused(string text) => Assert.Throws<FormatException>(() => Quantity.Rate(text));

    private static async Task SendAsync(int port, int length)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(new byte[length], TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Empty(await ReadToEndAsync(stream));
    }

    private static async Task EchoAsync(NetworkStream stream)
    {
        await stream.WriteAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);
        Assert.Equal(1, await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    private static async Task<byte[]> ReadToEndAsync(NetworkStream stream)
    {
        MemoryStream all = new();
        await stream.CopyToAsync(all, TestContext.Current.CancellationToken);
        return all.ToArray();
    }

    /// <summary>Serves every connection the same way and closes it.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource _served = new();

        public Server(Func<NetworkStream, Task> serve)
        {
            _listener.Start();
            _ = AcceptAsync(serve);
        }

        public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

        /// <summary>Ends with the first connection, and with its failure.</summary>
        public Task Served => _served.Task;

        public void Dispose() => _listener.Stop();

        private async Task AcceptAsync(Func<NetworkStream, Task> serve)
        {
            while (true)
            {
                TcpClient client;
                try
                {
                    client = await _listener.AcceptTcpClientAsync();
                }
                catch (SocketException)
                {
                    return;
                }
                _ = ServeAsync(client, serve);
            }
        }

        private async Task ServeAsync(TcpClient client, Func<NetworkStream, Task> serve)
        {
            using (client)
            {
                try
                {
                    await serve(client.GetStream());
                    _served.TrySetResult();
                }
                catch (Exception failure)
                {
                    _served.TrySetException(failure);
                }
            }
        }
    }
}
