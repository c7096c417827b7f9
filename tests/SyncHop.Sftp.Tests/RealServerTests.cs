using System.Globalization;
using System.Text;

namespace SyncHop.Sftp.Tests;

/// <summary>Every operation and extension against OpenSSH's sftp-server.</summary>
public sealed class RealServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnnouncesWhatTheClientKnows()
    {
        await using RealServer server = await RealServer.StartAsync();
        SftpExtension[] known =
        [
            SftpExtension.PosixRename, SftpExtension.StatVfs, SftpExtension.FStatVfs, SftpExtension.HardLink,
            SftpExtension.FSync, SftpExtension.LSetStat, SftpExtension.Limits, SftpExtension.ExpandPath,
            SftpExtension.CopyData, SftpExtension.HomeDirectory, SftpExtension.UsersGroupsById,
        ];
        Assert.SkipUnless(known.All(server.Client.Supports), "this sftp-server is older than OpenSSH 9.1");
        await server.Client.LimitsKnown.Soon();
        Assert.Equal(255 * 1024, server.Client.Limits.ReadLength);
        Assert.Equal(255 * 1024, server.Client.Limits.WriteLength);
        Assert.NotNull(server.Client.Limits.OpenHandles);
    }

    [Fact]
    public async Task AttributesAreSetAndRead()
    {
        await using RealServer server = await RealServer.StartAsync();
        SftpClient client = server.Client;
        byte[] file = server.PathTo("file"), link = server.PathTo("link");
        await RealServerFileTests.WriteFileAsync(client, file, [1, 2, 3]);
        await client.SymlinkAsync(link, "file"u8.ToArray(), Token);

        await client.SetStatAsync(file, default(SftpAttributes).WithPermissions(0x1A0).WithTimes(1, 0xFFFFFFFF), Token);
        await client.LSetStatAsync(link, default(SftpAttributes).WithTimes(1000, 2000), Token);
        SftpAttributes attributes = await client.StatAsync(link, Token);
        Assert.Equal(SftpFileType.Regular, attributes.FileType);
        Assert.Equal((0x81A0u, 3ul), (attributes.Permissions, attributes.Size));
        Assert.Equal((1u, 0xFFFFFFFFu), (attributes.AccessTime, attributes.ModifyTime));
        attributes = await client.LStatAsync(link, Token);
        Assert.Equal(SftpFileType.Symlink, attributes.FileType);
        Assert.Equal(2000u, attributes.ModifyTime);

        SftpHandle handle = await client.OpenAsync(file, SftpOpenFlags.Write | SftpOpenFlags.Read, cancellationToken: Token);
        await client.FSetStatAsync(handle, default(SftpAttributes).WithSize(100), Token);
        Assert.Equal(100ul, (await client.FStatAsync(handle, Token)).Size);
        await client.CloseAsync(handle, Token);
    }

    [Fact]
    public async Task NamesAreCreatedRenamedAndRemoved()
    {
        await using RealServer server = await RealServer.StartAsync();
        SftpClient client = server.Client;
        byte[] directory = server.PathTo("d"), a = server.PathTo("d/a"), b = server.PathTo("d/b"), c = server.PathTo("d/c");
        await client.MkDirAsync(directory, default(SftpAttributes).WithPermissions(0x1C0), Token);
        await RealServerFileTests.WriteFileAsync(client, a, [1]);
        await RealServerFileTests.WriteFileAsync(client, b, [2]);

        await Assert.ThrowsAsync<SftpException>(() => client.RenameAsync(a, b, Token).Soon());
        await client.PosixRenameAsync(a, b, Token);
        Assert.Equal([1], await File.ReadAllBytesAsync(Path.Combine(server.Directory, "d/b"), Token));
        await client.RenameAsync(b, a, Token);
        await client.HardLinkAsync(a, c, Token);
        Assert.Equal([1], await File.ReadAllBytesAsync(Path.Combine(server.Directory, "d/c"), Token));
        await client.SymlinkAsync(b, "to/nowhere"u8.ToArray(), Token);
        Assert.Equal("to/nowhere"u8.ToArray(), await client.ReadLinkAsync(b, Token));

        await Assert.ThrowsAsync<SftpException>(() => client.RmDirAsync(directory, Token).Soon());
        await client.RemoveAsync(a, Token);
        await client.RemoveAsync(b, Token);
        await client.RemoveAsync(c, Token);
        await client.RmDirAsync(directory, Token);
        var gone = await Assert.ThrowsAsync<SftpException>(() => client.LStatAsync(directory, Token).Soon());
        Assert.Equal(SftpStatusCode.NoSuchFile, gone.StatusCode);
        Assert.Equal(directory, gone.Path.ToArray());
    }

    [Fact]
    public async Task PathsAreResolved()
    {
        await using RealServer server = await RealServer.StartAsync();
        SftpClient client = server.Client;
        Assert.Equal(server.Directory, Encoding.UTF8.GetString(await client.RealPathAsync("."u8.ToArray(), Token)));
        byte[] home = await client.ExpandPathAsync("~"u8.ToArray(), Token);
        Assert.Equal((byte)'/', home[0]);
        byte[] slash = [.. home, .. "/x"u8];
        Assert.Equal(slash, await client.ExpandPathAsync("~/x"u8.ToArray(), Token));
        Assert.Equal((byte)'/', (await client.HomeDirectoryAsync(Encoding.UTF8.GetBytes(Environment.UserName), Token))[0]);
    }

    [Fact]
    public async Task IdsHaveNames()
    {
        await using RealServer server = await RealServer.StartAsync();
        SftpNamesById names = await server.Client.UsersGroupsByIdAsync(
            new uint[] { 0, 4_000_000_000 }, new uint[] { 4_000_000_000, 0 }, Token);
        Assert.Equal(["root", ""], names.Users.Select(Encoding.UTF8.GetString));
        Assert.Equal(["", "root"], names.Groups.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public async Task CopyDataAndFSync()
    {
        await using RealServer server = await RealServer.StartAsync();
        SftpClient client = server.Client;
        await RealServerFileTests.WriteFileAsync(client, server.PathTo("from"), "0123456789"u8.ToArray());
        SftpHandle from = await client.OpenAsync(server.PathTo("from"), SftpOpenFlags.Read, cancellationToken: Token);
        SftpHandle to = await client.OpenAsync(
            server.PathTo("to"), SftpOpenFlags.Write | SftpOpenFlags.Create, cancellationToken: Token);
        await client.WriteAsync(to, 0, "abcdefgh"u8.ToArray(), Token);
        await client.CopyDataAsync(from, 3, 4, to, 2, Token);
        await client.CopyDataAsync(from, 8, 0, to, 8, Token);
        await client.FSyncAsync(to, Token);
        await client.CloseAsync(from, Token);
        await client.CloseAsync(to, Token);
        Assert.Equal("ab3456gh89", await File.ReadAllTextAsync(Path.Combine(server.Directory, "to"), Token));
    }

    [Fact]
    public async Task FileSystemFigures()
    {
        await using RealServer server = await RealServer.StartAsync();
        SftpFileSystemInfo byPath = await server.Client.StatVfsAsync(server.PathTo(""), Token);
        Assert.Equal(255ul, byPath.MaxNameLength);
        Assert.InRange(byPath.FragmentSize, 1u, 1u << 30);
        await RealServerFileTests.WriteFileAsync(server.Client, server.PathTo("f"), []);
        SftpHandle handle = await server.Client.OpenAsync(server.PathTo("f"), SftpOpenFlags.Read, cancellationToken: Token);
        SftpFileSystemInfo byHandle = await server.Client.FStatVfsAsync(handle, Token);
        Assert.Equal((byPath.FileSystemId, byPath.Blocks), (byHandle.FileSystemId, byHandle.Blocks));
    }

    [Fact]
    public async Task NamesAreBytes()
    {
        await using RealServer server = await RealServer.StartAsync();
        SftpClient client = server.Client;
        byte[][] names =
        [
            [0xFF, 0xFE, (byte)'x'], "new\nline"u8.ToArray(), "-rf"u8.ToArray(), " "u8.ToArray(), "*"u8.ToArray(),
            [.. Enumerable.Repeat((byte)0xC3, 255)], "a\\b"u8.ToArray(), [1], "..."u8.ToArray(), "ümläut"u8.ToArray(),
        ];
        foreach (byte[] name in names)
            await RealServerFileTests.WriteFileAsync(client, server.PathTo(name), name);
        var sink = new CollectingSink();
        await client.ListDirectoryAsync(server.PathTo(""), sink, Token);
        Assert.Equal(names.Select(Convert.ToHexString).Order(), sink.Entries.Select(e => Convert.ToHexString(e.Name)).Order());
        Assert.Empty(sink.Refused);
        foreach (byte[] name in names)
            Assert.Equal(name, await RealServerFileTests.ReadFileAsync(client, server.PathTo(name), name.Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(10_000)]
    public async Task DirectoriesAreListed(int count)
    {
        await using RealServer server = await RealServer.StartAsync();
        for (int i = 0; i < count; i++)
            await File.WriteAllBytesAsync(Path.Combine(server.Directory, $"f{i}"), i % 100 == 7 ? [1, 2] : [], Token);
        var sink = new CollectingSink();
        await server.Client.ListDirectoryAsync(server.PathTo(""), sink, Token);
        Assert.Equal(count, sink.Entries.Select(e => Encoding.ASCII.GetString(e.Name)).Distinct().Count());
        Assert.All(sink.Entries, e =>
        {
            int i = int.Parse(Encoding.ASCII.GetString(e.Name)[1..], CultureInfo.InvariantCulture);
            Assert.Equal((SftpFileType.Regular, i % 100 == 7 ? 2ul : 0ul), (e.Attributes.FileType, e.Attributes.Size));
        });
    }

    [Fact]
    public async Task ListingsCloseTheirHandles()
    {
        await using RealServer server = await RealServer.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(
            _ => server.Client.ListDirectoryAsync(server.PathTo(""), new CollectingSink(), Token).AsTask()));
        await server.Client.RealPathAsync("."u8.ToArray(), Token);
        string descriptors = $"/proc/{server.ProcessId}/fd";
        Assert.SkipUnless(Directory.Exists(descriptors), "no /proc");
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(descriptors),
            fd => new FileInfo(fd).LinkTarget == server.Directory);
    }

    [Fact]
    public async Task AServerThatDiesFailsWhatIsOutstanding()
    {
        await using RealServer server = await RealServer.StartAsync();
        ValueTask<SftpAttributes>[] stats =
            [.. Enumerable.Range(0, 2000).Select(_ => server.Client.LStatAsync(server.PathTo(""), Token))];
        server.Kill();
        foreach (ValueTask<SftpAttributes> stat in stats)
        {
            try
            {
                await stat.Soon();
            }
            catch (SftpConnectionLostException)
            {
                // Some were answered before, the others end like this; none hangs, none ends otherwise.
            }
        }
        await Assert.ThrowsAsync<SftpConnectionLostException>(() => server.Client.LStatAsync(server.PathTo(""), Token).Soon());
    }

    [Fact]
    public async Task ABurstOfRequestsTakesFewFlushes()
    {
        await using RealServer server = await RealServer.StartAsync();
        long before = server.Client.Statistics.Flushes;
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => server.Client.LStatAsync(server.PathTo(""), Token).AsTask()));
        SftpStatistics statistics = server.Client.Statistics;
        Assert.InRange(statistics.Flushes - before, 1, 500);
        Assert.Equal(statistics.Requests, statistics.Replies);
    }

    [Fact]
    public async Task RandomCancellationNeitherHangsNorLeaksHandles()
    {
        await using RealServer server = await RealServer.StartAsync();
        SftpClient client = server.Client;
        byte[] content = new byte[300_000];
        new Random(7).NextBytes(content);
        await RealServerFileTests.WriteFileAsync(client, server.PathTo("f"), content);
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, _) =>
        {
            var random = new Random(i);
            using var cancel = new CancellationTokenSource();
            if (random.Next(4) > 0)
                cancel.CancelAfter(TimeSpan.FromMicroseconds(random.Next(3000)));
            byte[] buffer = new byte[random.Next(1, 200_000)];
            try
            {
                SftpHandle handle = await client.OpenAsync(server.PathTo("f"), SftpOpenFlags.Read, default, cancel.Token).Soon();
                try
                {
                    int read = await client.ReadAsync(handle, 0, buffer, cancel.Token).Soon();
                    Assert.Equal(content.AsSpan(0, read), buffer.AsSpan(0, read));
                }
                catch (OperationCanceledException)
                {
                    // The buffer is ours again: nothing may be written to it from now on.
                    Array.Clear(buffer);
                    await Task.Delay(5, Token);
                    Assert.Equal(-1, buffer.AsSpan().IndexOfAnyExcept((byte)0));
                }
                finally
                {
                    await client.CloseAsync(handle, Token).Soon();
                }
            }
            catch (OperationCanceledException)
            {
            }
        });
        await client.RealPathAsync("."u8.ToArray(), Token).Soon();
        string descriptors = $"/proc/{server.ProcessId}/fd";
        Assert.SkipUnless(Directory.Exists(descriptors), "no /proc");
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(descriptors),
            fd => new FileInfo(fd).LinkTarget == Path.Combine(server.Directory, "f"));
    }
}
