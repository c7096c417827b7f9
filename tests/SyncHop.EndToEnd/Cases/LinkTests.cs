using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Symlink options and --temp-dir where rsync is no oracle: between two remote sides, and where synchop is stricter or better.</summary>
public sealed class LinkTests(Lab lab)
{
    [Fact]
    public void Remote_to_remote_follows_links_and_uses_a_temporary_directory()
    {
        var folder = Folder("a=1 k/f=22 la->a lk->k up->../src/a", "");

        var outcome = lab.Synchop(folder, Libc.UserId, "-rltL", "--temp-dir=" + lab.OtherFileSystem, $"gw,target:{folder}/src/", $"gw,gw2,gw3,target:{folder}/dst/").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Assert.Equal([".", "a", "k", "k/f", "la", "lk", "lk/f", "up"], Snapshot.Take(folder + "/dst", lab.Started).Paths);
        Assert.Equal("22", File.ReadAllText(folder + "/dst/lk/f"));
        Lab.Remove(folder);
    }

    [Fact]
    public void Remote_to_remote_ignores_unsafe_links_and_keeps_links_to_directories()
    {
        var folder = Folder("k/f=1 up->../x s->k/f", "k->real real/");

        var outcome = lab.Synchop(folder, Libc.UserId, "-avK", "--safe-links", $"gw,target:{folder}/src/", $"gw,gw2,gw3,target:{folder}/dst/").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Assert.Contains("ignoring unsafe symlink \"up\" -> \"../x\"\n", outcome.Stdout, StringComparison.Ordinal);
        Assert.Equal([".", "k", "real", "real/f", "s"], Snapshot.Take(folder + "/dst", lab.Started).Paths);
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("../other", false)]
    [InlineData("../other", true)]
    [InlineData("/", false)]
    [InlineData("/", true)]
    public void Keep_dirlinks_leaves_a_link_that_leads_out_alone(string target, bool pushes)
    {
        var folder = Folder("a=1 k/f=1 k/g/h=1", $"k->{target} x=1");
        Tree.Parse("old=1").Build(folder + "/other", Libc.UserId, Libc.GroupId);

        var outcome = lab.Synchop(folder, Libc.UserId, "-avK", "--delete", "src/", pushes ? $"gw,target:{folder}/dst/" : "dst/").Run();

        Assert.True(outcome.ExitCode == 23, outcome.ToString());
        Assert.Contains("dst/k\" failed: Too many levels of symbolic links (40)", outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal([".", "a", "k"], Snapshot.Take(folder + "/dst", lab.Started).Paths);
        Assert.Equal([".", "old"], Snapshot.Take(folder + "/other", lab.Started).Paths);
        Assert.Equal(target, Libc.ReadLink(folder + "/dst/k"));
        Lab.Remove(folder);
    }

    /// <summary>SFTP tells no inodes: two files that each have another name elsewhere look like two names of one file.</summary>
    [Fact]
    public void What_only_looks_like_another_name_gets_the_mode_too()
    {
        var folder = Folder("a=1:0600 b=>a", "a=1:0644 b=1:0644");
        Directory.CreateDirectory(folder + "/other");
        Libc.MakeHardLink(folder + "/dst/a", folder + "/other/a");
        Libc.MakeHardLink(folder + "/dst/b", folder + "/other/b");

        var outcome = lab.Synchop(folder, Libc.UserId, "-aHi", "src/", $"gw,target:{folder}/dst/").Run();

        Assert.True(outcome is { ExitCode: 0, Stdout: ".f...p..... a\n", Stderr: "" }, outcome.ToString());
        Assert.Equal(Tree.Octal("600"), Libc.TryStatus(folder + "/dst/b")!.Value.Mode);
        Lab.Remove(folder);
    }

    [Fact]
    public void A_temporary_directory_above_the_destination_works()
    {
        var folder = Folder("a=1 k/f=1", "");
        Directory.CreateDirectory(folder + "/temporary");

        var outcome = lab.Synchop(folder, Libc.UserId, "-a", "--temp-dir=../temporary", "src/", "dst/").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Assert.Null(Snapshot.Difference(Snapshot.Take(folder + "/src", lab.Started), Snapshot.Take(folder + "/dst", lab.Started)));
        Assert.Empty(Directory.GetFileSystemEntries(folder + "/temporary"));
        Lab.Remove(folder);
    }

    /// <summary>Every backup would be renamed over the file itself, which is then gone: rsync sees that only where the directory is named ".".</summary>
    [Theory]
    [InlineData("--backup-dir=self", "dst/")]
    [InlineData("--backup-dir=self", "gw,target:{0}/dst/")]
    [InlineData("--backup-dir={0}/way/self/../dst", "dst/")]
    [InlineData("--backup-dir={0}/way/self/../dst", "gw,target:{0}/way/")]
    public void A_backup_directory_that_is_the_destination_by_way_of_a_link_is_refused(string option, string destination)
    {
        var folder = Folder("a=22 k/c=22", "a=1 k/c=1 self->.");
        File.CreateSymbolicLink(folder + "/way", "dst");

        var outcome = lab.Synchop(folder, Libc.UserId, "-r", string.Format(null, option, folder), "src/", string.Format(null, destination, folder)).Run();

        Assert.Equal((1, "synchop: --suffix cannot be empty when --backup-dir is the same as the dest dir\n"), (outcome.ExitCode, outcome.Stderr[..(outcome.Stderr.IndexOf('\n') + 1)]));
        Assert.Equal("1", File.ReadAllText(folder + "/dst/a"));
        Assert.Equal("1", File.ReadAllText(folder + "/dst/k/c"));
        Lab.Remove(folder);
    }

    private string Folder(string source, string destination)
    {
        var folder = lab.NewFolder(Libc.UserId);
        Tree.Parse(source).Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Tree.Parse(destination).Build(folder + "/dst", Libc.UserId, Libc.GroupId);
        return folder;
    }
}
