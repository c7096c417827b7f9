using System.Text;
using SyncHop.Engine.Contract;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

public sealed class OperationTests : LocalFixture
{
    private const uint Mode755 = 0x1ED;
    private const uint Mode644 = 0x1A4;
    private const uint Setuid = 0x800;

    [Fact]
    public async Task A_written_file_has_its_content_and_attributes()
    {
        AttributeChange change = new() { Permissions = Setuid | Mode755, Mtime = new Timestamp(-5, 123_456_789) };
        await WriteAsync(P("file"), "content"u8.ToArray(), change);

        FileStat stat = await StatAsync("file");
        Assert.Equal(FileType.Regular, stat.Type);
        Assert.Equal(7, stat.Size);
        Assert.Equal(Setuid | Mode755, stat.Permissions);
        Assert.Equal((-5, 123_456_789), (stat.MtimeSeconds, stat.MtimeNanoseconds));
        Assert.Equal("content"u8.ToArray(), await ReadAsync(P("file")));
        Assert.Equal(["file"], await NamesAsync(RelativePath.Root));
    }

    [Fact]
    public async Task A_commit_replaces_the_file_in_one_step()
    {
        await WriteAsync(P("file"), "old"u8.ToArray());
        await using ISourceFile reader = await Replica.OpenReadAsync(P("file"), Cancellation);
        await WriteAsync(P("file"), "newer"u8.ToArray());

        byte[] old = new byte[10];
        Assert.Equal(3, await reader.ReadAsync(0, old, Cancellation));
        Assert.Equal("newer"u8.ToArray(), await ReadAsync(P("file")));
    }

    [Fact]
    public async Task A_commit_may_rename_into_another_directory()
    {
        await Replica.CreateDirectoryAsync(P("d"), Mode755, Cancellation);
        await using ITargetFile file = await Replica.CreateFileAsync(P("tmp"), Mode644, 0, Cancellation);
        Assert.Null(await file.CommitAsync(P("d/file"), 0, None, Cancellation));
        Assert.Equal(["file"], await NamesAsync(P("d")));
        Assert.Equal(["d"], await NamesAsync(RelativePath.Root));
    }

    [Fact]
    public async Task Without_a_commit_the_temporary_file_is_removed()
    {
        ITargetFile file = await Replica.CreateFileAsync(P("tmp"), Mode644, 0, Cancellation);
        await file.WriteAsync(0, "x"u8.ToArray(), Cancellation);
        Assert.True(await ExistsAsync("tmp"));
        await file.DisposeAsync();
        await file.DisposeAsync();
        Assert.False(await ExistsAsync("tmp"));
    }

    [Fact]
    public async Task A_failed_rename_leaves_the_target_and_no_temporary_file()
    {
        await Replica.CreateDirectoryAsync(P("d"), Mode755, Cancellation);
        await using (ITargetFile file = await Replica.CreateFileAsync(P("tmp"), Mode644, 0, Cancellation))
        {
            ReplicaException failure = await FailsAsync(
                ReplicaError.IsDirectory, () => file.CommitAsync(P("d"), 0, None, Cancellation));
            Assert.Equal("rename", failure.Operation);
            Assert.Equal("Is a directory (21)", failure.Reason);
        }
        Assert.Equal(["d"], await NamesAsync(RelativePath.Root));
    }

    [Fact]
    public async Task The_temporary_name_must_be_free()
    {
        File.CreateSymbolicLink(InRoot("tmp"), Path.Combine(OutsidePath, "x"));
        await FailsAsync(ReplicaError.Exists, () => Replica.CreateFileAsync(P("tmp"), Mode644, 0, Cancellation));
        Assert.Empty(Directory.GetFileSystemEntries(OutsidePath));
    }

    [Fact]
    public async Task Writes_at_offsets_may_overlap_in_time()
    {
        const int blockLength = 100_003;
        byte[] content = new byte[40 * blockLength];
        new Random(1).NextBytes(content);
        await using (ITargetFile file = await Replica.CreateFileAsync(P("tmp"), Mode644, content.Length, Cancellation))
        {
            await Parallel.ForAsync(0, 40, Cancellation, (i, cancellation) =>
                file.WriteAsync((long)i * blockLength, content.AsMemory(i * blockLength, blockLength), cancellation));
            Assert.Null(await file.CommitAsync(P("file"), content.Length, None, Cancellation));
        }
        Assert.Equal(content, await ReadAsync(P("file")));
    }

    [Fact]
    public async Task A_read_is_short_only_at_the_end()
    {
        await WriteAsync(P("file"), "0123456789"u8.ToArray());
        await using ISourceFile file = await Replica.OpenReadAsync(P("file"), Cancellation);
        byte[] buffer = new byte[6];
        Assert.Equal(6, await file.ReadAsync(2, buffer, Cancellation));
        Assert.Equal("234567"u8.ToArray(), buffer);
        Assert.Equal(2, await file.ReadAsync(8, buffer, Cancellation));
        Assert.Equal(0, await file.ReadAsync(10, buffer, Cancellation));
    }

    [Fact]
    public async Task Only_regular_files_are_opened_for_reading()
    {
        await Replica.CreateSpecialAsync(P("fifo"), FileType.Fifo, Mode644, 0, Cancellation);
        await Replica.CreateDirectoryAsync(P("d"), Mode755, Cancellation);
        File.WriteAllText(Path.Combine(OutsidePath, "secret"), "secret");
        await Replica.CreateSymlinkAsync(P("link"), Encoding.UTF8.GetBytes(Path.Combine(OutsidePath, "secret")), Cancellation);

        ReplicaException fifo = await FailsAsync(ReplicaError.Other, () => Replica.OpenReadAsync(P("fifo"), Cancellation));
        Assert.Equal("not a regular file", fifo.Reason);
        await FailsAsync(ReplicaError.IsDirectory, () => Replica.OpenReadAsync(P("d"), Cancellation));
        await FailsAsync(ReplicaError.Other, () => Replica.OpenReadAsync(P("link"), Cancellation));
        await FailsAsync(ReplicaError.NotFound, () => Replica.OpenReadAsync(P("none"), Cancellation));
    }

    [Fact]
    public async Task Directories_are_made_and_removed()
    {
        await Replica.CreateDirectoryAsync(P("a"), Mode755, Cancellation);
        await Replica.CreateDirectoryAsync(P("a/b"), 0x1C0, Cancellation);
        Assert.Equal(0x1C0u, (await StatAsync("a/b")).Permissions);

        await FailsAsync(ReplicaError.Exists, () => Replica.CreateDirectoryAsync(P("a"), Mode755, Cancellation));
        await FailsAsync(ReplicaError.NotFound, () => Replica.CreateDirectoryAsync(P("none/b"), Mode755, Cancellation));
        await FailsAsync(ReplicaError.NotEmpty, () => Replica.RemoveDirectoryAsync(P("a"), Cancellation));
        await FailsAsync(ReplicaError.IsDirectory, () => Replica.RemoveFileAsync(P("a"), Cancellation));
        await Replica.RemoveDirectoryAsync(P("a/b"), Cancellation);
        await Replica.RemoveDirectoryAsync(P("a"), Cancellation);
        await FailsAsync(ReplicaError.NotFound, () => Replica.RemoveDirectoryAsync(P("a"), Cancellation));
        Assert.Empty(await NamesAsync(RelativePath.Root));
    }

    [Fact]
    public async Task Symlinks_are_made_listed_and_read()
    {
        byte[] target = [.. "../\n"u8, 0xFF];
        await Replica.CreateSymlinkAsync(P("link"), target, Cancellation);

        Assert.Equal(target, await Replica.ReadLinkAsync(P("link"), Cancellation));
        FileList with = await Replica.ListAsync(RelativePath.Root, linkTargets: true, Cancellation);
        Assert.Equal(target, with.TargetOf(with.Entries[0]).ToArray());
        FileList without = await Replica.ListAsync(RelativePath.Root, linkTargets: false, Cancellation);
        Assert.True(without.TargetOf(without.Entries[0]).IsEmpty);
        Assert.Equal(FileType.Symlink, without.Entries[0].Stat.Type);
        await FailsAsync(ReplicaError.Exists, () => Replica.CreateSymlinkAsync(P("link"), target, Cancellation));
    }

    [Fact]
    public async Task A_link_is_followed_only_when_asked()
    {
        await WriteAsync(P("file"), "12345"u8.ToArray());
        await Replica.CreateSymlinkAsync(P("link"), "file"u8.ToArray(), Cancellation);
        Assert.Equal(FileType.Symlink, (await StatAsync("link")).Type);
        FileStat? followed = await Replica.StatAsync(P("link"), followLink: true, Cancellation);
        Assert.Equal((FileType.Regular, 5L), (followed!.Value.Type, followed.Value.Size));
    }

    [Fact]
    public async Task A_symlink_takes_a_time_of_its_own()
    {
        await WriteAsync(P("file"), [], new AttributeChange { Mtime = new Timestamp(1000, 1), Permissions = Mode644 });
        await Replica.CreateSymlinkAsync(P("link"), "file"u8.ToArray(), Cancellation);
        AttributeChange change = new() { Mtime = new Timestamp(77, 88), Permissions = 0x1FF, Gid = (await StatAsync("file")).Gid };
        Assert.Null(await Replica.SetAttributesAsync(P("link"), FileType.Symlink, change, Cancellation));

        FileStat link = await StatAsync("link");
        Assert.Equal((77, 88), (link.MtimeSeconds, link.MtimeNanoseconds));
        FileStat file = await StatAsync("file");
        Assert.Equal((1000, Mode644), (file.MtimeSeconds, file.Permissions));
    }

    [Fact]
    public async Task Pipes_sockets_and_devices_are_made()
    {
        await Replica.CreateSpecialAsync(P("fifo"), FileType.Fifo, 0x180, 0, Cancellation);
        await Replica.CreateSpecialAsync(P("socket"), FileType.Socket, 0x180, 0, Cancellation);
        Assert.Equal((FileType.Fifo, 0x180u), ((await StatAsync("fifo")).Type, (await StatAsync("fifo")).Permissions));
        Assert.Equal(FileType.Socket, (await StatAsync("socket")).Type);
        await FailsAsync(ReplicaError.Other, () => Replica.CreateSpecialAsync(P("x"), FileType.Regular, 0, 0, Cancellation));

        Assert.SkipUnless(Host.Identities.IsSuperuser, "device nodes are for the superuser");
        const ulong rdev = 0x12300467; // makedev(4, 0x12367)
        await Replica.CreateSpecialAsync(P("device"), FileType.CharacterDevice, 0x180, rdev, Cancellation);
        Assert.Equal((FileType.CharacterDevice, rdev), ((await StatAsync("device")).Type, (await StatAsync("device")).Rdev));
    }

    [Fact]
    public async Task A_rename_replaces_and_keeps_what_it_moves()
    {
        await WriteAsync(P("a"), "a"u8.ToArray());
        await WriteAsync(P("b"), "b"u8.ToArray());
        await Replica.RenameAsync(P("a"), P("b"), Cancellation);
        Assert.Equal("a"u8.ToArray(), await ReadAsync(P("b")));
        Assert.Equal(["b"], await NamesAsync(RelativePath.Root));
        await FailsAsync(ReplicaError.NotFound, () => Replica.RenameAsync(P("a"), P("b"), Cancellation));
    }

    [Fact]
    public async Task All_attributes_that_can_be_set_are_set()
    {
        Assert.SkipUnless(Host.Identities.IsSuperuser, "only the superuser gives files away");
        await WriteAsync(P("file"), []);
        AttributeChange change = new() { Uid = 1234, Gid = 5678, Permissions = Setuid | Mode755, Mtime = new Timestamp(9, 0) };
        Assert.Null(await Replica.SetAttributesAsync(P("file"), FileType.Regular, change, Cancellation));
        FileStat stat = await StatAsync("file");
        Assert.Equal((1234u, 5678u, Setuid | Mode755, 9L), (stat.Uid, stat.Gid, stat.Permissions, stat.MtimeSeconds));

        await WriteAsync(P("file2"), [], change);
        stat = await StatAsync("file2");
        Assert.Equal((1234u, 5678u, Setuid | Mode755, 9L), (stat.Uid, stat.Gid, stat.Permissions, stat.MtimeSeconds));
    }

    [Fact]
    public async Task The_root_takes_attributes()
    {
        AttributeChange change = new() { Permissions = 0x1C0, Mtime = new Timestamp(42, 7) };
        Assert.Null(await Replica.SetAttributesAsync(RelativePath.Root, FileType.Directory, change, Cancellation));
        FileStat stat = await StatAsync("");
        Assert.Equal((0x1C0u, 42L), (stat.Permissions, stat.MtimeSeconds));
    }

    [Fact]
    public async Task Cancelled_operations_do_nothing()
    {
        CancellationToken cancelled = new(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Replica.CreateDirectoryAsync(P("a"), Mode755, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Replica.ListAsync(RelativePath.Root, false, cancelled));
        Assert.Empty(await NamesAsync(RelativePath.Root));
    }
}
