namespace SyncHop.Sftp.Tests;

public sealed class SendQueueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What is about names overtakes what is about open files; neither changes its own order.</summary>
    [Fact]
    public void NamesGoBeforeContents()
    {
        SendQueue queue = new(new AsyncSignal());
        foreach (string operation in new[] { "write 1", "open 1", "write 2", "close 1", "rename 1", "write 3", "open 2" })
            Assert.True(queue.TryEnqueue(Request(operation)));

        Assert.Equal(
            ["open 1", "rename 1", "open 2", "write 1", "write 2", "close 1", "write 3"], Enumerable.Range(0, 7).Select(_ => queue.Dequeue()!.Operation));
        Assert.Null(queue.Dequeue());
        Assert.True(queue.TryEnqueue(Request("write 4")));
        Assert.Equal("write 4", queue.Dequeue()!.Operation);
    }

    /// <summary>A server that does not take the content yet gets the OPEN of the next file before what waits here.</summary>
    [Fact]
    public async Task AnOpenDoesNotWaitBehindMegabytesOfContent()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        SftpHandle handle = new([1]);
        byte[] piece = new byte[32 << 10];
        const int Pieces = 256;
        for (int i = 0; i < Pieces; i++) _ = server.Client.WriteAsync(handle, i * (long)piece.Length, piece, Token).AsTask();
        _ = server.Client.OpenAsync("next"u8.ToArray(), SftpOpenFlags.Read, default, Token).AsTask();

        int before = 0;
        for (byte[] packet = await server.ReceiveAsync(); packet[4] == (byte)PacketType.Write; packet = await server.ReceiveAsync()) before++;
        Assert.InRange(before, 0, Pieces / 2);
    }

    /// <summary>A CLOSE stays behind what waits for its own file, since servers use handles again, and overtakes the contents of others.</summary>
    [Fact]
    public async Task ACloseStaysBehindItsOwnFileAlone()
    {
        await using ScriptedServer server = await ScriptedServer.ConnectAsync();
        SftpHandle busy = new([1]), idle = new([2]);
        byte[] piece = new byte[32 << 10];
        const int Pieces = 256;
        for (int i = 0; i < Pieces; i++) _ = server.Client.WriteAsync(busy, i * (long)piece.Length, piece, Token).AsTask();
        _ = server.Client.CloseAsync(busy, Token).AsTask();
        _ = server.Client.CloseAsync(idle, Token).AsTask();

        List<byte> closed = [];
        int written = 0, writtenBefore = 0;
        while (closed.Count < 2)
        {
            byte[] packet = await server.ReceiveAsync();
            if (packet[4] == (byte)PacketType.Write) written++;
            else closed.Add(packet[^1]);
            if (closed.Count == 0) writtenBefore = written;
        }
        Assert.Equal([2, 1], closed);
        Assert.Equal(Pieces, written);
        Assert.InRange(writtenBefore, 0, Pieces / 2);
    }

    private static StatusRequest Request(string operation)
    {
        StatusRequest request = new RequestPool<StatusRequest>(static pool => new StatusRequest(pool)).Rent(operation);
        request.Packet.Begin(PacketType.Remove);
        if (operation.StartsWith("write", StringComparison.Ordinal) || operation.StartsWith("close", StringComparison.Ordinal)) request.WriteHandle(new SftpHandle([1]));
        return request;
    }
}
