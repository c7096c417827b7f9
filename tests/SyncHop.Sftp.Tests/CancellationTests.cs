using System.IO.Pipelines;

namespace SyncHop.Sftp.Tests;

public sealed class CancellationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LateDataDoNotReachTheBuffer()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        byte[] buffer = new byte[16];
        ValueTask<int> read = server.Client.ReadAsync(new SftpHandle([1]), 0, buffer, cancel.Token);
        uint id = await server.ReceiveIdAsync(PacketType.Read);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => read.Soon());

        await server.SendAsync($"0000000d 67 {id:x8} 00000004 'late'");
        await AssertAliveAsync(server);
        Assert.Equal(new byte[16], buffer);
    }

    [Fact]
    public async Task CancellingInTheMiddleOfDataKeepsTheRestFromTheBuffer()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        byte[] buffer = new byte[16];
        ValueTask<int> read = server.Client.ReadAsync(new SftpHandle([1]), 0, buffer, cancel.Token);
        uint id = await server.ReceiveIdAsync(PacketType.Read);
        await server.SendAsync($"00000011 67 {id:x8} 00000008 'head'");
        await WaitUntilAsync(() => buffer[3] == (byte)'d');
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => read.Soon());

        await server.SendAsync("'tail'");
        await AssertAliveAsync(server);
        Assert.Equal([.. "head"u8, .. new byte[12]], buffer);
    }

    [Fact]
    public async Task CancellationDuringACopyTakesEffectAfterIt()
    {
        using var cancel = new CancellationTokenSource();
        ReadRequest request = new RequestPool<ReadRequest>(static pool => new ReadRequest(pool)).Rent("read");
        request.SetBuffer(new byte[16]);
        request.Packet.Begin(PacketType.Read);
        request.Start(detached: false, cancel.Token);
        ValueTask<int> reply = request.Reply;
        Assert.True(request.TryBeginSend());
        request.EndSend();
        Assert.True(request.TryBeginReceive());
        await cancel.CancelAsync();
        Assert.False(reply.IsCompleted);
        request.PauseReceive();
        await Assert.ThrowsAsync<OperationCanceledException>(() => reply.Soon());
        Assert.False(request.TryBeginReceive());
    }

    [Fact]
    public async Task ALateHandleIsClosed()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        ValueTask<SftpHandle> open = server.Client.OpenAsync("p"u8.ToArray(), SftpOpenFlags.Read, default, cancel.Token);
        uint id = await server.ReceiveIdAsync(PacketType.Open);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => open.Soon());

        await server.SendAsync($"0000000b 66 {id:x8} 00000002'ab'");
        byte[] close = await server.ReceiveAsync();
        Assert.Equal([.. Wire.Bytes("0000000b 04"), .. close[5..9], .. Wire.Bytes("00000002'ab'")], close);
    }

    [Fact]
    public async Task ALateReplyOfTheWrongTypeIsStillAProtocolError()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        ValueTask<SftpHandle> open = server.Client.OpenDirAsync("p"u8.ToArray(), cancel.Token);
        uint id = await server.ReceiveIdAsync(PacketType.OpenDir);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => open.Soon());
        ValueTask other = server.Client.RemoveAsync("q"u8.ToArray(), Token);
        await server.SendAsync($"00000009 69 {id:x8} 00000000");
        await Assert.ThrowsAsync<SftpProtocolException>(() => other.Soon());
    }

    [Fact]
    public async Task ARequestThatWaitsItsTurnIsNotSentAfterCancellation()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(options: new SftpClientOptions { MaxRequestsInFlight = 1 });
        using var cancel = new CancellationTokenSource();
        ValueTask first = server.Client.RemoveAsync("1"u8.ToArray(), Token);
        ValueTask second = server.Client.RemoveAsync("2"u8.ToArray(), cancel.Token);
        ValueTask third = server.Client.RemoveAsync("3"u8.ToArray(), Token);
        byte[] sent = await server.ReceiveAsync();
        Assert.Equal((byte)'1', sent[^1]);
        Assert.True(server.HasNothingToReceive);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => second.Soon());

        await server.SendStatusAsync(0, SftpStatusCode.Ok);
        await first.Soon();
        sent = await server.ReceiveAsync();
        Assert.Equal((byte)'3', sent[^1]);
        await server.SendAsync([.. Wire.Bytes("00000009 65"), .. sent[5..9], 0, 0, 0, 0]);
        await third.Soon();
    }

    [Fact]
    public async Task ACloseThatWaitsItsTurnIsSentInSpiteOfCancellation()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(options: new SftpClientOptions { MaxRequestsInFlight = 1 });
        using var cancel = new CancellationTokenSource();
        ValueTask first = server.Client.RemoveAsync("1"u8.ToArray(), Token);
        await server.ReceiveAsync();
        ValueTask close = server.Client.CloseAsync(new SftpHandle([7]), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => close.Soon());
        await server.SendStatusAsync(0, SftpStatusCode.Ok);
        await first.Soon();
        byte[] sent = await server.ReceiveAsync();
        Assert.Equal([.. Wire.Bytes("0000000a 04"), .. sent[5..9], .. Wire.Bytes("00000001 07")], sent);
    }

    [Fact]
    public async Task WritesBeyondTheBoundWaitForAcknowledgements()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(options: new SftpClientOptions { MaxWriteBytesInFlight = 10 });
        var handle = new SftpHandle([7]);
        using var cancel = new CancellationTokenSource();
        SftpPendingWrite first = await server.Client.QueueWriteAsync(handle, 0, new byte[6], Token).Soon();
        ValueTask<SftpPendingWrite> second = server.Client.QueueWriteAsync(handle, 6, new byte[6], cancel.Token);
        ValueTask<SftpPendingWrite> third = server.Client.QueueWriteAsync(handle, 12, new byte[7], Token);
        uint id = await server.ReceiveIdAsync(PacketType.Write);
        Assert.False(second.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => second.Soon());
        Assert.False(third.IsCompleted);

        await server.SendStatusAsync(id, SftpStatusCode.Ok);
        await first.Acknowledged.Soon();
        SftpPendingWrite accepted = await third.Soon();
        await server.SendStatusAsync(await server.ReceiveIdAsync(PacketType.Write), SftpStatusCode.Failure);
        await Assert.ThrowsAsync<SftpException>(() => accepted.Acknowledged.Soon());
    }

    [Fact]
    public async Task AWriteLargerThanTheBoundPassesAlone()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(options: new SftpClientOptions { MaxWriteBytesInFlight = 10 });
        ValueTask write = server.Client.WriteAsync(new SftpHandle([7]), 0, new byte[100], Token);
        await server.SendStatusAsync(await server.ReceiveIdAsync(PacketType.Write), SftpStatusCode.Ok);
        await write.Soon();
    }

    [Fact]
    public async Task DisposingFailsWhatIsOutstanding()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync(options: new SftpClientOptions { MaxRequestsInFlight = 1 });
        ValueTask sent = server.Client.RemoveAsync("1"u8.ToArray(), Token);
        ValueTask queued = server.Client.RemoveAsync("2"u8.ToArray(), Token);
        ValueTask<SftpPendingWrite> write = server.Client.QueueWriteAsync(new SftpHandle([7]), 0, new byte[6], Token);
        await server.ReceiveAsync();
        await server.Client.DisposeAsync().Soon();
        await Assert.ThrowsAsync<SftpConnectionLostException>(() => sent.Soon());
        await Assert.ThrowsAsync<SftpConnectionLostException>(() => queued.Soon());
        await Assert.ThrowsAsync<SftpConnectionLostException>(() => write.Soon());
        await Assert.ThrowsAsync<SftpConnectionLostException>(() => server.Client.RmDirAsync("r"u8.ToArray(), Token).Soon());
        await server.Client.DisposeAsync().Soon();
    }

    [Fact]
    public async Task DisposingDoesNotWaitForAServerThatReadsNothing()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        ValueTask[] writes = [.. Enumerable.Range(0, 20).Select(i =>
            server.Client.WriteAsync(new SftpHandle([7]), i, new byte[100_000], Token))];
        await Task.Delay(50, Token);
        await server.Client.DisposeAsync().Soon();
        foreach (ValueTask write in writes)
            await Assert.ThrowsAsync<SftpConnectionLostException>(() => write.Soon());
    }

    [Fact]
    public async Task DisposingDoesNotWriteToAStreamThatTakesNoMore()
    {
        (ScriptedServer server, DuplexPipe clientEnd) = ScriptedServer.Create();
        await using ScriptedServer _ = server;
        var stuck = new StuckStream();
        Task<SftpClient> connecting = SftpClient.ConnectAsync(clientEnd with { Output = PipeWriter.Create(stuck) }, null, Token);
        await server.SendAsync(ScriptedServer.AllExtensions);
        SftpClient client = await connecting.Soon();
        stuck.IsStuck = true;
        ValueTask write = client.WriteAsync(new SftpHandle([7]), 0, new byte[100_000], Token);
        await stuck.Reached.Soon();
        await client.DisposeAsync().Soon();
        await Assert.ThrowsAsync<SftpConnectionLostException>(() => write.Soon());
    }

    [Fact]
    public async Task CancellingTheConnectReturnsAtOnce()
    {
        (ScriptedServer server, DuplexPipe clientEnd) = ScriptedServer.Create();
        await using ScriptedServer _ = server;
        using var cancel = new CancellationTokenSource();
        Task<SftpClient> connecting = SftpClient.ConnectAsync(clientEnd, null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => connecting.Soon());
    }

    [Fact]
    public async Task ATokenThatIsCancelledAlreadySendsNothing()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => server.Client.RemoveAsync("1"u8.ToArray(), new CancellationToken(true)).Soon());
        Assert.True(server.HasNothingToReceive);
    }

    [Fact]
    public async Task CancellingAListingClosesItsHandle()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var sink = new CollectingSink();
        ValueTask listing = server.Client.ListDirectoryAsync("d"u8.ToArray(), sink, cancel.Token);
        await server.SendAsync($"00000009 66 {await server.ReceiveIdAsync(PacketType.OpenDir):x8} 00000000");
        uint first = await server.ReceiveIdAsync(PacketType.ReadDir);
        uint second = await server.ReceiveIdAsync(PacketType.ReadDir);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => listing.Soon());
        await server.ReceiveIdAsync(PacketType.Close);
        await server.SendAsync($"00000016 68 {first:x8} 00000001 00000001'a' 00000000 00000000");
        await server.SendStatusAsync(second, SftpStatusCode.Eof);
        await AssertAliveAsync(server);
        Assert.Empty(sink.Entries);
    }

    [Fact]
    public async Task EntriesAfterTheEndOfAListingAreIgnored()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        var sink = new CollectingSink();
        ValueTask listing = server.Client.ListDirectoryAsync("d"u8.ToArray(), sink, Token);
        await server.SendAsync($"00000009 66 {await server.ReceiveIdAsync(PacketType.OpenDir):x8} 00000000");
        uint first = await server.ReceiveIdAsync(PacketType.ReadDir);
        uint second = await server.ReceiveIdAsync(PacketType.ReadDir);
        await server.SendStatusAsync(first, SftpStatusCode.Eof);
        await listing.Soon();
        await server.ReceiveIdAsync(PacketType.Close);
        await server.SendAsync($"00000016 68 {second:x8} 00000001 00000001'a' 00000000 00000000");
        await AssertAliveAsync(server);
        Assert.Empty(sink.Entries);
    }

    /// <summary>The client works on: what was sent before has been handled without a protocol error.</summary>
    private static async Task AssertAliveAsync(ScriptedServer server)
    {
        ValueTask remove = server.Client.RemoveAsync("alive"u8.ToArray(), Token);
        await server.SendStatusAsync(await server.ReceiveIdAsync(PacketType.Remove), SftpStatusCode.Ok);
        await remove.Soon();
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 1000 && !condition(); i++)
            await Task.Delay(5, Token);
        Assert.True(condition());
    }

    /// <summary>A stream that at some point takes no more bytes, asynchronously or not.</summary>
    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource _reached = new();

        public bool IsStuck { get; set; }

        public Task Reached => _reached.Task;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!IsStuck)
                return;
            _reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Assert.False(IsStuck, "written after the end");
    }
}
