using System.Runtime.Versioning;
using System.Text;
using SyncHop.Engine.Contract;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

[SupportedOSPlatform("linux")]
public sealed class FailureTests : LocalFixture
{
    private const uint Mode755 = 0x1ED;

    [Fact]
    public void An_ordinary_user_is_told_what_is_not_permitted()
    {
        OpenToEveryone();
        Directory.CreateDirectory(InRoot("closed"));
        File.WriteAllText(InRoot("closed/file"), "");
        File.WriteAllText(InRoot("file"), "");
        File.SetUnixFileMode(InRoot("file"), UnixFileMode.None);
        File.SetUnixFileMode(InRoot("closed"), UnixFileMode.None);
        ThreadPrivileges.RunAsOrdinaryUser(async () =>
        {
            ReplicaException failure = await FailsAsync(
                ReplicaError.PermissionDenied, () => Replica.ListAsync(P("closed"), false, Cancellation));
            Assert.Equal(("opendir", "Permission denied (13)"), (failure.Operation, failure.Reason));
            await FailsAsync(ReplicaError.PermissionDenied, () => Replica.OpenReadAsync(P("file"), Cancellation));
            await FailsAsync(ReplicaError.PermissionDenied, () => Replica.StatAsync(P("closed/file"), false, Cancellation));
            await FailsAsync(ReplicaError.PermissionDenied, () => Replica.CreateFileAsync(P("closed/x"), 0, 0, Cancellation));
            await FailsAsync(ReplicaError.PermissionDenied, () => Replica.CreateDirectoryAsync(P("closed/x"), 0, Cancellation));
            await FailsAsync(ReplicaError.PermissionDenied, () => Replica.RemoveFileAsync(P("closed/file"), Cancellation));
            await FailsAsync(
                ReplicaError.PermissionDenied, () => Replica.CreateSpecialAsync(P("null"), FileType.CharacterDevice, 0x180, 0x103, Cancellation));
        });
        File.SetUnixFileMode(InRoot("closed"), World);
    }

    [Fact]
    public void Entries_that_cannot_be_looked_at_are_problems_of_the_list()
    {
        OpenToEveryone();
        Directory.CreateDirectory(InRoot("d"));
        File.WriteAllText(InRoot("d/file"), "");
        File.SetUnixFileMode(InRoot("d"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        ThreadPrivileges.RunAsOrdinaryUser(async () =>
        {
            FileList list = await Replica.ListAsync(P("d"), false, Cancellation);
            Assert.Equal(0, list.Count);
            ListProblem problem = Assert.Single(list.Problems);
            Assert.Equal("file"u8.ToArray(), problem.Name);
            Assert.Equal(
                (ReplicaError.PermissionDenied, "readlink_stat"), (problem.Failure.Error, problem.Failure.Operation));
        });
        File.SetUnixFileMode(InRoot("d"), World);
    }

    [Fact]
    public void What_cannot_be_set_does_not_keep_the_rest_from_being_set()
    {
        OpenToEveryone();
        ThreadPrivileges.RunAsOrdinaryUser(async () =>
        {
            AttributeChange change = new() { Uid = 1, Gid = 1, Permissions = 0x1C1, Mtime = new Timestamp(33, 44) };
            await using (ITargetFile file = await Replica.CreateFileAsync(P(".tmp"), 0x180, 0, Cancellation))
            {
                ReplicaException? failure = await file.CommitAsync(P("file"), 0, change, Cancellation);
                Assert.Equal((ReplicaError.PermissionDenied, "chown", "Operation not permitted (1)"),
                    (failure!.Error, failure.Operation, failure.Reason));
            }
            FileStat stat = await StatAsync("file");
            Assert.Equal((0x1C1u, 33L, 44), (stat.Permissions, stat.MtimeSeconds, stat.MtimeNanoseconds));

            ReplicaException? again = await Replica.SetAttributesAsync(
                P("file"), FileType.Regular, change with { Permissions = 0x180, Mtime = new Timestamp(5, 6) }, Cancellation);
            Assert.Equal("chown", again!.Operation);
            stat = await StatAsync("file");
            Assert.Equal((0x180u, 5L, 6), (stat.Permissions, stat.MtimeSeconds, stat.MtimeNanoseconds));
        });
    }

    [Fact]
    public void A_full_disk_keeps_the_old_file_and_leaves_no_temporary_one() => ThreadPrivileges.RunWithSmallFileSystem(RootPath, async () =>
    {
        using IReplica replica = Host.Open(Encoding.UTF8.GetBytes(RootPath));
        await using (ITargetFile old = await replica.CreateFileAsync(P(".tmp"), 0x180, 3, Cancellation))
        {
            await old.WriteAsync(0, "old"u8.ToArray(), Cancellation);
            await old.CommitAsync(P("file"), 3, None, Cancellation);
        }
        await using (ITargetFile file = await replica.CreateFileAsync(P(".tmp"), 0x180, 1 << 20, Cancellation))
        {
            ReplicaException failure = await FailsAsync(
                ReplicaError.Other, () => file.WriteAsync(0, new byte[1 << 20], Cancellation));
            Assert.Equal(("write", "No space left on device (28)"), (failure.Operation, failure.Reason));
            ReplicaException later = await FailsAsync(ReplicaError.Other, () => file.CommitAsync(P("file"), 1 << 20, None, Cancellation));
            Assert.Same(failure, later);
        }
        Assert.Equal(["file"], Directory.GetFileSystemEntries(RootPath).Select(Path.GetFileName));
        Assert.Equal(3, (await replica.StatAsync(P("file"), false, Cancellation))!.Value.Size);
    });

    [Fact]
    public async Task Entries_that_vanish_while_listing_are_problems_and_nothing_else()
    {
        using CancellationTokenSource done = new(TimeSpan.FromSeconds(1));
        int lists = 0;
        Task churn = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                for (int i = 0; i < 200; i++) File.WriteAllBytes(InRoot($"f{i}"), []);
                for (int i = 0; i < 200; i++) File.Delete(InRoot($"f{i}"));
            }
        }, Cancellation);
        while (!done.IsCancellationRequested)
        {
            FileList list = await Replica.ListAsync(RelativePath.Root, true, Cancellation);
            Assert.All(list.Problems, problem => Assert.Equal(ReplicaError.NotFound, problem.Failure.Error));
            lists++;
        }
        await churn;
        Assert.True(lists > 0);
    }

    [Fact]
    public async Task What_is_no_directory_cannot_be_listed()
    {
        await WriteAsync(P("file"), []);
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.ListAsync(P("file"), false, Cancellation));
        await FailsAsync(ReplicaError.NotDirectory, () => Replica.ListAsync(P("file/x"), false, Cancellation));
        await FailsAsync(ReplicaError.NotFound, () => Replica.ListAsync(P("none"), false, Cancellation));
        Assert.Null(await Replica.StatAsync(P("file/x"), false, Cancellation));
        Assert.Null(await Replica.StatAsync(P("none/x"), false, Cancellation));
    }

    [Fact]
    public async Task A_hundred_thousand_entries_are_listed()
    {
        const int count = 100_000;
        for (int i = 0; i < count; i++)
            await Replica.CreateSpecialAsync(P($"entry-{i:D6}"), FileType.Fifo, Mode755, 0, Cancellation);
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        FileList list = await Replica.ListAsync(RelativePath.Root, true, Cancellation);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;

        Assert.Equal(count, list.Count);
        HashSet<string> names = [];
        for (int i = 0; i < count; i++) names.Add(Encoding.UTF8.GetString(list.NameOf(list.Entries[i])));
        Assert.Equal(count, names.Count);
        // The list's own arrays as they grow: about 88 bytes an entry, doubled, twice. Nothing else for each entry.
        Assert.InRange(allocated, 0, 500L * count);
    }
}
