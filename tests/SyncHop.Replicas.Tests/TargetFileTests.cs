using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Local;
using SyncHop.Replicas.Remote;
using SyncHop.Sftp.Tests;

namespace SyncHop.Replicas.Tests;

/// <summary>What <see cref="ITargetFile"/> promises, of both kinds of replica: here, and through OpenSSH's sftp-server.</summary>
public sealed class TargetFileTests
{
    private const uint Mode600 = 0x180, Mode644 = 0x1A4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<bool> Sides => [true, false];

    [Theory, MemberData(nameof(Sides))]
    public async Task A_file_is_changed_where_it_is(bool local)
    {
        await using Side side = await Side.OpenAsync(local);
        side.Put("file", "0123456789");
        string link = Path.Combine(side.Folder, "link");
        Assert.Equal(0, HardLink(Path.Combine(side.Folder, "file"), link));
        await using (ITargetFile file = await side.Replica.OpenWriteAsync(P("file"), Mode600, Token))
        {
            await file.WriteAsync(3, "ab"u8.ToArray(), Token);
            Assert.Null(await file.CommitAsync(P("file"), 7, new AttributeChange { Mtime = new Timestamp(99, 0) }, Token));
        }
        Assert.Equal("012ab56", side.Text("file"));
        Assert.Equal("012ab56", side.Text("link"));
        FileStat stat = (await side.Replica.StatAsync(P("file"), false, Token))!.Value;
        Assert.Equal((99L, 7L), (stat.MtimeSeconds, stat.Size));
        Assert.Equal(["file", "link"], side.Names());
    }

    [Theory, MemberData(nameof(Sides))]
    public async Task A_missing_file_is_made(bool local)
    {
        await using Side side = await Side.OpenAsync(local);
        await using (ITargetFile file = await side.Replica.OpenWriteAsync(P("file"), Mode600, Token))
        {
            await file.WriteAsync(0, "new"u8.ToArray(), Token);
            await file.CommitAsync(P("file"), 3, default, Token);
        }
        Assert.Equal("new", side.Text("file"));
        Assert.Equal(Mode600, (await side.Replica.StatAsync(P("file"), false, Token))!.Value.Permissions);
    }

    [Theory, MemberData(nameof(Sides))]
    public async Task A_file_that_is_not_committed_stays_as_far_as_it_was_written(bool local)
    {
        await using Side side = await Side.OpenAsync(local);
        side.Put("file", "0123456789");
        await using (ITargetFile file = await side.Replica.OpenWriteAsync(P("file"), Mode600, Token))
            await file.WriteAsync(0, "new"u8.ToArray(), Token);
        Assert.Equal("new3456789", side.Text("file"));
    }

    [Theory, MemberData(nameof(Sides))]
    public async Task An_opened_file_may_get_another_name(bool local)
    {
        await using Side side = await Side.OpenAsync(local);
        side.Put("part", "01");
        side.Put("file", "old");
        await using (ITargetFile file = await side.Replica.OpenWriteAsync(P("part"), Mode600, Token))
        {
            await file.WriteAsync(2, "23"u8.ToArray(), Token);
            await file.CommitAsync(P("file"), 4, default, Token);
        }
        Assert.Equal("0123", side.Text("file"));
        Assert.Equal(["file"], side.Names());
    }

    [Theory, MemberData(nameof(Sides))]
    public async Task What_is_no_regular_file_is_not_opened(bool local)
    {
        await using Side side = await Side.OpenAsync(local);
        side.Put("victim", "secret");
        File.CreateSymbolicLink(Path.Combine(side.Folder, "link"), Path.Combine(side.Folder, "victim"));
        File.CreateSymbolicLink(Path.Combine(side.Folder, "dangling"), Path.Combine(side.Folder, "nowhere"));
        Directory.CreateDirectory(Path.Combine(side.Folder, "dir"));
        foreach (string name in (string[])["link", "dangling", "dir"])
            await Assert.ThrowsAsync<ReplicaException>(async () => await side.Replica.OpenWriteAsync(P(name), Mode600, Token));
        Assert.Equal("secret", side.Text("victim"));
        Assert.Equal(["dangling", "dir", "link", "victim"], side.Names());
    }

    [Theory, MemberData(nameof(Sides))]
    public async Task A_length_beyond_what_was_written_reads_as_zeros(bool local)
    {
        await using Side side = await Side.OpenAsync(local);
        await using (ITargetFile file = await side.Replica.CreateFileAsync(P("tmp"), Mode600, 6, Token))
        {
            await file.WriteAsync(2, "x"u8.ToArray(), Token);
            await file.CommitAsync(P("file"), 6, default, Token);
        }
        Assert.Equal("\0\0x\0\0\0", side.Text("file"));
    }

    [Theory, MemberData(nameof(Sides))]
    public async Task Ranges_are_copied_among_writes(bool local)
    {
        await using Side side = await Side.OpenAsync(local);
        Assert.SkipUnless(side.Replica.Host.Traits.CanCopyRanges, "this sftp-server has no copy-data");
        side.Put("basis", "0123456789");
        await using ISourceFile basis = await side.Replica.OpenReadAsync(P("basis"), Token);
        await using (ITargetFile file = await side.Replica.CreateFileAsync(P("tmp"), Mode644, 9, Token))
        {
            await file.WriteAsync(0, "ab"u8.ToArray(), Token);
            await file.CopyFromAsync(basis, 7, 3, 2, Token);
            await file.CopyFromAsync(basis, 0, 2, 7, Token);
            await file.CopyFromAsync(basis, 0, 0, 0, Token);
            await file.WriteAsync(5, "cd"u8.ToArray(), Token);
            await file.CommitAsync(P("file"), 9, default, Token);
        }
        Assert.Equal("ab789cd01", side.Text("file"));
    }

    [Theory, MemberData(nameof(Sides))]
    public async Task A_large_range_is_copied_whole(bool local)
    {
        const int length = (40 << 20) + 123;
        await using Side side = await Side.OpenAsync(local);
        Assert.SkipUnless(side.Replica.Host.Traits.CanCopyRanges, "this sftp-server has no copy-data");
        byte[] content = new byte[length];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(Path.Combine(side.Folder, "basis"), content);
        await using ISourceFile basis = await side.Replica.OpenReadAsync(P("basis"), Token);
        await using (ITargetFile file = await side.Replica.CreateFileAsync(P("tmp"), Mode644, length, Token))
        {
            await file.CopyFromAsync(basis, 100, length - 100, 0, Token);
            await file.CommitAsync(P("file"), length - 100, default, Token);
        }
        Assert.True(File.ReadAllBytes(Path.Combine(side.Folder, "file")).AsSpan().SequenceEqual(content.AsSpan(100)));
    }

    [Theory, MemberData(nameof(Sides))]
    public async Task A_range_beyond_the_end_replaces_nothing(bool local)
    {
        await using Side side = await Side.OpenAsync(local);
        Assert.SkipUnless(side.Replica.Host.Traits.CanCopyRanges, "this sftp-server has no copy-data");
        side.Put("basis", "0123456789");
        side.Put("file", "old");
        await using ISourceFile basis = await side.Replica.OpenReadAsync(P("basis"), Token);
        await Assert.ThrowsAsync<ReplicaException>(async () =>
        {
            await using ITargetFile file = await side.Replica.CreateFileAsync(P("tmp"), Mode644, 9, Token);
            await file.CopyFromAsync(basis, 5, 6, 0, Token);
            await file.CommitAsync(P("file"), 6, default, Token);
        });
        Assert.Equal("old", side.Text("file"));
        Assert.Equal(["basis", "file"], side.Names());
    }

    [Fact]
    public async Task Ranges_are_copied_through_memory_where_the_kernel_cannot()
    {
        await using Side side = await Side.OpenAsync(local: true);
        byte[] content = new byte[700_000];
        new Random(2).NextBytes(content);
        File.WriteAllBytes(Path.Combine(side.Folder, "basis"), content);
        using (Descriptor source = OpenFile(side, "basis", Linux.O_RDONLY), target = OpenFile(side, "copy", Linux.O_WRONLY | Linux.O_CREAT))
            FileRange.CopyThroughMemory(source, 5, target, 0, 600_000, Token);
        Assert.True(File.ReadAllBytes(Path.Combine(side.Folder, "copy")).AsSpan().SequenceEqual(content.AsSpan(5, 600_000)));
    }

    [Theory]
    [InlineData(Linux.O_WRONLY, Linux.O_WRONLY, "read")]
    [InlineData(Linux.O_RDONLY, Linux.O_RDONLY, "write")]
    public async Task A_failed_copy_says_which_side_is_at_fault(int sourceFlags, int targetFlags, string operation)
    {
        await using Side side = await Side.OpenAsync(local: true);
        File.WriteAllText(Path.Combine(side.Folder, "basis"), "content");
        File.WriteAllText(Path.Combine(side.Folder, "copy"), "");
        using Descriptor source = OpenFile(side, "basis", sourceFlags), target = OpenFile(side, "copy", targetFlags);
        ReplicaException failure = Assert.Throws<ReplicaException>(() => FileRange.Copy(source, 0, target, 0, 7, Token));
        Assert.Equal(operation, failure.Operation);
    }

    private static Descriptor OpenFile(Side side, string name, int flags)
    {
        byte[] path = Encoding.UTF8.GetBytes(Path.Combine(side.Folder, name) + "\0");
        Assert.Equal(0, Descriptor.Open(Descriptor.WorkingDirectory, in path[0], flags, Mode600, out Descriptor? opened));
        return opened;
    }

    private static RelativePath P(string path) => new(Encoding.UTF8.GetBytes(path));

    private static int HardLink(string from, string to)
    {
        using System.Diagnostics.Process ln = System.Diagnostics.Process.Start("ln", [from, to]);
        ln.WaitForExit();
        return ln.ExitCode;
    }

    /// <summary>A replica of an empty folder.</summary>
    private sealed class Side : IAsyncDisposable
    {
        private readonly RealServer? _server;
        private readonly IReplicaHost _host;

        private Side(RealServer? server, IReplicaHost host, string folder)
        {
            _server = server;
            _host = host;
            Folder = folder;
            Replica = host.Open(Encoding.UTF8.GetBytes(folder));
        }

        public string Folder { get; }

        public IReplica Replica { get; }

        public static async Task<Side> OpenAsync(bool local)
        {
            if (local) return new Side(null, new LocalHost(), Directory.CreateTempSubdirectory("synchop-").FullName);
            RealServer server = await RealServer.StartAsync();
            return new Side(server, new SftpHost(server.Client, "user"), server.Directory);
        }

        public void Put(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

        public string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

        public string[] Names() =>
            [.. Directory.GetFileSystemEntries(Folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

        public async ValueTask DisposeAsync()
        {
            Replica.Dispose();
            await _host.DisposeAsync();
            if (_server is not null) await _server.DisposeAsync();
            else Directory.Delete(Folder, recursive: true);
        }
    }
}
