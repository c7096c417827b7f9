using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>What works with ssh, or with rsync over ssh, works with synchop in its place.</summary>
public sealed class AsPeopleHaveItTests(Lab lab)
{
    /// <summary>Command lines for ssh; CONFIG, USER, PORT and KEY stand for those of the target, GW… for the gateway's.</summary>
    public static TheoryData<string> RemoteShells => new(
        "ssh -F CONFIG -o 'ProxyCommand nohup ssh -F CONFIG -l GWUSER -i GWKEY gw nc -w 5 %h %p' -l USER -i KEY",
        "ssh -F CONFIG -o \"ProxyCommand ssh -F CONFIG -W %h:%p gw\"",
        "ssh -F CONFIG -J gw",
        "ssh -FCONFIG -qxaT -p PORT -lUSER -iKEY -o ProxyJump=gw",
        "ssh -F CONFIG -oProxyJump=gw -4C -c aes128-ctr -m hmac-sha2-256",
        "/usr/bin/ssh -F CONFIG -v -J GWUSER@gw -o 'IdentitiesOnly yes'");

    private static readonly string[] FourHops = ["gw", "gw2", "gw3", "target"];

    [Theory]
    [MemberData(nameof(RemoteShells))]
    public void The_command_line_of_ssh_does_what_it_does_for_rsync(string line)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/nc") || File.Exists("/bin/nc"), "nc is not installed; scripts/setup installs it");
        var folder = lab.NewFolder(Libc.UserId);
        Tree.Parse("a=1 big=300000 d/b=2 d/l->b").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        var shell = Fill(line);

        var theirs = new Command(folder, "/nonexistent", Libc.UserId, ["rsync", "-ai", "-e", shell, $"target:{folder}/src/", "rsync/"]).Run();
        var ours = lab.Synchop(folder, Libc.UserId, "-ai", "-e", shell, $"target:{folder}/src/", "hop/").Run();
        var fromEnvironment = new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId,
            ["env", "RSYNC_RSH=" + shell, Repository.Binary, "-ai", "hop/", $"target:{folder}/there/"]).Run();

        Assert.True(theirs.ExitCode == 0, theirs.ToString());
        Assert.True(ours.ExitCode == 0 && ours.Stdout == theirs.Stdout.Replace("directory rsync", "directory hop", StringComparison.Ordinal), $"{theirs}\n{ours}");
        Assert.True(fromEnvironment.ExitCode == 0, fromEnvironment.ToString());
        Same(folder + "/src", folder + "/rsync");
        Same(folder + "/src", folder + "/hop");
        Same(folder + "/src", folder + "/there");
        Assert.True(SpinWait.SpinUntil(() => !Processes("nc -w 5").Any(), TimeSpan.FromSeconds(10)), "nc is left");
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("ssh -w 1", "-w")]
    [InlineData("ssh -o Colour=red", "colour")]
    [InlineData("rsh", "rsh")]
    [InlineData("plink -P 22", "plink")]
    [InlineData("ssh gw", "gw")]
    public void What_is_not_understood_is_one_line_and_exit_code_1(string shell, string named)
    {
        var outcome = lab.Synchop("/", Libc.UserId, "-n", "-e", shell, "target:x", ".").Run();

        Assert.True(outcome is { ExitCode: 1, Stdout: "" }, outcome.ToString());
        Assert.Contains(named, outcome.Stderr.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ProxyJump_in_the_users_config_needs_no_option_besides_the_host()
    {
        var folder = lab.NewFolder(Libc.UserId);
        Tree.Parse("a=1 d/b=2").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        var two = Home(folder, "two", "Host target\n  ProxyJump gw\n");
        var four = Home(folder, "four", "Host target\n  ProxyJump gw3\nHost gw3\n  ProxyJump gw2\nHost gw2\n  ProxyJump gw\n");
        var local = new Command(folder, "/nonexistent", Libc.UserId, ["rsync", "-nva", folder + "/src", "dst/"]).Run();

        var dry = new Command(folder, two, Libc.UserId, [Repository.Binary, "-nva", $"target:{folder}/src", "dst/"]).Run();
        var listed = new Command(folder, two, Libc.UserId, [Repository.Binary, "-nva", "target:"]).Run();
        var pulled = new Command(folder, four, Libc.UserId, [Repository.Binary, "-a", $"target:{folder}/src/", "dst/"]).Run();

        Assert.True(dry is { ExitCode: 0, Stderr: "" } && Files(dry).SequenceEqual(Files(local)), $"{local}\n{dry}");
        Assert.True(listed is { ExitCode: 0, Stderr: "" }, listed.ToString());
        Assert.Contains(" .\n", listed.Stdout, StringComparison.Ordinal);
        Assert.True(pulled is { ExitCode: 0, Stdout: "", Stderr: "" }, pulled.ToString());
        Same(folder + "/src", folder + "/dst");
        Lab.Remove(folder);
    }

    [Fact]
    public void Four_hops_have_four_users_and_four_keys()
    {
        var folder = lab.NewFolder(Libc.UserId);

        var outcome = lab.Synchop(folder, Libc.UserId, "-nvv", $"gw,gw2,gw3,target:{folder}").Run();

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        string[] hops = [.. outcome.Stderr.Split('\n').Where(line => line.StartsWith("hop ", StringComparison.Ordinal))];
        Assert.Equal(4, hops.Length);
        foreach (var (name, line) in FourHops.Zip(hops))
        {
            Assert.Contains($" {lab.UserAt(name)}@{name}", line, StringComparison.Ordinal);
            Assert.Contains($"/id_{name},", line, StringComparison.Ordinal);
        }

        // Only in a namespace of their own the servers have accounts of their own.
        if (Libc.UserId == 0 && lab.UserAt("gw") != "root")
            Assert.Equal(4, FourHops.Select(lab.UserAt).Distinct().Count());
        Lab.Remove(folder);
    }

    [Fact]
    public void Sudo_serves_files_that_only_root_may_read()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/sudo"), "sudo is not installed; scripts/setup installs it");
        Assert.SkipUnless(Libc.UserId == 0 && lab.UserAt("gw") != "root", "only root can give an account of the servers the right to use sudo");
        var user = lab.OrdinaryUser;
        var folder = lab.NewFolder(user);
        Directory.CreateDirectory(folder + "/src");
        File.WriteAllText(folder + "/src/secret", "for root's eyes");
        Libc.SetMode(folder + "/src/secret", Tree.Octal("600"));

        var denied = lab.Synchop(folder, user, "-r", $"gw,target:{folder}/src/", "denied/").Run();
        var allowed = lab.Synchop(folder, user, "-r", "--sftp-command=sudo /usr/lib/openssh/sftp-server", $"gw,target:{folder}/src/", "dst/").Run();

        Assert.True(denied.ExitCode == 23, denied.ToString());
        Assert.True(allowed is { ExitCode: 0, Stderr: "" }, allowed.ToString());
        Assert.Equal("for root's eyes", File.ReadAllText(folder + "/dst/secret"));
        Lab.Remove(folder);
    }

    [Fact]
    public void Ssh_on_the_last_hop_whose_keys_are_there_goes_further()
    {
        var folder = lab.NewFolder(Libc.UserId);
        Tree.Parse("a=1 big=300000 d/b=2").Build(folder + "/src", Libc.UserId, Libc.GroupId);

        var outcome = lab.Synchop(folder, Libc.UserId, "-a", Fill("--sftp-command=ssh -F CONFIG -s target sftp"), "src/", $"gw,target:{folder}/there").Run();

        Assert.True(outcome is { ExitCode: 0, Stdout: "", Stderr: "" }, outcome.ToString());
        Same(folder + "/src", folder + "/there");
        Lab.Remove(folder);
    }

    [Fact]
    public void A_server_that_does_SFTP_alone_in_a_directory_of_its_own_is_enough()
    {
        Assert.SkipUnless(Directory.Exists(lab.Directory + "/jail-root"), "only root can lock an account of the servers in");
        var folder = lab.NewFolder(Libc.UserId);
        var name = "jailed-" + Path.GetFileName(folder);
        Tree.Parse("a=1 big=300000 d/b=2 d/l->b x=5:0600").Build(folder + "/src", Libc.UserId, Libc.GroupId);

        var check = lab.Synchop(folder, Libc.UserId, "--check", "gw,jail:/files").Run();
        var push = lab.Synchop(folder, Libc.UserId, "-a", "src/", $"gw,jail:/files/{name}").Run();
        var again = lab.Synchop(folder, Libc.UserId, "-ai", "src/", $"gw,jail:files/{name}").Run();
        var pull = lab.Synchop(folder, Libc.UserId, "-a", $"gw,jail:/files/{name}/", "back").Run();

        Assert.True(check is { ExitCode: 0, Stderr: "" }, check.ToString());
        Assert.Contains("writable          yes", check.Stdout, StringComparison.Ordinal);
        foreach (var outcome in new[] { push, again, pull }) Assert.True(outcome is { ExitCode: 0, Stdout: "", Stderr: "" }, outcome.ToString());
        Same(folder + "/src", $"{lab.Directory}/jail-root/files/{name}");
        Same(folder + "/src", folder + "/back");
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("--identity=gwx=KEY", "--identity=gwx=: there is no hop of this name; the hops are gw, target")]
    [InlineData("--gateway-command=target=nc %h %p", "--gateway-command=target=: there is no gateway of this name; the gateways are gw")]
    public void A_hop_that_does_not_exist_is_an_error(string option, string message)
    {
        var outcome = lab.Synchop("/", Libc.UserId, "-n", Fill(option), "gw,target:x").Run();

        Assert.True(outcome is { ExitCode: 1, Stdout: "" }, outcome.ToString());
        Assert.Contains(message, outcome.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void Hops_of_ssh_config_and_of_the_other_side_can_be_named()
    {
        var folder = lab.NewFolder(Libc.UserId);
        var home = Home(folder, "home", "Host target\n  ProxyJump gw\n");

        var outcome = new Command(folder, home, Libc.UserId,
            [Repository.Binary, "-n", Fill("--identity=gw=GWKEY"), Fill("--identity=target=KEY"), "a", $"target:{folder}"]).Run();

        Assert.DoesNotContain("of this name", outcome.Stderr, StringComparison.Ordinal);
        Assert.True(outcome.ExitCode == 23, outcome.ToString()); // There is no file a.
        Lab.Remove(folder);
    }

    [Fact]
    public void Two_remote_sides_ask_for_a_passphrase_once_and_try_a_refused_login_once()
    {
        var folder = lab.NewFolder(Libc.UserId);
        File.WriteAllText(folder + "/a", "x");
        var (config, askPass) = LockedKey(folder, $"echo \"$1\" >>{folder}/asked");

        var outcome = new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId,
            ["env", "SSH_ASKPASS=" + askPass, "SSH_ASKPASS_REQUIRE=force", Repository.Binary, "-a", "--ssh-config", config,
                $"gw,target:{folder}/a", $"gw,target:{folder}/b"]).Run();
        var before = Refusals();
        var refused = lab.Synchop(folder, Libc.UserId, "-a", $"nosuchuser@gw,target:{folder}/a", $"nosuchuser@gw,target:{folder}/b").Run();

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Single(File.ReadAllLines(folder + "/asked"));
        Assert.True(refused.ExitCode == 5, refused.ToString());
        Assert.Equal(before + 1, Refusals());
        Lab.Remove(folder);

        int Refusals() => File.ReadLines(lab.Directory + "/gw/log").Count(line => line.Contains("Invalid user nosuchuser", StringComparison.Ordinal));
    }

    [Fact]
    public void A_passphrase_is_in_no_title_and_no_core_file()
    {
        var folder = lab.NewFolder(Libc.UserId);
        var (config, askPass) = LockedKey(folder, $"touch {folder}/asked; while [ ! -e {folder}/go ]; do sleep 0.1; done");
        string limits = "", title = "";

        var outcome = new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId,
            ["env", "SSH_ASKPASS=" + askPass, "SSH_ASKPASS_REQUIRE=force", Repository.Binary, "-nvvv", "--ssh-config", config,
                $"gw,target:{folder}"]).Run(process =>
        {
            SpinWait.SpinUntil(() => File.Exists(folder + "/asked"), TimeSpan.FromSeconds(30));
            limits = File.ReadAllText($"/proc/{process.Id}/limits");
            title = File.ReadAllText($"/proc/{process.Id}/cmdline") + File.ReadAllText($"/proc/{process.Id}/comm");
            File.WriteAllText(folder + "/go", "");
        });

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Matches(@"Max core file size +0 +0 ", limits);
        Assert.DoesNotContain("pass phrase", title + outcome.Stdout + outcome.Stderr, StringComparison.Ordinal);
        Lab.Remove(folder);
    }

    private string Fill(string line)
    {
        var ssh = lab.HomeOf(Libc.UserId) + "/.ssh/";
        return line.Replace("CONFIG", ssh + "config", StringComparison.Ordinal)
            .Replace("GWUSER", lab.UserAt("gw"), StringComparison.Ordinal).Replace("GWKEY", ssh + "id_gw", StringComparison.Ordinal)
            .Replace("USER", lab.UserAt("target"), StringComparison.Ordinal).Replace("KEY", ssh + "id_target", StringComparison.Ordinal)
            .Replace("PORT", lab.PortOf("target"), StringComparison.Ordinal);
    }

    // A home directory whose ssh_config is the lab's with something before it.
    private string Home(string folder, string name, string config)
    {
        Directory.CreateDirectory($"{folder}/{name}/.ssh");
        File.WriteAllText($"{folder}/{name}/.ssh/config", config + File.ReadAllText(lab.HomeOf(Libc.UserId) + "/.ssh/config"));
        return $"{folder}/{name}";
    }

    // The lab's config with a passphrase on the target's key, and a program that does something and then tells it.
    private (string Config, string AskPass) LockedKey(string folder, string action)
    {
        var ssh = lab.HomeOf(Libc.UserId) + "/.ssh/";
        File.Copy(ssh + "id_target", folder + "/locked");
        var locking = new Command(folder, folder, Libc.UserId, ["ssh-keygen", "-q", "-p", "-P", "", "-N", "pass phrase", "-f", folder + "/locked"]).Run();
        Assert.True(locking.ExitCode == 0, locking.ToString());
        File.WriteAllText(folder + "/config", File.ReadAllText(ssh + "config").Replace(ssh + "id_target", folder + "/locked", StringComparison.Ordinal));
        File.WriteAllText(folder + "/askpass", $"#!/bin/sh\n{action}\necho 'pass phrase'\n");
        Libc.SetMode(folder + "/askpass", Tree.Octal("755"));
        return (folder + "/config", folder + "/askpass");
    }

    private static IEnumerable<string> Files(Outcome outcome) =>
        outcome.Stdout.Split('\n').TakeWhile(line => line.Length > 0).Skip(1).Where(line => !line.StartsWith("created ", StringComparison.Ordinal));

    private static IEnumerable<string> Processes(string words) => Directory.GetDirectories("/proc")
        .Select(directory => directory + "/cmdline").Where(File.Exists).Select(Title)
        .Where(title => title.Contains(words, StringComparison.Ordinal) && title.StartsWith("nc", StringComparison.Ordinal));

    private static string Title(string file)
    {
        try
        {
            return File.ReadAllText(file).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // It has ended.
        }
    }

    private void Same(string expected, string actual) =>
        Assert.Null(Snapshot.Difference(Snapshot.Take(expected, lab.Started), Snapshot.Take(actual, lab.Started)));
}
