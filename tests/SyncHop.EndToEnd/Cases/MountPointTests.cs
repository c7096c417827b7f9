using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary><c>-x</c> where there are other file systems in both trees. Both programs run where nobody else sees the mounts.</summary>
public sealed class MountPointTests(Lab lab)
{
    // Mounts one in the source, one in the same place at the destination, and two more there; then runs what it is given and lists all.
    private const string Script = """
        mount_at() { mkdir -p "$1" && mount -t tmpfs -o mode=755 none "$1" && echo 1 > "$1/x" && mkdir "$1/d"; }
        mkdir -p src/both src/mp src/k dst/both dst/mp/d dst/k dst/own/d
        echo 1 > src/f; echo 1 > src/both/f; echo 1 > dst/mp/copy; echo 1 > dst/k/gone; echo 1 > dst/own/x
        mount_at src/mp && mount_at dst/both && mount_at dst/other && mount_at dst/own/in || exit 99
        find . -exec touch -d @1600000000 {} +
        "$@"
        echo "exit code $?"
        find . -printf '%p %y %m\n'
        """;

    [Theory]
    [InlineData("-axi --delete")]
    [InlineData("-axxi --delete")]
    [InlineData("-axi --delete-before")]
    [InlineData("-axxi --delete-after --filter=:_.f")]
    [InlineData("-axi --delete --exclude=nothing")]
    [InlineData("-axxi")]
    [InlineData("-axmi --delete")]
    public void Nothing_is_removed_from_other_file_systems(string options)
    {
        Assert.SkipUnless(Libc.UserId == 0, "only a superuser can mount");
        var wanted = Run("rsync", options);
        Assert.SkipWhen(wanted.Contains("exit code 99", StringComparison.Ordinal) || wanted.Length == 0, "mounting is not permitted here");
        Assert.Contains("./dst/other/x f", wanted, StringComparison.Ordinal);
        Assert.Equal(wanted, Run(Repository.Binary, options));
    }

    /// <summary>
    /// A mount point cannot be replaced; rsync 3.5 nevertheless removes the files in it (not the directories) before it fails.
    /// </summary>
    [Theory]
    [InlineData("-ax --delete")]
    [InlineData("-axx --force")]
    [InlineData("-ax --delete-after --max-delete=9")]
    public void A_mount_point_that_is_in_the_way_of_a_file_keeps_what_is_in_it(string options)
    {
        Assert.SkipUnless(Libc.UserId == 0, "only a superuser can mount");
        const string script = """
            mkdir src dst dst/in && echo new > src/in && mount -t tmpfs none dst/in && mkdir dst/in/d && echo 1 > dst/in/x || exit 99
            "$@"
            echo "exit code $?"
            find dst -type f
            """;
        var found = Run(Repository.Binary, options, script);
        Assert.SkipWhen(found.Contains("exit code 99", StringComparison.Ordinal) || found.Length == 0, "mounting is not permitted here");
        Assert.Contains("dst/in/x", found, StringComparison.Ordinal);
        Assert.Contains("exit code 23", found, StringComparison.Ordinal);
    }

    private string Run(string program, string options, string script = Script)
    {
        var folder = lab.NewFolder(Libc.UserId);
        try
        {
            // rsync deletes in a directory while it still writes in the one before.
            return string.Join('\n', new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId,
                ["unshare", "-m", "--propagation", "private", "sh", "-c", script, "sh", program, .. options.Split(' '), "src/", "dst/"]).Run().Stdout.Split('\n').Order(StringComparer.Ordinal));
        }
        finally
        {
            Lab.Remove(folder);
        }
    }
}
