using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary><c>--check</c>, and what <c>-vv</c> and <c>-vvv</c> tell of the way.</summary>
public sealed class CheckTests(Lab lab)
{
    [Fact]
    public void Every_hop_and_the_path_are_described_and_nothing_is_left_behind()
    {
        var folder = lab.NewFolder(Libc.UserId);

        var outcome = lab.Synchop(folder, Libc.UserId, "--check", $"gw,target:{folder}").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Has(outcome, $"hop 1 of 2: {lab.UserAt("gw")}@gw", $"hop 2 of 2: {lab.UserAt("target")}@target", " through ", "SSH-2.0-OpenSSH",
            Fingerprint("gw"), Fingerprint("target"), "/.ssh/id_gw", "/.ssh/id_target", "round trip        ", " ms",
            "posix-rename@openssh.com 1", "limits            packet 262144", "clock             as ours, to within",
            $"path {folder}", "is                a directory", "readable          yes", "writable          yes",
            "-a loses          parts of a second", "devices, named pipes and sockets");
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Lab.Remove(folder);
    }

    [Fact]
    public void A_dry_run_touches_nothing_and_local_operands_are_passed_over()
    {
        var folder = lab.NewFolder(Libc.UserId);
        var long_ago = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Directory.SetLastWriteTimeUtc(folder, long_ago);

        var outcome = lab.Synchop("/", Libc.UserId, "--check", "-nva", "somewhere/", $"sftp://gw,target{folder}").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Has(outcome, "is                a directory", "writable          unknown", "clock             unknown");
        Assert.Equal(long_ago, Directory.GetLastWriteTimeUtc(folder));
        Lab.Remove(folder);
    }

    [Fact]
    public void A_path_that_is_not_there_and_a_file_and_one_that_cannot_be_read()
    {
        var folder = lab.NewFolder(Libc.UserId);
        File.WriteAllText(folder + "/file", "x");

        var outcome = lab.Synchop(folder, Libc.UserId, "--check", $"gw,target:{folder}/new", $":{folder}/file", ":/proc/self/nothing").Run();
        var inMissing = lab.Synchop(folder, Libc.UserId, "--check", $"gw,target:{folder}/a/b").Run();

        Assert.Equal(23, outcome.ExitCode);
        Assert.EndsWith($": the source {folder}/new does not exist\n", outcome.Stderr, StringComparison.Ordinal);
        Has(outcome, "is                not there, as a source must be", "is                a file", "is                not there yet",
            "writable          no: ");
        Assert.True(inMissing is { ExitCode: 0, Stderr: "" }, inMissing.ToString());
        Has(inMissing, $"writable          no: the directory {folder}/a does not exist");
        Assert.Equal([folder + "/file"], Directory.GetFileSystemEntries(folder));
        Lab.Remove(folder);
    }

    [Fact]
    public void What_an_ordinary_user_loses_is_said()
    {
        Assert.SkipWhen(lab.OrdinaryUser == Libc.UserId && Libc.UserId == 0, "there is no ordinary user here");
        var folder = lab.NewFolder(lab.OrdinaryUser);

        var outcome = lab.Synchop(folder, lab.OrdinaryUser, "--check", $"gw,target:{folder}").Run();
        var etc = lab.Synchop(folder, lab.OrdinaryUser, "--check", "gw,target:/etc").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Has(outcome, "owners, and groups that", $"(the login has uid {lab.OrdinaryUser})");
        Has(etc, "writable          no: no file can be made in the directory /etc: permission denied");
        Lab.Remove(folder);
    }

    [Fact]
    public void A_hop_that_fails_gives_its_reason_and_code_after_those_that_were_reached()
    {
        var folder = lab.NewFolder(Libc.UserId);

        var outcome = lab.Synchop(folder, Libc.UserId, "--check", "gw,nosuchuser@target:x", $"gw,target:{folder}").Run();

        Assert.True(outcome.ExitCode == 5, outcome.ToString());
        Assert.StartsWith("synchop: hop 2 of 2, nosuchuser@target", outcome.Stderr, StringComparison.Ordinal);
        Assert.Contains("permission denied", outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Stderr.Count(c => c == '\n'));
        Has(outcome, "hop 1 of 2", "is                a directory"); // The first of the way that failed; and the other endpoint.
        Lab.Remove(folder);
    }

    [Fact]
    public void Hops_are_told_as_they_are_reached_and_SSH_NETs_log_at_the_third_v()
    {
        var folder = lab.NewFolder(Libc.UserId);

        var two = lab.Synchop(folder, Libc.UserId, "-nvv", $"gw,nosuchuser@target:{folder}").Run();
        var three = lab.Synchop(folder, Libc.UserId, "-nvvv", $"gw,target:{folder}").Run();

        Assert.Matches(@"^hop 1: \S+@gw\S* \(\S+\), host key ssh-ed25519 SHA256:\S+, publickey \S+/id_gw, \S+, \S+, SSH-2\.0-\S+.*, \d+ ms\n", two.Stderr);
        Assert.DoesNotContain("KEXINIT", two.Stderr, StringComparison.Ordinal);
        Assert.True(three.ExitCode == 0, three.ToString());
        Assert.Contains("@gw", three.Stderr, StringComparison.Ordinal);
        Assert.Matches(@"@target\S*: Session: Received message SSH_MSG_KEXINIT\(20\)", three.Stderr);
        Assert.Contains("SSH_MSG_USERAUTH_REQUEST (publickey) ssh-ed25519", three.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("SSH_MSG_CHANNEL_DATA", three.Stderr, StringComparison.Ordinal);
        Lab.Remove(folder);
    }

    [Fact]
    public void A_source_is_not_written_to()
    {
        var folder = lab.NewFolder(Libc.UserId);
        var longAgo = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Directory.SetLastWriteTimeUtc(folder, longAgo);

        var outcome = lab.Synchop("/", Libc.UserId, "--check", "-a", $"gw,target:{folder}", "somewhere").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Assert.DoesNotContain("writable", outcome.Stdout, StringComparison.Ordinal);
        Assert.Equal(longAgo, Directory.GetLastWriteTimeUtc(folder));
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("folder", "a host to check ends with a colon")]
    [InlineData("gw,target", "a host to check ends with a colon")]
    [InlineData(":x", "the name of the host is empty")]
    public void Something_remote_must_be_named(string operand, string reason)
    {
        var outcome = lab.Synchop("/", Libc.UserId, "--check", operand).Run();

        Assert.True(outcome is { ExitCode: 1, Stdout: "" }, outcome.ToString());
        Assert.Contains(reason, outcome.Stderr, StringComparison.Ordinal);
    }

    private string Fingerprint(string hop) =>
        new Command("/", "/", Libc.UserId, ["ssh-keygen", "-lf", $"{lab.Directory}/{hop}/host_key.pub"]).Run().Stdout.Split(' ')[1];

    private static void Has(Outcome outcome, params string[] parts) =>
        Assert.All(parts, part => Assert.True(outcome.Stdout.Contains(part, StringComparison.Ordinal), $"\"{part}\" is missing\n{outcome}"));
}
