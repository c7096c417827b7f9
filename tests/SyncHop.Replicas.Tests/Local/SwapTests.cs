using System.Runtime.Versioning;
using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Local;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

/// <summary>Someone puts a symlink that leads outside where a directory or file was; nothing outside may be touched.</summary>
[SupportedOSPlatform("linux")]
public sealed class SwapTests : LocalFixture
{
    private const uint Mode755 = 0x1ED;
    private const uint Mode600 = 0x180;

    private string Secret => Path.Combine(OutsidePath, "file");

    [Fact]
    public async Task A_directory_swapped_before_it_was_used_is_not_followed()
    {
        PutSecretOutside();
        Directory.CreateSymbolicLink(InRoot("d"), OutsidePath);

        await FailsAsync(ReplicaError.NotDirectory, () => Replica.ListAsync(P("d"), true, Cancellation));
        await EveryOperationFailsAsync("d");
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.RemoveDirectoryAsync(P("d"), Cancellation));
        AssertOutsideUntouched();
    }

    [Fact]
    public async Task A_link_in_the_middle_of_a_path_is_not_followed()
    {
        PutSecretOutside();
        Directory.CreateDirectory(InRoot("a/b"));
        Directory.CreateSymbolicLink(InRoot("a/b/d"), Path.GetDirectoryName(OutsidePath)!);

        await FailsAsync(ReplicaError.NotDirectory, () => Replica.ListAsync(P("a/b/d/outside"), true, Cancellation));
        await EveryOperationFailsAsync("a/b/d/outside");
        AssertOutsideUntouched();
    }

    [Fact]
    public async Task A_directory_swapped_after_it_was_listed_is_not_followed()
    {
        PutSecretOutside();
        Directory.CreateDirectory(InRoot("d"));
        File.WriteAllText(InRoot("d/file"), "inside");
        await Replica.ListAsync(P("d"), true, Cancellation);
        Directory.Move(InRoot("d"), InRoot("moved"));
        Directory.CreateSymbolicLink(InRoot("d"), OutsidePath);

        // The descriptor is still that of the directory that was listed, wherever it is now.
        AttributeChange change = new() { Permissions = 0x100, Mtime = new Timestamp(1, 0) };
        Assert.Null(await Replica.SetAttributesAsync(P("d/file"), FileType.Regular, change, Cancellation));
        Assert.Equal("inside"u8.ToArray(), await ReadAsync(P("d/file")));
        await WriteAsync(P("d/new"), "new"u8.ToArray());
        await Replica.RemoveFileAsync(P("d/file"), Cancellation);
        Assert.Equal(["new"], await NamesAsync(P("moved")));
        AssertOutsideUntouched();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_root_is_not_reached_by_a_link_that_came_later(bool followsOthers)
    {
        PutSecretOutside();
        Directory.CreateDirectory(InRoot("d"));
        Directory.CreateSymbolicLink(InRoot("before"), OutsidePath);
        Directory.CreateSymbolicLink(InRoot("elsewhere"), OutsidePath);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        // The file system's clock is up to a tick of the kernel's behind.
        await Task.Delay(50, Cancellation);
        Directory.CreateSymbolicLink(InRoot("after"), OutsidePath);
        Directory.Move(InRoot("elsewhere"), InRoot("moved"));
        Directory.CreateSymbolicLink(InRoot("chain"), "before");
        LocalHost guarded = new LocalHost().Guarded(followsOthers, now);

        foreach (string name in new[] { "d", "before" })
        {
            using IReplica tree = guarded.Open(Encoding.UTF8.GetBytes(InRoot(name)));
            Assert.True((await tree.StatAsync(RelativePath.Root, followLink: true, Cancellation))!.Value.IsDirectory);
            Assert.Equal(name == "d" ? 0 : 2, (await tree.ListAsync(RelativePath.Root, false, Cancellation)).Count);
        }
        foreach (string name in new[] { "after", "moved", "chain", "moved/." })
        {
            using IReplica tree = guarded.Open(Encoding.UTF8.GetBytes(InRoot(name)));
            await FailsAsync(ReplicaError.Other, () => tree.StatAsync(RelativePath.Root, followLink: true, Cancellation));
            await FailsAsync(ReplicaError.Other, () => tree.ListAsync(RelativePath.Root, false, Cancellation));
            await FailsAsync(ReplicaError.Other, () => tree.OpenReadAsync(P("file"), Cancellation));
        }
        // Those of the kernel are as old as the first look at them.
        using IReplica process = guarded.Open("/proc/self/task"u8.ToArray());
        Assert.NotNull(await process.StatAsync(RelativePath.Root, followLink: true, Cancellation));
    }

    [Theory]
    [InlineData(0, Errno.LateLink)]
    [InlineData(-3600, Errno.None)]
    public void A_link_from_the_future_says_nothing_about_when_it_came(int clockIsAhead, int expected)
    {
        DateTimeOffset begun = DateTimeOffset.UtcNow.AddHours(-2);
        Directory.CreateSymbolicLink(InRoot("link"), OutsidePath);
        LinkGuard guard = new() { Latest = begun, Clock = new ShiftedClock(TimeSpan.FromSeconds(clockIsAhead)) };
        Assert.Equal(expected, TrustedPath.Locate(Encoding.UTF8.GetBytes(InRoot("link")), followsLast: true, guard, keepsMagic: false, out Descriptor? directory, out _));
        directory?.Dispose();
    }

    private sealed class ShiftedClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }

    [Fact]
    public async Task A_directory_swapped_during_a_write_does_not_move_the_file_out()
    {
        PutSecretOutside();
        Directory.CreateDirectory(InRoot("d"));
        await using (ITargetFile file = await Replica.CreateFileAsync(P("d/.tmp"), Mode600, 0, Cancellation))
        {
            Directory.Move(InRoot("d"), InRoot("moved"));
            Directory.CreateSymbolicLink(InRoot("d"), OutsidePath);
            await file.WriteAsync(0, "evil"u8.ToArray(), Cancellation);
            Assert.Null(await file.CommitAsync(P("d/file"), 4, None, Cancellation));
        }
        Assert.Equal("evil", File.ReadAllText(InRoot("moved/file")));
        AssertOutsideUntouched();
    }

    [Fact]
    public async Task A_file_swapped_for_a_link_is_not_followed()
    {
        PutSecretOutside();
        File.CreateSymbolicLink(InRoot("file"), Secret);
        AttributeChange change = new() { Permissions = 0x1FF, Mtime = new Timestamp(1, 0) };

        ReplicaException? failure = await Replica.SetAttributesAsync(P("file"), FileType.Regular, change, Cancellation);
        Assert.Equal((ReplicaError.NotSupported, "chmod"), (failure!.Error, failure.Operation));
        Assert.Equal(1, (await StatAsync("file")).MtimeSeconds); // the link's own; the rest was still tried
        await FailsAsync(ReplicaError.Other, () => Replica.OpenReadAsync(P("file"), Cancellation));
        await WriteAsync(P("file"), "new"u8.ToArray());
        Assert.Equal(FileType.Regular, (await StatAsync("file")).Type);
        AssertOutsideUntouched();
    }

    [Fact]
    public void Where_fchmodat2_is_missing_a_link_is_not_followed_either()
    {
        PutSecretOutside();
        File.CreateSymbolicLink(InRoot("link"), Secret);
        File.WriteAllText(InRoot("file"), "");
        using Descriptor root = OpenRoot();

        Assert.Equal(Errno.EOPNOTSUPP, EntryAttributes.ChangeModeByDescriptor(root, in "link\0"u8[0], 0x1FF));
        Assert.Equal(Errno.ENOENT, EntryAttributes.ChangeModeByDescriptor(root, in "none\0"u8[0], 0x1FF));
        Assert.Equal(Errno.None, EntryAttributes.ChangeModeByDescriptor(root, in "file\0"u8[0], 0x949));
        Assert.Equal((UnixFileMode)0x949, File.GetUnixFileMode(InRoot("file")));
        AssertOutsideUntouched();
    }

    [Fact]
    public void Where_openat2_is_missing_a_link_is_not_followed_either()
    {
        Directory.CreateDirectory(InRoot("a/b"));
        Directory.CreateSymbolicLink(InRoot("a/link"), "b");
        using Descriptor root = OpenRoot();

        Assert.Equal(Errno.None, DirectoryResolver.OpenStepwise(root, "a/b"u8, out Descriptor? opened));
        opened.Dispose();
        Assert.Equal(Errno.ENOTDIR, DirectoryResolver.OpenStepwise(root, "a/link"u8, out _));
        Assert.Equal(Errno.ENOENT, DirectoryResolver.OpenStepwise(root, "a/none/b"u8, out _));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../outside/file")]
    [InlineData("d/../../outside/file")]
    [InlineData("d/..")]
    [InlineData("d//file")]
    [InlineData("/etc/passwd")]
    [InlineData("d/.")]
    [InlineData("nul\0byte")]
    public async Task A_path_that_is_no_path_below_the_root_is_refused(string path)
    {
        PutSecretOutside();
        Directory.CreateDirectory(InRoot("d"));
        ReplicaException failure = await FailsAsync(ReplicaError.Other, () => Replica.OpenReadAsync(P(path), Cancellation));
        Assert.Equal("Invalid argument (22)", failure.Reason);
        await FailsAsync(ReplicaError.Other, () => Replica.RemoveFileAsync(P(path), Cancellation));
        AssertOutsideUntouched();
    }

    private async Task EveryOperationFailsAsync(string d)
    {
        RelativePath file = P(d + "/file");
        RelativePath fresh = P(d + "/new");
        AttributeChange change = new() { Permissions = 0, Mtime = new Timestamp(1, 0) };
        File.WriteAllText(InRoot("mine"), "");

        Assert.Null(await Replica.StatAsync(file, false, Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.OpenReadAsync(file, Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.ReadLinkAsync(file, Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.CreateFileAsync(fresh, Mode600, 0, Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.CreateDirectoryAsync(fresh, Mode755, Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.CreateSymlinkAsync(fresh, "x"u8.ToArray(), Cancellation));
        await FailsAsync(
            ReplicaError.NotDirectory, () => Replica.CreateSpecialAsync(fresh, FileType.Fifo, Mode600, 0, Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.RemoveFileAsync(file, Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.RemoveDirectoryAsync(P(d + "/sub"), Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.RenameAsync(file, P("stolen"), Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.RenameAsync(P("mine"), fresh, Cancellation));
        await FailsAsync(
            ReplicaError.NotDirectory, () => Replica.SetAttributesAsync(file, FileType.Regular, change, Cancellation));
        await using ITargetFile written = await Replica.CreateFileAsync(P("tmp"), Mode600, 0, Cancellation);
        await FailsAsync(ReplicaError.NotDirectory, () => written.CommitAsync(file, 0, change, Cancellation));
    }

    private void PutSecretOutside()
    {
        File.WriteAllText(Secret, "secret");
        File.SetUnixFileMode(Secret, (UnixFileMode)Mode600);
        File.SetLastWriteTimeUtc(Secret, DateTime.UnixEpoch.AddDays(1));
        Directory.CreateDirectory(Path.Combine(OutsidePath, "sub"));
    }

    private void AssertOutsideUntouched()
    {
        Assert.Equal([Secret], Directory.GetFiles(OutsidePath));
        Assert.Equal([Path.Combine(OutsidePath, "sub")], Directory.GetDirectories(OutsidePath));
        Assert.Equal("secret", File.ReadAllText(Secret));
        Assert.Equal((UnixFileMode)Mode600, File.GetUnixFileMode(Secret));
        Assert.Equal(DateTime.UnixEpoch.AddDays(1), File.GetLastWriteTimeUtc(Secret));
    }

    private Descriptor OpenRoot()
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(RootPath), 0];
        Assert.Equal(Errno.None, Descriptor.Open(Descriptor.WorkingDirectory, in path[0], Linux.O_PATH, 0, out Descriptor? root));
        return root;
    }
}
