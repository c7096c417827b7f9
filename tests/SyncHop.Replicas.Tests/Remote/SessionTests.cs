using SyncHop.Engine.Contract;
using SyncHop.Replicas.Remote;
using Xunit;

namespace SyncHop.Replicas.Tests.Remote;

/// <summary>Content that goes over two sessions with a host, of which the second is lost at any of its requests.</summary>
public sealed class SessionTests
{
    private const byte Open = 3, Close = 4, Read = 5, Write = 6;
    private const int BlockLength = 32 << 10;

    private static readonly byte[] s_content = MakeContent();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_file_is_written_over_both_sessions()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        int first = 0, second = 0;
        server.Before = (type, _) => Count(type, Write, ref first);
        await server.AddSessionAsync(session => session.Before = (type, _) => Count(type, Write, ref second));

        Assert.Equal(2, server.Host.Sessions);
        await WriteAsync(server.Host);

        Assert.Equal(s_content, Assert.Single(server.Files).Value);
        Assert.True(first > 0 && second > 0, $"{first} and {second}");
    }

    [Fact]
    public async Task A_large_file_is_read_over_both_sessions()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Files["name"] = s_content;
        int first = 0, second = 0;
        server.Before = (type, _) => Count(type, Read, ref first);
        await server.AddSessionAsync(session => session.Before = (type, _) => Count(type, Read, ref second));

        Assert.Equal(s_content, await ReadAsync(server.Host));

        Assert.True(first > 0 && second > 0, $"{first} and {second}");
    }

    /// <summary>Of a file that was opened on the first session and spread, and of one that was opened on the second.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_is_lost_while_a_file_is_written_leaves_the_whole_file(bool ownIsLost)
    {
        int requests = int.MaxValue, last = 0;
        for (int at = 0; at < requests; at += at < 8 ? 1 : 17)
        {
            await using MemorySftpServer server = await MemorySftpServer.StartAsync();
            server.Files["busy"] = [];
            await using ISourceFile busy = await server.Host.Open("."u8.ToArray()).OpenReadAsync(Name("busy"), Token);
            int count = 0;
            string? told = null;
            server.Host.SessionLost = reason => told = reason;
            await server.AddSessionAsync(session => session.Before = async (_, _) =>
            {
                if (Interlocked.Increment(ref count) - 1 == at) await session.BreakAsync();
            });
            if (!ownIsLost) await busy.DisposeAsync();

            await WriteAsync(server.Host);

            server.Files.Remove("busy");
            (string name, byte[] content) = Assert.Single(server.Files);
            Assert.Equal("name", name);
            Assert.Equal(s_content, content);
            if (count <= at) requests = at;
            else Assert.True(server.Host.Sessions == 1 && told?.EndsWith("broken", StringComparison.Ordinal) == true, told);
            last = at;
        }
        Assert.InRange(last, 3, 200);
    }

    /// <summary>The last request that a session gets for a file: nobody asks anything of it afterwards.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_is_lost_when_a_file_is_closed_is_given_up(bool isWritten)
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        if (!isWritten) server.Files["name"] = s_content;
        // On the first session something is always under way, so that the second gets its share.
        server.Before = static (_, _) => Task.Delay(1, Token);
        TaskCompletionSource<string> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Host.SessionLost = reason => told.TrySetResult(reason);
        await server.AddSessionAsync(session => session.Before = async (type, _) =>
        {
            if (type == Close) await session.BreakAsync();
        });

        if (isWritten) await WriteAsync(server.Host);
        else Assert.Equal(s_content, await ReadAsync(server.Host));

        Assert.Equal(s_content, Assert.Single(server.Files).Value);
        // A file that was read is closed behind the reader's back.
        Assert.EndsWith("broken", await told.Task.WaitAsync(TimeSpan.FromSeconds(20), Token), StringComparison.Ordinal);
        Assert.Equal(1, server.Host.Sessions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_is_lost_while_a_file_is_read_costs_nothing(bool ownIsLost)
    {
        int requests = int.MaxValue, last = 0;
        for (int at = 0; at < requests; at += at < 8 ? 1 : 17)
        {
            await using MemorySftpServer server = await MemorySftpServer.StartAsync();
            server.Files["busy"] = [];
            server.Files["name"] = s_content;
            server.Before = static (_, _) => Task.Delay(1, Token);
            await using ISourceFile busy = await server.Host.Open("."u8.ToArray()).OpenReadAsync(Name("busy"), Token);
            int count = 0;
            await server.AddSessionAsync(session => session.Before = async (_, _) =>
            {
                if (Interlocked.Increment(ref count) - 1 == at) await session.BreakAsync();
            });
            if (!ownIsLost) await busy.DisposeAsync();

            Assert.Equal(s_content, await ReadAsync(server.Host));

            if (count <= at) requests = at;
            last = at;
        }
        Assert.InRange(last, 3, 200);
    }

    [Fact]
    public async Task A_session_that_refuses_to_open_files_is_done_without()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Files["busy"] = [];
        await using ISourceFile busy = await server.Host.Open("."u8.ToArray()).OpenReadAsync(Name("busy"), Token);
        await server.AddSessionAsync(session => session.Instead = (type, _) => type == Open ? MemorySftpServer.Status(4) : null);

        await WriteAsync(server.Host);

        Assert.Equal(s_content, server.Files["name"]);
        Assert.Equal(s_content, await ReadAsync(server.Host));
    }

    [Fact]
    public async Task Another_file_of_the_name_is_not_read()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Files["name"] = s_content;
        MemorySftpServer other = await server.AddSessionAsync(static _ => { });
        int reads = 0;
        // FSTAT there tells another size.
        other.Instead = (type, _) => type == 8 ? [105, .. MemorySftpServer.Number(1), .. MemorySftpServer.Number(0), .. MemorySftpServer.Number(7)] : null;
        other.Before = (type, _) => Count(type, Read, ref reads);

        Assert.Equal(s_content, await ReadAsync(server.Host));

        Assert.Equal(0, reads);
    }

    private static Task Count(byte type, byte wanted, ref int count)
    {
        if (type == wanted) Interlocked.Increment(ref count);
        // A server that is too quick never has anything under way.
        return Task.Delay(1, Token);
    }

    private static async Task WriteAsync(SftpHost host)
    {
        IReplica tree = host.Open("."u8.ToArray());
        await using ITargetFile file = await tree.CreateFileAsync(Name(".name.tmp"), 0x180, s_content.Length, Token);
        for (int offset = 0; offset < s_content.Length; offset += BlockLength)
            await file.WriteAsync(offset, s_content.AsMemory(offset, BlockLength), Token);
        Assert.Null(await file.CommitAsync(Name("name"), s_content.Length, new AttributeChange { Mtime = new Timestamp(1, 0) }, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token));
    }

    private static async Task<byte[]> ReadAsync(SftpHost host)
    {
        IReplica tree = host.Open("."u8.ToArray());
        await using ISourceFile file = await tree.OpenReadAsync(Name("name"), Token);
        byte[] read = new byte[(await file.StatAsync(Token)).Size];
        List<Task<int>> blocks = [];
        for (int offset = 0; offset < read.Length; offset += BlockLength)
        {
            if (blocks.Count >= 16) await blocks[^16];
            blocks.Add(file.ReadAsync(offset, read.AsMemory(offset, BlockLength), Token).AsTask());
        }
        Assert.All(await Task.WhenAll(blocks).WaitAsync(TimeSpan.FromSeconds(20), Token), length => Assert.Equal(BlockLength, length));
        return read;
    }

    private static RelativePath Name(string name) => new(System.Text.Encoding.ASCII.GetBytes(name));

    private static byte[] MakeContent()
    {
        byte[] content = new byte[112 * BlockLength];
        new Random(1).NextBytes(content);
        return content;
    }
}
