using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>What goes wrong on the way: one line that names the hop, an exit code of rsync's, and no waiting.</summary>
public sealed class FailureTests(Lab lab)
{
    /// <summary>rsync's "error starting client-server protocol": a hop did not let us in.</summary>
    private const int Refused = 5;

    /// <summary>rsync's "error in socket I/O": a hop cannot be reached.</summary>
    private const int Unreachable = 10;

    [Theory]
    [InlineData("nosuchuser@gw,target", "hop 1 of 2", Refused)]
    [InlineData("gw,nosuchuser@target", "hop 2 of 2", Refused)]
    [InlineData("gw,gw2,nosuchuser@gw3,target", "hop 3 of 4", Refused)]
    [InlineData("gw,gw2,gw3,nosuchuser@target", "hop 4 of 4", Refused)]
    [InlineData("nosuchhost.invalid,target", "hop 1 of 2", Unreachable)]
    [InlineData("gw,nosuchhost.invalid", "hop 2 of 2", Unreachable)] // gw permits no connection to it
    [InlineData("gw,gw3", "hop 2 of 2", Unreachable)]
    [InlineData("gw,target:1", "hop 2 of 2", Unreachable)]
    public void The_message_names_the_hop(string chain, string hop, int code)
    {
        var folder = lab.NewFolder(Libc.UserId);

        Fails(lab.Synchop(folder, Libc.UserId, "-a", $"{chain}:{folder}/src/", "dst"), hop, code);

        Assert.False(Directory.Exists(folder + "/dst"));
        Lab.Remove(folder);
    }

    [Fact]
    public void An_unknown_host_key_is_refused_without_a_terminal()
    {
        var folder = lab.NewFolder(Libc.UserId);
        File.WriteAllLines(folder + "/known", KnownHosts().Where(line => line.StartsWith("gw,", StringComparison.Ordinal)));

        Fails(lab.Synchop(folder, Libc.UserId, "-a", "--ssh-config", Config(folder), "--known-hosts", folder + "/known",
            $"gw,target:{folder}", "dst"), "hop 2 of 2", Refused);
        // Nothing was added to it either.
        Assert.Single(File.ReadAllLines(folder + "/known"));
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("gw", "hop 1 of 2")]
    [InlineData("target", "hop 2 of 2")]
    public void A_changed_host_key_is_refused(string changed, string hop)
    {
        var folder = lab.NewFolder(Libc.UserId);
        var other = KnownHosts().First(line => line.StartsWith("gw2,", StringComparison.Ordinal)).Split(' ', 2)[1];
        File.WriteAllLines(folder + "/known", KnownHosts().Select(line =>
            line.StartsWith(changed + ",", StringComparison.Ordinal) ? line.Split(' ', 2)[0] + " " + other : line));

        Fails(lab.Synchop(folder, Libc.UserId, "-a", "--ssh-config", Config(folder), "--known-hosts", folder + "/known",
            $"gw,target:{folder}", "dst"), hop, Refused);
        Lab.Remove(folder);
    }

    [Fact]
    public void A_host_without_sftp_is_named()
    {
        var folder = lab.NewFolder(Libc.UserId);
        Directory.CreateDirectory(folder + "/hosts");
        using SshPair hosts = new(folder + "/hosts", "", offersSftp: false);
        for (int i = 0; i < 5; i++)
        {
            var outcome = lab.Synchop(folder, Libc.UserId, "-a", "--ssh-config", hosts.Config, $"gw,target:{folder}", "dst").Run();
            Assert.True(outcome.ExitCode == Refused && outcome.Stderr.Contains("the host does not offer the subsystem \"sftp\"", StringComparison.Ordinal), outcome.ToString());
        }
        Lab.Remove(folder);
    }

    [Fact]
    public void Hashed_host_names_are_known()
    {
        var folder = lab.NewFolder(Libc.UserId);
        File.WriteAllLines(folder + "/known", KnownHosts());
        var hashing = new Command(folder, folder, Libc.UserId, ["ssh-keygen", "-H", "-f", folder + "/known"]).Run();
        Assert.True(hashing.ExitCode == 0, hashing.ToString());
        Assert.DoesNotContain("target", File.ReadAllText(folder + "/known"), StringComparison.Ordinal);

        var outcome = lab.Synchop(folder, Libc.UserId, "--list-only", "--ssh-config", Config(folder),
            "--known-hosts", folder + "/known", $"gw,target:{folder}/known").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("--nonsense", "a", "b")]
    [InlineData("-Z", "a", "b")]
    [InlineData("--timeout=x", "a", "b")]
    [InlineData("-a", "gw,:x", "b")]
    [InlineData("-a", "gw:99999,target:x", "b")]
    [InlineData("-v", "--delete", "a", "b")]
    public void A_wrong_command_line_is_one_line_and_the_exit_code_s(params string[] arguments)
    {
        var folder = lab.NewFolder(Libc.UserId);
        Directory.CreateDirectory(folder + "/a");

        var outcome = lab.Synchop(folder, Libc.UserId, arguments).Run();

        const string Code = "synchop error: syntax or usage error (code 1)\n";
        Assert.True(outcome is { ExitCode: 1, Stdout: "" } && outcome.Stderr.EndsWith(Code, StringComparison.Ordinal), outcome.ToString());
        Assert.True(OneLine(outcome.Stderr[..^Code.Length]), outcome.ToString());
        Lab.Remove(folder);
    }

    [Fact]
    public void Version_tells_the_parts()
    {
        var outcome = lab.Synchop("/", Libc.UserId, "--version").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Assert.StartsWith("synchop ", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("NativeAOT", outcome.Stdout, StringComparison.Ordinal);
        Assert.Contains("SSH.NET 2026.", outcome.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_tells_the_options()
    {
        var outcome = lab.Synchop("/", Libc.UserId, "--help").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        foreach (var option in new[] { "--dry-run, -n", "--archive, -a", "--delete", "--known-hosts", "--identity", "--itemize-changes, -i" })
            Assert.Contains(option, outcome.Stdout, StringComparison.Ordinal);
    }

    private static void Fails(Command command, string hop, int code)
    {
        var outcome = command.Run();
        Assert.True(outcome.ExitCode == code, $"exit code {code} expected\n{outcome}");
        Assert.True(OneLine(string.Concat(outcome.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Contains(" of ", StringComparison.Ordinal)).Select(line => line + "\n"))), outcome.ToString());
        Assert.Contains(hop, outcome.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Stderr, StringComparison.Ordinal);
    }

    private static bool OneLine(string text) => text.Length > 1 && text.IndexOf('\n', StringComparison.Ordinal) == text.Length - 1;

    private string[] KnownHosts() => File.ReadAllLines(lab.HomeOf(Libc.UserId) + "/.ssh/known_hosts");

    // The lab's config without its own known_hosts file.
    private string Config(string folder)
    {
        File.WriteAllLines(folder + "/config", File.ReadAllLines(lab.HomeOf(Libc.UserId) + "/.ssh/config")
            .Where(line => !line.Contains("UserKnownHostsFile", StringComparison.Ordinal)));
        return folder + "/config";
    }
}
