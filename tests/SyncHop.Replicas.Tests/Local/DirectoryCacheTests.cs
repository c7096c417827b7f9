using System.Globalization;
using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Local;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

public sealed class DirectoryCacheTests : LocalFixture
{
    private const uint Mode755 = 0x1ED;

    [Fact]
    public async Task A_directory_made_anew_is_the_one_that_is_used()
    {
        await Replica.CreateDirectoryAsync(P("a"), Mode755, Cancellation);
        await Replica.CreateDirectoryAsync(P("a/b"), Mode755, Cancellation);
        await WriteAsync(P("a/b/f"), []);
        await Replica.RemoveFileAsync(P("a/b/f"), Cancellation);
        await Replica.RemoveDirectoryAsync(P("a/b"), Cancellation);
        await FailsAsync(ReplicaError.NotFound, () => Replica.CreateFileAsync(P("a/b/f"), 0, 0, Cancellation));
        await Replica.CreateDirectoryAsync(P("a/b"), Mode755, Cancellation);
        await WriteAsync(P("a/b/g"), []);
        Assert.Equal(["g"], await NamesAsync(P("a/b")));
    }

    [Fact]
    public async Task A_renamed_tree_is_found_under_its_new_name_only()
    {
        await Replica.CreateDirectoryAsync(P("a"), Mode755, Cancellation);
        await Replica.CreateDirectoryAsync(P("a/b"), Mode755, Cancellation);
        await Replica.CreateDirectoryAsync(P("ab"), Mode755, Cancellation);
        await WriteAsync(P("a/b/f"), "old"u8.ToArray());
        await WriteAsync(P("ab/f"), "ab"u8.ToArray());
        await Replica.RenameAsync(P("a"), P("c"), Cancellation);
        Assert.False(await ExistsAsync("a/b/f"));
        Assert.Equal("old"u8.ToArray(), await ReadAsync(P("c/b/f")));
        await Replica.RenameAsync(P("ab"), P("a"), Cancellation);
        Assert.Equal("ab"u8.ToArray(), await ReadAsync(P("a/f")));
        Assert.False(await ExistsAsync("a/b/f"));
    }

    [Fact]
    public async Task The_root_need_not_exist_and_is_made()
    {
        using IReplica replica = Host.Open(Encoding.UTF8.GetBytes(InRoot("new")));
        Assert.Null(await replica.StatAsync(RelativePath.Root, false, Cancellation));
        Assert.Null(await replica.StatAsync(P("a"), false, Cancellation));
        await FailsAsync(ReplicaError.NotFound, () => replica.ListAsync(RelativePath.Root, false, Cancellation));
        await replica.CreateDirectoryAsync(RelativePath.Root, Mode755, Cancellation);
        await replica.CreateDirectoryAsync(P("a"), Mode755, Cancellation);
        Assert.True(Directory.Exists(InRoot("new/a")));
        await replica.RemoveDirectoryAsync(P("a"), Cancellation);
        await replica.RemoveDirectoryAsync(RelativePath.Root, Cancellation);
        await replica.CreateDirectoryAsync(RelativePath.Root, Mode755, Cancellation);
        await replica.CreateDirectoryAsync(P("b"), Mode755, Cancellation);
        Assert.Equal([InRoot("new/b")], Directory.GetDirectories(InRoot("new")));
    }

    [Fact]
    public async Task A_link_as_the_root_is_followed()
    {
        File.WriteAllText(Path.Combine(OutsidePath, "file"), "x");
        Directory.CreateSymbolicLink(InRoot("link"), OutsidePath);
        using IReplica replica = Host.Open(Encoding.UTF8.GetBytes(InRoot("link")));
        Assert.Equal(1, (await replica.ListAsync(RelativePath.Root, false, Cancellation)).Count);
        Assert.Equal(FileType.Symlink, (await replica.StatAsync(RelativePath.Root, false, Cancellation))!.Value.Type);
        Assert.Equal(FileType.Directory, (await replica.StatAsync(RelativePath.Root, true, Cancellation))!.Value.Type);
        AttributeChange change = new() { Mtime = new Timestamp(5, 0) };
        Assert.Null(await replica.SetAttributesAsync(RelativePath.Root, FileType.Directory, change, Cancellation));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(5), Directory.GetLastWriteTimeUtc(OutsidePath));
    }

    [Fact]
    public async Task No_descriptor_is_left_open()
    {
        const int directories = 200; // more than are kept
        using (IReplica replica = Host.Open(Encoding.UTF8.GetBytes(RootPath)))
        {
            await replica.CreateDirectoryAsync(P("left-open-test"), Mode755, Cancellation);
            for (int i = 0; i < directories; i++)
            {
                RelativePath d = P(string.Create(CultureInfo.InvariantCulture, $"left-open-test/d{i}"));
                await replica.CreateDirectoryAsync(d, Mode755, Cancellation);
                await using (ITargetFile file = await replica.CreateFileAsync(d.Join("f"u8), 0x180, 0, Cancellation))
                    await file.CommitAsync(d.Join("g"u8), 0, None, Cancellation);
                await using ITargetFile dropped = await replica.CreateFileAsync(d.Join("f"u8), 0x180, 0, Cancellation);
                await using ISourceFile source = await replica.OpenReadAsync(d.Join("g"u8), Cancellation);
                Assert.Equal(1 + 1, (await replica.ListAsync(d, false, Cancellation)).Count);
                await FailsAsync(ReplicaError.IsDirectory, () => replica.OpenReadAsync(d, Cancellation));
            }
            Assert.InRange(CountOpenBelow(RootPath), 1, 65);
        }
        Assert.Equal(0, CountOpenBelow(RootPath));
    }

    [Fact]
    public async Task After_disposal_nothing_is_done()
    {
        Replica.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await Replica.CreateDirectoryAsync(P("a"), Mode755, Cancellation));
        Assert.Empty(Directory.GetFileSystemEntries(RootPath));
    }

    [Fact]
    public async Task Many_threads_share_the_directories_while_they_come_and_go()
    {
        await Parallel.ForAsync(0, 8, Cancellation, async (worker, cancellation) =>
        {
            for (int round = 0; round < 20; round++)
            {
                // Two workers' directories share a name prefix, and together they are more than are kept.
                RelativePath d = P(string.Create(CultureInfo.InvariantCulture, $"w{worker}"));
                await Replica.CreateDirectoryAsync(d, Mode755, cancellation);
                for (int i = 0; i < 10; i++)
                {
                    RelativePath sub = d.Join(Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
                    await Replica.CreateDirectoryAsync(sub, Mode755, cancellation);
                    await WriteAsync(sub.Join("f"u8), [(byte)round]);
                    Assert.Equal([(byte)round], await ReadAsync(sub.Join("f"u8)));
                    await Replica.RemoveFileAsync(sub.Join("f"u8), cancellation);
                    await Replica.RemoveDirectoryAsync(sub, cancellation);
                }
                await Replica.RemoveDirectoryAsync(d, cancellation);
            }
        });
        Assert.Empty(await NamesAsync(RelativePath.Root));
    }

    [Fact]
    public void A_descriptor_opened_before_a_change_is_not_kept()
    {
        byte[] root = [.. Encoding.UTF8.GetBytes(RootPath), 0];
        using DirectoryCache cache = new(root);
        long stamp = cache.Stamp;
        Assert.Equal(Errno.None, Descriptor.Open(Descriptor.WorkingDirectory, in root[0], Linux.O_PATH, 0, out Descriptor? opened));
        cache.Forget("a/b"u8);
        cache.Offer("a/b"u8, opened, stamp);
        Assert.True(opened.IsClosed);
        Assert.Equal(Errno.ENOENT, cache.Acquire("a/b"u8, out _));
    }

    private static int CountOpenBelow(string path)
    {
        int count = 0;
        foreach (string link in Directory.GetFileSystemEntries("/proc/self/fd"))
        {
            // null: closed since by another test.
            string? target = null;
            try
            {
                target = new FileInfo(link).LinkTarget;
            }
            catch (IOException)
            {
                continue;
            }
            if (target is not null && target.StartsWith(path, StringComparison.Ordinal)) count++;
        }
        return count;
    }
}
