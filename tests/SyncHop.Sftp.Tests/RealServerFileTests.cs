using System.Security.Cryptography;

namespace SyncHop.Sftp.Tests;

public sealed class RealServerFileTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32 * 1024 - 1)]
    [InlineData(32 * 1024)]
    [InlineData(32 * 1024 + 1)]
    [InlineData(255 * 1024 - 1)]
    [InlineData(255 * 1024)]
    [InlineData(255 * 1024 + 1)]
    [InlineData(3 * 1024 * 1024 + 17)]
    public async Task FilesOfSizesAroundPacketBoundariesSurviveTheRoundTrip(int size)
    {
        await using RealServer server = await RealServer.StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes(size);
        byte[] path = server.PathTo("file");

        await WriteFileAsync(server.Client, path, content);
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(server.Directory, "file"), Token));
        Assert.Equal(content, await ReadFileAsync(server.Client, path, size));
    }

    [Fact]
    public async Task FiveHundredFilesAtOnce()
    {
        await using RealServer server = await RealServer.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(async i =>
        {
            byte[] content = RandomNumberGenerator.GetBytes(i * 7);
            byte[] path = server.PathTo($"f{i}");
            await WriteFileAsync(server.Client, path, content);
            Assert.Equal(content, await ReadFileAsync(server.Client, path, content.Length));
        }));
        Assert.Equal(500, Directory.GetFiles(server.Directory).Length);
    }

    [Fact]
    public async Task TheBufferOfAQueuedWriteMayBeUsedAgainAtOnce()
    {
        await using RealServer server = await RealServer.StartAsync(new SftpClientOptions { MaxWriteBytesInFlight = 100_000 });
        SftpClient client = server.Client;
        SftpHandle handle = await client.OpenAsync(
            server.PathTo("f"), SftpOpenFlags.Write | SftpOpenFlags.Create, cancellationToken: Token);
        byte[] buffer = new byte[30_000];
        var pending = new List<SftpPendingWrite>();
        for (int i = 0; i < 100; i++)
        {
            Array.Fill(buffer, (byte)i);
            pending.Add(await client.QueueWriteAsync(handle, i * 30_000L, buffer, Token));
        }
        Array.Fill(buffer, (byte)0xFF);
        foreach (SftpPendingWrite write in pending)
            await write;
        await client.CloseAsync(handle, Token);

        byte[] written = await File.ReadAllBytesAsync(Path.Combine(server.Directory, "f"), Token);
        Assert.Equal(Enumerable.Range(0, 100).SelectMany(i => Enumerable.Repeat((byte)i, 30_000)), written);
    }

    [Fact]
    public async Task ReadingAtTheEndGivesZero()
    {
        await using RealServer server = await RealServer.StartAsync();
        await WriteFileAsync(server.Client, server.PathTo("f"), [1, 2, 3]);
        SftpHandle handle = await server.Client.OpenAsync(server.PathTo("f"), SftpOpenFlags.Read, cancellationToken: Token);
        byte[] buffer = new byte[10];
        Assert.Equal(3, await server.Client.ReadAsync(handle, 0, buffer, Token));
        Assert.Equal(0, await server.Client.ReadAsync(handle, 3, buffer, Token));
        Assert.Equal(0, await server.Client.ReadAsync(handle, 1L << 40, buffer, Token));
        Assert.Equal(0, await server.Client.ReadAsync(handle, 0, Memory<byte>.Empty, Token));
    }

    [Fact]
    public async Task AClosedHandleCannotBeUsed()
    {
        await using RealServer server = await RealServer.StartAsync();
        SftpHandle handle = await server.Client.OpenAsync(
            server.PathTo("f"), SftpOpenFlags.Write | SftpOpenFlags.Create, cancellationToken: Token);
        await server.Client.CloseAsync(handle, Token);
        Assert.True(handle.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await server.Client.CloseAsync(handle, Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await server.Client.WriteAsync(handle, 0, new byte[1], Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await server.Client.FStatAsync(handle, Token));
    }

    internal static async Task WriteFileAsync(SftpClient client, byte[] path, byte[] content)
    {
        SftpHandle handle = await client.OpenAsync(
            path, SftpOpenFlags.Write | SftpOpenFlags.Create | SftpOpenFlags.Truncate, cancellationToken: Token);
        var writes = new List<Task>();
        for (int offset = 0; offset < content.Length; offset += client.Limits.WriteLength)
        {
            ReadOnlyMemory<byte> part = content.AsMemory(offset, Math.Min(client.Limits.WriteLength, content.Length - offset));
            writes.Add(client.WriteAsync(handle, offset, part, Token).AsTask());
        }
        writes.Add(client.CloseAsync(handle, Token).AsTask());
        await Task.WhenAll(writes);
    }

    internal static async Task<byte[]> ReadFileAsync(SftpClient client, byte[] path, int size)
    {
        SftpHandle handle = await client.OpenAsync(path, SftpOpenFlags.Read, cancellationToken: Token);
        byte[] content = new byte[size];
        int part = client.Limits.ReadLength;
        var reads = new List<(Task<int> Read, int Expected)>();
        for (int offset = 0; offset < size; offset += part)
        {
            Memory<byte> buffer = content.AsMemory(offset, Math.Min(part, size - offset));
            reads.Add((client.ReadAsync(handle, offset, buffer, Token).AsTask(), buffer.Length));
        }
        ValueTask close = client.CloseAsync(handle, Token);
        foreach ((Task<int> read, int expected) in reads)
            Assert.Equal(expected, await read);
        await close;
        return content;
    }
}
