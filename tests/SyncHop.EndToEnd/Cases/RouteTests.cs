using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Ways to a host other than a connection of our own and a forwarded port.</summary>
public sealed class RouteTests(Lab lab)
{
    private const string SftpServer = "/usr/lib/openssh/sftp-server";

    [Fact]
    public void A_command_on_the_gateway_carries_the_next_hop()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/nc") || File.Exists("/bin/nc"), "nc is not installed; scripts/setup installs it");
        var folder = Folder();

        Succeeds(folder, "-a", "--gateway-command=gw=nc %h %p", "src/", $"gw,target:{folder}/there");
    }

    [Fact]
    public void A_program_of_ours_carries_the_first_hop()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/nc") || File.Exists("/bin/nc"), "nc is not installed; scripts/setup installs it");
        var folder = Folder();
        var config = folder + "/config";
        File.WriteAllText(config, "Host gw\n  ProxyCommand nc %h %p\n" + File.ReadAllText(lab.HomeOf(Libc.UserId) + "/.ssh/config"));

        Succeeds(folder, "-a", "--ssh-config", config, "src/", $"gw,target:{folder}/there");
    }

    [Fact]
    public void A_command_on_the_target_serves_SFTP()
    {
        Assert.SkipUnless(File.Exists(SftpServer), SftpServer + " is not installed; scripts/setup installs it");
        var folder = Folder();

        Succeeds(folder, "-a", "--sftp-command=" + SftpServer, "src/", $"gw,target:{folder}/there");
    }

    [Fact]
    public void A_command_that_serves_no_SFTP_is_an_error_with_its_own_words()
    {
        var folder = Folder();

        var outcome = lab.Synchop(
            folder, Libc.UserId, "-a", "--sftp-command=echo not for you >&2; exit 1", "src/", $"gw,target:{folder}/there").Run();

        Assert.True(outcome.ExitCode != 0, outcome.ToString());
        Assert.Contains("not for you", outcome.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Stderr, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder + "/there"));
        Lab.Remove(folder);
    }

    private string Folder()
    {
        var folder = lab.NewFolder(Libc.UserId);
        Tree.Parse("a=1 big=300000 d/b=2").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        return folder;
    }

    private void Succeeds(string folder, params string[] arguments)
    {
        var outcome = lab.Synchop(folder, Libc.UserId, arguments).Run();
        // The gateway's account has no home, and sshd tells the command's standard error so.
        var errors = outcome.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.Contains("Could not chdir to home directory", StringComparison.Ordinal));
        Assert.True(outcome is { ExitCode: 0, Stdout: "" } && !errors.Any(), outcome.ToString());
        Assert.Null(Snapshot.Difference(
            Snapshot.Take(folder + "/src", lab.Started), Snapshot.Take(folder + "/there", lab.Started)));
        Lab.Remove(folder);
    }
}
