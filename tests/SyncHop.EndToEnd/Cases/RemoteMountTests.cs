using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary><c>-x</c> over SFTP: the server runs where there are mounts that nobody else sees, and so does rsync.</summary>
public sealed class RemoteMountTests(Lab lab)
{
    private const int CannotMount = 99, NotNumbered = 98;

    // Mounts a file system in a directory of both trees, in one of the source alone and in two of the destination alone.
    private const string Mounts = """
        #!/bin/sh
        cd "$(dirname "$0")" || exit 1
        mount_at() { mount -t tmpfs -o mode=755 none "$1" && echo 1 > "$1/x" && mkdir "$1/d" && touch -d @1600000000 "$1/x" "$1/d" "$1"; }
        mount_at src/both/mp && mount_at src/mp && mount_at dst/both/mp && mount_at dst/other && mount_at dst/own/in || exit 99
        [ "$(stat -f -c %i src)" != "$(stat -f -c %i src/mp)" ] || exit 98
        exec "$@"
        """;

    public static TheoryData<bool, string> Cases
    {
        get
        {
            var cases = new TheoryData<bool, string>();
            foreach (var options in (string[])["-axi", "-axxi", "-axi --delete", "-axxi --delete-before", "-axLi --delete", "-axmi --delete-after", "-axni --delete"])
            {
                cases.Add(true, options);
                cases.Add(false, options);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void File_systems_are_told_apart_there(bool pulls, string options)
    {
        Assert.SkipUnless(Libc.UserId == 0, "only a superuser can mount");
        var wanted = Run(options, "rsync", [], "src/", "dst/");
        Assert.SkipWhen(wanted.ExitCode == CannotMount, "mounting is not permitted here");
        Assert.SkipWhen(wanted.ExitCode == NotNumbered, "this kernel gives a tmpfs no number of its own");
        Assert.Contains("both/f", wanted.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("mp/x", wanted.Stdout, StringComparison.Ordinal);

        const string Server = "--sftp-command=unshare -m --propagation private sh {0}/mounts /usr/lib/openssh/sftp-server";
        var found = Run(options, Repository.Binary, [Server, "--connections=1"], pulls ? "gw,target:{0}/src/" : "src/", pulls ? "dst/" : "gw,target:{0}/dst/");
        Assert.Equal((wanted.ExitCode, Sorted(wanted.Stdout), ""), (found.ExitCode, Sorted(found.Stdout), found.Stderr));
    }

    [Theory]
    [InlineData("-ax", false)]
    [InlineData("-ax --delete", true)]
    [InlineData("-ax --force", true)]
    public void A_push_asks_for_file_systems_only_where_it_may_empty_directories(string options, bool asks)
    {
        var folder = lab.NewFolder(Libc.UserId);
        Tree.Parse("a=1 k/f=1 m=1").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Tree.Parse("k/f=22 m/").Build(folder + "/dst", Libc.UserId, Libc.GroupId);
        File.WriteAllText(folder + "/server", $"exec /usr/lib/openssh/sftp-server -e -l INFO 2>>{folder}/requests\n");

        var outcome = lab.Synchop(folder, Libc.UserId, [.. options.Split(' '), $"--sftp-command=sh {folder}/server", "src/", $"gw,target:{folder}/dst/"]).Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        var requests = File.ReadAllText(folder + "/requests");
        Assert.Contains("opendir \"", requests, StringComparison.Ordinal);
        Assert.Equal(asks, requests.Contains("statvfs \"", StringComparison.Ordinal));
        Lab.Remove(folder);
    }

    /// <summary>SFTP v3 does not tell why a directory cannot be removed: a mount point must not pass for one that is not empty.</summary>
    [Fact]
    public void A_mount_point_that_cannot_be_removed_is_an_error()
    {
        Assert.SkipUnless(Libc.UserId == 0, "only a superuser can mount");
        var folder = lab.NewFolder(Libc.UserId);
        Tree.Parse("f=1").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Tree.Parse("mp/ gone=1").Build(folder + "/dst", Libc.UserId, Libc.GroupId);
        var server = $"--sftp-command=unshare -m --propagation private sh -c 'mount -t tmpfs none {folder}/dst/mp && exec /usr/lib/openssh/sftp-server'";
        var outcome = lab.Synchop(folder, Libc.UserId, "-a", "--delete", server, "--connections=1", "src/", $"gw,target:{folder}/dst/").Run();
        Assert.SkipWhen(outcome.ExitCode == 12, "mounting is not permitted here");
        Assert.True(outcome.ExitCode == 23, outcome.ToString());
        Assert.Contains("delete_file: rmdir(mp) failed: ", outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal(["f", "mp"], Libc.List(folder + "/dst").Order(StringComparer.Ordinal));
        Lab.Remove(folder);
    }

    private Outcome Run(string options, string program, string[] more, string source, string destination)
    {
        var folder = lab.NewFolder(Libc.UserId);
        try
        {
            Tree.Parse("f=1 both/f=1 both/mp/ mp/ k/f=1 own/ l->mp").Build(folder + "/src", Libc.UserId, Libc.GroupId);
            Tree.Parse("both/mp/ other/ own/in/ own/x=1 gone/d/ k/old=1").Build(folder + "/dst", Libc.UserId, Libc.GroupId);
            File.WriteAllText(folder + "/mounts", Mounts);
            string[] words = [program, .. options.Split(' '), .. more, source, destination];
            return new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId,
                ["unshare", "-m", "--propagation", "private", "sh", folder + "/mounts", .. words.Select(word => word.Replace("{0}", folder, StringComparison.Ordinal))]).Run();
        }
        finally
        {
            Lab.Remove(folder);
        }
    }

    // rsync deletes in a directory while it still writes in the one before. What it takes from here to here counts as received.
    private static string Sorted(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.StartsWith('<') ? ">" + line[1..] : line).Order(StringComparer.Ordinal));
}
