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

    [Theory]
    [InlineData("cloudflared access ssh --hostname %h", "access ssh --hostname HOST")]
    [InlineData("aws ssm start-session --target %h --document-name AWS-StartSSHSession --parameters 'portNumber=%p'",
        "ssm start-session --target HOST --document-name AWS-StartSSHSession --parameters portNumber=PORT")]
    public void Programs_that_need_their_own_service_get_what_they_need_and_may_say_something(string command, string expected)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/nc") || File.Exists("/bin/nc"), "nc is not installed; scripts/setup installs it");
        var folder = Folder();
        var program = $"{folder}/{command.Split(' ')[0]}";
        File.WriteAllText(program, $"#!/bin/sh\necho \"$*\" >{folder}/called\necho to your service >&2\nexec nc {lab.HostOf("gw")} {lab.PortOf("gw")}\n");
        Libc.SetMode(program, Tree.Octal("755"));

        var outcome = new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId,
            ["env", $"PATH={folder}:/usr/bin:/bin", Repository.Binary, "--list-only", "-e", $"ssh -o \"ProxyCommand {command}\"", $"gw:{folder}/src/a"]).Run();

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal("to your service\n", outcome.Stderr);
        Assert.EndsWith(" a\n", outcome.Stdout, StringComparison.Ordinal);
        Assert.Equal(expected.Replace("HOST", lab.HostOf("gw"), StringComparison.Ordinal).Replace("PORT", lab.PortOf("gw"), StringComparison.Ordinal) + "\n",
            File.ReadAllText(folder + "/called"));
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData(20_000, 30, "io timeout after 2 seconds: nothing came from ")]
    [InlineData(0, 35, "its SFTP server does not answer within 2 s")]
    public void A_server_that_falls_silent_is_given_up_after_the_timeout(int after, int code, string message)
    {
        Assert.SkipUnless(File.Exists(SftpServer), SftpServer + " is not installed; scripts/setup installs it");
        var folder = Folder();
        File.WriteAllBytes(folder + "/src/large", new byte[1 << 20]);
        var started = System.Diagnostics.Stopwatch.StartNew();

        var outcome = lab.Synchop(folder, Libc.UserId, "-a", "--retries=0", "--timeout=2",
            $"--sftp-command={SftpServer} | {{ dd bs=1 count={after} status=none; sleep 20; }}", $"gw,target:{folder}/src/", "dst/").Run();

        Assert.True(outcome.ExitCode == code, outcome.ToString());
        Assert.Contains(message, outcome.Stderr, StringComparison.Ordinal);
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(15), $"{started.Elapsed}\n{outcome}");
        Assert.Empty(Directory.GetFiles(folder, ".*", SearchOption.AllDirectories));
        Lab.Remove(folder);
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
