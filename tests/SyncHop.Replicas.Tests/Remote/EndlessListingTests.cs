using SyncHop.Engine.Contract;
using Xunit;

namespace SyncHop.Replicas.Tests.Remote;

/// <summary>Servers whose listings do not end: every one is ended here, with one line and in bounded memory.</summary>
public sealed class EndlessListingTests
{
    private const byte OpenDir = 11, ReadDir = 12, Handle = 102, NameReply = 104;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_names_without_end_take_the_memory_that_is_allowed()
    {
        long named = 0;
        ReplicaException failure = await ListAsync(() => Names(100, () => $"file {named++}"));
        Assert.Equal("the server's listing takes more memory than --max-alloc allows", failure.Reason);
        Assert.InRange(named, 10_000, 40_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000)]
    public async Task The_same_names_again_and_again_are_noticed(int first)
    {
        long named = 0;
        ReplicaException failure = await ListAsync(() => Names(100, () => $"{(named++ < first ? named : named % 150)}"), long.MaxValue);
        Assert.Equal("the server's listing begins again and again", failure.Reason);
        Assert.InRange(named, 10_000, 200_000);
    }

    [Fact]
    public async Task Names_that_no_file_can_have_are_kept_up_to_a_number()
    {
        ReplicaException failure = await ListAsync(() => Names(100, () => "a/b"), long.MaxValue);
        Assert.Equal("the server sends only names that no file can have", failure.Reason);
    }

    [Fact]
    public async Task Nothing_without_end_is_an_error()
    {
        ReplicaException failure = await ListAsync(() => Names(2, () => "."), long.MaxValue);
        Assert.Equal("the SFTP server says: a listing that names nothing and does not end", failure.Reason);
    }

    [Fact]
    public async Task A_reply_without_names_is_the_end()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        bool isFirst = true;
        server.Instead = Answer(() => Names(isFirst ? 1 : 0, () =>
        {
            isFirst = false;
            return "only";
        }));
        Assert.Equal(1, (await server.Host.Open("dir"u8.ToArray()).ListAsync(RelativePath.Root, false, Token)).Count);
    }

    /// <summary>A file that is replaced while its directory is read may come more than once.</summary>
    [Fact]
    public async Task A_large_directory_with_a_few_names_twice_is_listed()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        int named = 0;
        server.Instead = Answer(() => named >= 50_000 ? null : Names(100, () => named++ % 1000 == 999 ? "hot" : $"file {named}"));
        Assert.Equal(50_000, (await server.Host.Open("dir"u8.ToArray()).ListAsync(RelativePath.Root, false, Token)).Count);
    }

    [Fact]
    public async Task Modes_that_the_listing_leaves_out_are_not_all_asked_for_at_once()
    {
        const byte lStat = 7;
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        int named = 0, most = 0;
        server.Instead = (type, name) => type == lStat
            ? [105, .. MemorySftpServer.Number(4), .. MemorySftpServer.Number(0x81A4)]
            : Answer(() => named >= 5_000 ? null : Names(100, () => $"file {named++}", hasModes: false))(type, name);
        server.Before = async (type, _) =>
        {
            if (type == lStat && most == 0) await Task.Delay(200, Token);
            most = Math.Max(most, (int)(server.Host.Client.Statistics.Requests - server.Host.Client.Statistics.Replies));
        };
        FileList list = await server.Host.Open("dir"u8.ToArray()).ListAsync(RelativePath.Root, false, Token);
        Assert.Equal(5_000, list.Count);
        Assert.All(list.Entries.ToArray(), entry => Assert.True(entry.Stat.IsRegular));
        Assert.InRange(most, 2, 1_100);
    }

    private static async Task<ReplicaException> ListAsync(Func<byte[]> reply, long bytes = 1 << 20)
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Host.ListingBytes = bytes;
        server.Instead = Answer(reply);
        IReplica replica = server.Host.Open("dir"u8.ToArray());
        return await Assert.ThrowsAsync<ReplicaException>(async () => await replica.ListAsync(RelativePath.Root, false, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    private static Func<byte, string, byte[]?> Answer(Func<byte[]?> reply) => (type, _) => type switch
    {
        OpenDir => [Handle, .. MemorySftpServer.Text("h")],
        ReadDir => reply() ?? MemorySftpServer.Status(1),
        _ => null,
    };

    private static byte[] Names(int count, Func<string> next, bool hasModes = true)
    {
        List<byte> reply = [NameReply, .. MemorySftpServer.Number((uint)count)];
        for (int i = 0; i < count; i++)
        {
            reply.AddRange(MemorySftpServer.Text(next()));
            reply.AddRange(MemorySftpServer.Text(""));
            reply.AddRange(hasModes ? [.. MemorySftpServer.Number(4), .. MemorySftpServer.Number(0x81A4)] : MemorySftpServer.Number(0));
        }
        return [.. reply];
    }
}
