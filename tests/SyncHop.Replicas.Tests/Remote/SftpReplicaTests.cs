using System.Text;
using SyncHop.Engine.Contract;
using Xunit;

namespace SyncHop.Replicas.Tests.Remote;

/// <summary>What is left on the server when operations are cancelled, and what is made of a server's odd answers.</summary>
public sealed class SftpReplicaTests
{
    private const byte FStat = 8, OpenDir = 11, ReadLink = 19;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every request of a replacing upload in turn is under way when the run is cancelled.</summary>
    [Fact]
    public async Task A_cancelled_upload_leaves_the_old_or_the_new_file_and_nothing_else()
    {
        int requests = int.MaxValue;
        for (int at = 0; at < requests; at++)
        {
            using CancellationTokenSource cancellation = new();
            await using MemorySftpServer server = await MemorySftpServer.StartAsync();
            server.Files["dir/name"] = "old"u8.ToArray();
            int count = 0;
            server.Before = async (type, path) =>
            {
                if (path.StartsWith("dir", StringComparison.Ordinal) && Interlocked.Increment(ref count) - 1 == at) await cancellation.CancelAsync();
            };
            try
            {
                await UploadAsync(server, cancellation.Token).WaitAsync(TimeSpan.FromSeconds(10), Token);
            }
            catch (OperationCanceledException)
            {
            }
            if (count <= at) requests = at;
            (string name, byte[] content) = Assert.Single(server.Files);
            Assert.Equal("dir/name", name);
            Assert.Contains(Encoding.ASCII.GetString(content), (string[])["old", "new"]);
        }
        Assert.InRange(requests, 8, 30);
    }

    [Fact]
    public async Task An_owner_that_the_server_refuses_does_not_keep_the_other_attributes_from_being_set()
    {
        const byte setStat = 9, fSetStat = 10, posixRename = 200;
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        List<byte> requests = [];
        int byName = 0;
        server.Instead = (type, _) =>
        {
            if (type is setStat or fSetStat or 18 or posixRename) requests.Add(type);
            // The request with everything in it is refused, and of the two that follow by name the first, with the owner.
            return type == fSetStat || (type == setStat && byName++ == 0) ? MemorySftpServer.Status(3) : null;
        };
        IReplica replica = server.Host.Open("dir"u8.ToArray());
        await using ITargetFile file = await replica.CreateFileAsync(Path(".name.abcdef"), 0x180, 0, Token);
        AttributeChange change = new() { Permissions = 0x1A4, Mtime = new Timestamp(5, 0), Uid = 7, Gid = 8 };
        ReplicaException? failure = await file.CommitAsync(Path("name"), 0, change, Token);
        Assert.Equal(("chown", ReplicaError.PermissionDenied), (failure!.Operation, failure.Error));
        Assert.Equal([fSetStat, setStat, setStat, 18], requests);
        Assert.True(server.Files.ContainsKey("dir/name"));
    }

    /// <summary>Else the next run would take it for complete: it has the size and the time.</summary>
    [Fact]
    public async Task A_file_changed_where_it_is_gets_no_time_when_a_write_failed()
    {
        const byte write = 6, setStat = 9, fSetStat = 10;
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Files["dir/name"] = "old"u8.ToArray();
        List<byte> requests = [];
        server.Instead = (type, _) =>
        {
            requests.Add(type);
            return type == write ? MemorySftpServer.Status(4) : null;
        };
        await using ITargetFile file = await server.Host.Open("dir"u8.ToArray()).OpenWriteAsync(Path("name"), 0x180, Token);
        await file.WriteAsync(0, "new"u8.ToArray(), Token);
        ReplicaException failure = await Assert.ThrowsAsync<ReplicaException>(
            async () => await file.CommitAsync(Path("name"), 3, new AttributeChange { Mtime = new Timestamp(5, 0) }, Token));
        Assert.Equal("write", failure.Operation);
        Assert.DoesNotContain(requests, type => type is setStat or fSetStat);
    }

    [Fact]
    public async Task A_file_with_the_longest_name_is_replaced_without_posix_rename()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        string name = new('n', 255), temporary = "." + new string('n', 247) + ".abcdef";
        server.Files[name] = "old"u8.ToArray();
        server.Files[temporary] = "new"u8.ToArray();
        await server.Host.Open("."u8.ToArray()).RenameAsync(Path(temporary), Path(name), Token);
        Assert.Equal("new"u8.ToArray(), Assert.Single(server.Files).Value);
    }

    [Fact]
    public async Task A_directory_that_became_a_file_has_not_vanished()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Files["dir/sub"] = [];
        server.Instead = (type, _) => type == OpenDir ? MemorySftpServer.Status(2) : null;
        IReplica replica = server.Host.Open("dir"u8.ToArray());
        Assert.Equal(ReplicaError.NotDirectory, await ErrorOfAsync(replica.ListAsync(Path("sub"), false, Token)));
        Assert.Equal(ReplicaError.NotFound, await ErrorOfAsync(replica.ListAsync(Path("gone"), false, Token)));
    }

    [Fact]
    public async Task A_link_target_longer_than_a_path_can_be_is_that_links_failure()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Instead = (type, _) => type == ReadLink
            ? [104, .. MemorySftpServer.Number(1), .. MemorySftpServer.Text(new string('x', 70_000)), .. MemorySftpServer.Text(""), .. MemorySftpServer.Number(0)]
            : null;
        Assert.Equal(ReplicaError.Other, await ErrorOfAsync(server.Host.Open("dir"u8.ToArray()).ReadLinkAsync(Path("link"), Token)));
    }

    [Fact]
    public async Task A_file_whose_size_the_server_hides_is_not_taken_for_an_empty_one()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Files["dir/file"] = [1];
        server.Instead = (type, _) => type == FStat ? [105, .. MemorySftpServer.Number(0)] : null;
        await using ISourceFile file = await server.Host.Open("dir"u8.ToArray()).OpenReadAsync(Path("file"), Token);
        Assert.Equal(ReplicaError.Other, await ErrorOfAsync(file.StatAsync(Token)));
    }

    /// <summary>Names that differ in their last letters only, as of many a series of files.</summary>
    [Fact]
    public async Task Files_that_wait_for_their_names_replace_others_side_by_side_also_without_posix_rename()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        IReplica replica = server.Host.Open("dir"u8.ToArray());
        string[] names = ["file1", "file2", "file3", "file~"];
        foreach (string name in names) (server.Files["dir/" + name], server.Files["dir/held/" + name]) = ("old"u8.ToArray(), Encoding.ASCII.GetBytes(name));
        await Task.WhenAll(names.Select(name => replica.RenameAsync(Path("held/" + name), Path(name), Token).AsTask()));
        Assert.Equal(names.Select(name => ("dir/" + name, name)), server.Files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => (file.Key, Encoding.ASCII.GetString(file.Value))));
    }

    [Fact]
    public async Task A_move_to_another_file_system_leaves_what_it_was_to_replace()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Files["dir/name"] = "old"u8.ToArray();
        server.Files["tmp/name"] = "new"u8.ToArray();
        server.Instead = (type, path) => type == 18 && path == "tmp/name" ? MemorySftpServer.Status(4) : null;
        ValueTask move = server.Host.Open("tmp"u8.ToArray()).MoveAsync(Path("name"), server.Host.Open("dir"u8.ToArray()), Path("name"), Token);
        await Assert.ThrowsAsync<ReplicaException>(move.AsTask);
        Assert.Equal(["dir/name: old", "tmp/name: new"], server.Files.Select(file => $"{file.Key}: {Encoding.ASCII.GetString(file.Value)}").Order(StringComparer.Ordinal));
    }

    /// <summary>As an older backup may be; it must not go aside, from where nothing brings it back.</summary>
    [Fact]
    public async Task A_directory_is_not_replaced_without_posix_rename()
    {
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        server.Files["dir/name"] = "old"u8.ToArray();
        server.Files["dir/name~"] = [];
        server.Instead = (type, path) => type == 7 && path == "dir/name~" ? [105, .. MemorySftpServer.Number(4), .. MemorySftpServer.Number(0x41ED)] : null;
        Task rename = server.Host.Open("dir"u8.ToArray()).RenameAsync(Path("name"), Path("name~"), Token).AsTask();
        Assert.Equal(ReplicaError.IsDirectory, (await Assert.ThrowsAsync<ReplicaException>(() => rename)).Error);
        Assert.Equal(["dir/name", "dir/name~"], server.Files.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>SFTP v3 has one status for "not empty" and for "a mount point".</summary>
    [Theory]
    [InlineData(true, ReplicaError.NotEmpty)]
    [InlineData(false, ReplicaError.Other)]
    public async Task A_directory_that_cannot_be_removed_is_looked_into(bool hasEntry, ReplicaError expected)
    {
        const byte readDir = 12, rmDir = 15, lStat = 7;
        await using MemorySftpServer server = await MemorySftpServer.StartAsync();
        bool isRead = !hasEntry;
        server.Instead = (type, path) =>
        {
            switch (type)
            {
                case rmDir: return MemorySftpServer.Status(4);
                case OpenDir: return [102, .. MemorySftpServer.Text("handle")];
                case lStat when path == "dir/sub/.": return [105, .. MemorySftpServer.Number(4), .. MemorySftpServer.Number(0x41ED)];
                case readDir when !isRead:
                    isRead = true;
                    return [104, .. MemorySftpServer.Number(1), .. MemorySftpServer.Text("x"), .. MemorySftpServer.Text(""), .. MemorySftpServer.Number(4), .. MemorySftpServer.Number(0x81A4)];
                case readDir: return MemorySftpServer.Status(1);
                default: return null;
            }
        };
        Task removal = server.Host.Open("dir"u8.ToArray()).RemoveDirectoryAsync(Path("sub"), Token).AsTask();
        ReplicaException failure = await Assert.ThrowsAsync<ReplicaException>(() => removal);
        Assert.Equal(("rmdir", expected), (failure.Operation, failure.Error));
    }

    private static async Task UploadAsync(MemorySftpServer server, CancellationToken cancellation)
    {
        IReplica replica = server.Host.Open("dir"u8.ToArray());
        await using ITargetFile file = await replica.CreateFileAsync(Path(".name.abcdef"), 0x180, 3, cancellation);
        await file.WriteAsync(0, "ne"u8.ToArray(), cancellation);
        await file.WriteAsync(2, "w"u8.ToArray(), cancellation);
        await file.CommitAsync(Path("name"), 3, new AttributeChange { Permissions = 0x1A4 }, cancellation);
    }

    private static async Task<ReplicaError> ErrorOfAsync<T>(ValueTask<T> operation) =>
        (await Assert.ThrowsAsync<ReplicaException>(operation.AsTask)).Error;

    private static RelativePath Path(string path) => new(Encoding.Latin1.GetBytes(path));
}
