using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Local;
using Xunit;

namespace SyncHop.Replicas.Tests.Local;

/// <summary>Trees in which symlinks are followed: what is read may be anywhere, what is changed stays in the tree.</summary>
public sealed class FollowedLinkTests : LocalFixture
{
    private const uint Mode600 = 0x180;

    private string Secret => Path.Combine(OutsidePath, "file");

    private void PutSecretOutside() => File.WriteAllText(Secret, "secret");

    private LocalReplica Open(LinkFollowing follows) => (LocalReplica)Host.Open(Encoding.UTF8.GetBytes(RootPath), follows);

    private static async Task<ReplicaException> FailureOfAsync(Func<Task> operation) => await Assert.ThrowsAsync<ReplicaException>(operation);

    private static async Task PutAsync(LocalReplica tree, string path, string content)
    {
        await using ITargetFile file = await tree.CreateFileAsync(P(path), Mode600, 0, Cancellation);
        await file.WriteAsync(0, Encoding.UTF8.GetBytes(content), Cancellation);
        Assert.Null(await file.CommitAsync(P(path), content.Length, None, Cancellation));
    }

    [Fact]
    public async Task Keep_dirlinks_writes_through_a_link_that_stays_in_the_tree()
    {
        Directory.CreateDirectory(InRoot("real/deep"));
        Directory.CreateDirectory(InRoot("k"));
        Directory.CreateSymbolicLink(InRoot("k/link"), "../real/deep");
        using LocalReplica tree = Open(LinkFollowing.Beneath);

        Assert.True((await tree.StatAsync(P("k/link"), followLink: true, Cancellation))!.Value.IsDirectory);
        await PutAsync(tree, "k/link/f", "1");
        await tree.CreateDirectoryAsync(P("k/link/sub"), 0x1FF, Cancellation);
        Assert.Equal(2, (await tree.ListAsync(P("k/link"), linkTargets: false, Cancellation)).Count);
        Assert.Null(await tree.SetAttributesAsync(P("k/link"), FileType.Directory, new AttributeChange { Mtime = new Timestamp(7, 0) }, Cancellation));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(7), Directory.GetLastWriteTimeUtc(InRoot("real/deep")));
        Assert.Equal("1", File.ReadAllText(InRoot("real/deep/f")));
        Assert.NotNull(new FileInfo(InRoot("k/link")).LinkTarget);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("k/../../outside")]
    [InlineData("/ABSOLUTE")]
    public async Task Keep_dirlinks_refuses_a_link_that_leads_out_CVE_2026_53785(string target)
    {
        PutSecretOutside();
        Directory.CreateDirectory(InRoot("k"));
        Directory.CreateSymbolicLink(InRoot("link"), target == "/ABSOLUTE" ? InRoot("k") : target);
        using LocalReplica tree = Open(LinkFollowing.Beneath);

        Assert.Contains("(40)", (await FailureOfAsync(() => tree.StatAsync(P("link"), followLink: true, Cancellation).AsTask())).Reason);
        await FailureOfAsync(() => tree.ListAsync(P("link"), linkTargets: false, Cancellation).AsTask());
        await FailureOfAsync(() => PutAsync(tree, "link/f", "evil"));
        await FailureOfAsync(() => tree.CreateDirectoryAsync(P("link/d"), Mode600, Cancellation).AsTask());
        await FailureOfAsync(() => tree.RemoveFileAsync(P("link/file"), Cancellation).AsTask());
        await FailureOfAsync(() => tree.SetAttributesAsync(P("link"), FileType.Directory, new AttributeChange { Permissions = 0 }, Cancellation).AsTask());
        Assert.Equal("secret", File.ReadAllText(Secret));
        Assert.Single(Directory.GetFileSystemEntries(OutsidePath));
    }

    [Fact]
    public async Task Keep_dirlinks_and_a_link_swapped_during_the_run_does_not_move_a_write_out_CVE_2026_53796()
    {
        PutSecretOutside();
        Directory.CreateDirectory(InRoot("real"));
        Directory.CreateSymbolicLink(InRoot("link"), "real");
        using LocalReplica tree = Open(LinkFollowing.Beneath);
        await using (ITargetFile file = await tree.CreateFileAsync(P("link/.tmp"), Mode600, 0, Cancellation))
        {
            File.Delete(InRoot("link"));
            Directory.CreateSymbolicLink(InRoot("link"), "../outside");
            await file.WriteAsync(0, "evil"u8.ToArray(), Cancellation);
            Assert.Null(await file.CommitAsync(P("link/file"), 4, None, Cancellation));
        }
        Assert.Equal("evil", File.ReadAllText(InRoot("real/file")));
        await tree.CreateDirectoryAsync(P("other"), 0x1FF, Cancellation);
        await FailureOfAsync(() => tree.RemoveFileAsync(P("link/file"), Cancellation).AsTask());
        Assert.Equal("secret", File.ReadAllText(Secret));
    }

    [Fact]
    public async Task Copy_links_reads_what_links_lead_to_wherever_it_is()
    {
        PutSecretOutside();
        Directory.CreateSymbolicLink(InRoot("dir"), "../outside");
        File.CreateSymbolicLink(InRoot("link"), Secret);
        using LocalReplica tree = Open(LinkFollowing.Everything);

        FileList list = await tree.ListAsync(P("dir"), linkTargets: false, Cancellation);
        Assert.Equal("file", Encoding.UTF8.GetString(list.NameOf(list.Entries[0])));
        foreach (string path in new[] { "dir/file", "link" })
        {
            await using ISourceFile file = await tree.OpenReadAsync(P(path), Cancellation);
            Assert.Equal(6, (await file.StatAsync(Cancellation)).Size);
        }
    }

    [Fact]
    public async Task Copy_dirlinks_opens_no_link_to_a_file()
    {
        PutSecretOutside();
        Directory.CreateSymbolicLink(InRoot("dir"), "../outside");
        File.CreateSymbolicLink(InRoot("link"), Secret);
        using LocalReplica tree = Open(LinkFollowing.Directories);

        await using ISourceFile file = await tree.OpenReadAsync(P("dir/file"), Cancellation);
        Assert.Contains("(40)", (await FailureOfAsync(() => tree.OpenReadAsync(P("link"), Cancellation).AsTask())).Reason);
    }

    [Theory]
    [InlineData(LinkFollowing.Everything)]
    [InlineData(LinkFollowing.Directories)]
    public async Task Remove_source_files_removes_nothing_outside_although_links_are_followed_CVE_2026_53800(LinkFollowing follows)
    {
        PutSecretOutside();
        Directory.CreateSymbolicLink(InRoot("dir"), "../outside");
        using LocalReplica tree = Open(follows);

        Assert.NotNull(await tree.StatAsync(P("dir/file"), followLink: false, Cancellation));
        Assert.Contains("(40)", (await FailureOfAsync(() => tree.RemoveFileAsync(P("dir/file"), Cancellation).AsTask())).Reason);
        Assert.Equal("secret", File.ReadAllText(Secret));
    }

    [Fact]
    public async Task A_loop_is_too_many_links()
    {
        File.CreateSymbolicLink(InRoot("loop"), "loop");
        using LocalReplica tree = Open(LinkFollowing.Everything);
        Assert.Contains("(40)", (await FailureOfAsync(() => tree.StatAsync(P("loop"), followLink: true, Cancellation).AsTask())).Reason);
    }
}
