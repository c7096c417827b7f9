using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary><c>--complete</c>, which the shells' completions ask.</summary>
public sealed class CompleteTests(Lab lab)
{
    [Fact]
    public void Names_on_the_final_host_are_told_as_whole_words()
    {
        var folder = lab.NewFolder(Libc.UserId);
        Directory.CreateDirectory(folder + "/one two");
        File.WriteAllText(folder + "/one.txt", "");
        File.WriteAllText(folder + "/one\nline", "");
        File.WriteAllText(folder + "/two", "");
        File.WriteAllText(folder + "/.hidden", "");
        File.CreateSymbolicLink(folder + "/onelink", "one two");
        File.CreateSymbolicLink(folder + "/onelost", "nowhere");
        string target = $"gw,target:{folder}/";

        Told(lab.Synchop(folder, Libc.UserId, "--complete", "operand", target + "on").Run(), target, "one two/", "one.txt", "onelink/", "onelost");
        Told(lab.Synchop(folder, Libc.UserId, "--complete", "operand", target + ".").Run(), target, ".hidden");
        Told(lab.Synchop(folder, Libc.UserId, "--complete", "operand", target + "none").Run(), target);
        // The hops of ":path" and ways to reach them are those of the words before.
        Told(lab.Synchop(folder, Libc.UserId, "--complete", "operand", $":{folder}/tw", "-a", "--jump=gw", "target:x").Run(), $":{folder}/", "two");
        Lab.Remove(folder);
    }

    [Fact]
    public void Hosts_are_those_of_the_configuration_and_no_connection_is_made()
    {
        var outcome = lab.Synchop("/", Libc.UserId, "--complete", "operand", "gw,targ").Run();
        Assert.True(outcome is { ExitCode: 0, Stdout: "gw,target:\n", Stderr: "" }, outcome.ToString());
        outcome = lab.Synchop("/", Libc.UserId, "--complete", "hops", "gw3").Run();
        Assert.True(outcome is { ExitCode: 0, Stdout: "gw3\n", Stderr: "" }, outcome.ToString());
    }

    [Fact]
    public void Nothing_is_asked_and_a_failure_is_one_line()
    {
        var outcome = lab.Synchop("/", Libc.UserId, "--complete", "operand", "gw,target:/none/x").Run();
        Assert.True(outcome is { ExitCode: 3, Stdout: "" }, outcome.ToString());
        Assert.Single(outcome.Stderr.TrimEnd('\n').Split('\n'));
        // An unknown host key would be a question.
        outcome = lab.Synchop("/", Libc.UserId, "--complete", "operand", "gw,target:/x", "--known-hosts=/dev/null").Run();
        Assert.True(outcome is { ExitCode: 5, Stdout: "" }, outcome.ToString());
        Assert.Contains(": host key of ", outcome.Stderr, StringComparison.Ordinal);
        Assert.Single(outcome.Stderr.TrimEnd('\n').Split('\n'));
    }

    private static void Told(Outcome outcome, string before, params string[] names)
    {
        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Assert.Equal(string.Concat(names.Select(name => before + name + "\n")), outcome.Stdout);
    }
}
