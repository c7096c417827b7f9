using System.Diagnostics;
using System.IO.Pipelines;
using SyncHop.Cli.Running;
using SyncHop.Engine;
using Xunit;

namespace SyncHop.Cli.Tests;

public class ThrottledChannelTests
{
    private const int Rate = 200_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_pass_whole_and_no_faster_than_allowed(bool sending)
    {
        Pipe toServer = new(new PipeOptions(pauseWriterThreshold: 0)), toClient = new(new PipeOptions(pauseWriterThreshold: 0));
        ThrottledChannel channel = new(new Channel(toClient.Reader, toServer.Writer), (new RateLimit(Rate), new RateLimit(Rate)));
        byte[] content = new byte[Rate * 6 / 5];
        new Random(1).NextBytes(content);
        PipeWriter from = sending ? channel.Output : toClient.Writer;
        PipeReader to = sending ? toServer.Reader : channel.Input;

        Stopwatch watch = Stopwatch.StartNew();
        Task writing = WriteAsync();
        using MemoryStream received = new();
        long afterOneSecond = 0;
        while (true)
        {
            ReadResult result = await to.ReadAsync(Token);
            foreach (ReadOnlyMemory<byte> part in result.Buffer) received.Write(part.Span);
            to.AdvanceTo(result.Buffer.End);
            if (watch.ElapsedMilliseconds <= 1000) afterOneSecond = received.Length;
            if (result.IsCompleted) break;
        }
        await writing;

        Assert.Equal(content, received.ToArray());
        // A second's worth, and a burst of two tenths at the most.
        Assert.InRange(afterOneSecond, 1, Rate * 12 / 10);
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.9), watch.Elapsed.ToString());

        async Task WriteAsync()
        {
            await from.WriteAsync(content, Token);
            await from.CompleteAsync();
        }
    }

    [Fact]
    public async Task The_failure_of_the_channel_reaches_the_reader()
    {
        Pipe toServer = new(), toClient = new();
        ThrottledChannel channel = new(new Channel(toClient.Reader, toServer.Writer), (new RateLimit(Rate), new RateLimit(Rate)));
        await toClient.Writer.CompleteAsync(new IOException("gone"));
        IOException failure = await Assert.ThrowsAsync<IOException>(async () => await channel.Input.ReadAsync(Token));
        Assert.Equal("gone", failure.Message);
    }

    private sealed record Channel(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
