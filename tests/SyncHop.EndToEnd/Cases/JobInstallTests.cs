using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary><c>--job-install</c> and <c>--job-uninstall</c>, as an ordinary user: root's would be the system's own units.</summary>
public sealed class JobInstallTests(Lab lab) : IDisposable
{
    private readonly string folder = lab.NewFolder(lab.OrdinaryUser);

    public void Dispose() => Lab.Remove(folder);

    [Fact]
    public void Units_are_written_told_and_removed()
    {
        Assert.NotEqual(0u, lab.OrdinaryUser);
        string name = "i" + Path.GetFileName(folder), units = lab.HomeOf(lab.OrdinaryUser) + "/.config/systemd/user";
        File.WriteAllText(folder + "/jobs.toml", $"[job.{name}]\nsources = \"/tmp/\"\ndestination = \"/tmp/x\"\n");
        Libc.SetMode(folder + "/jobs.toml", Tree.Octal("644"));

        Outcome outcome = Run("--job-install", name, "--on-calendar=*-*-* 03:00", "--job-file=jobs.toml");
        string[] lines = outcome.Stdout.Split('\n');
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal([$"wrote {units}/synchop-{name}.service", $"wrote {units}/synchop-{name}.timer"], lines[..2]);
        Assert.Equal($"To have it run: systemctl --user daemon-reload && systemctl --user enable --now synchop-{name}.timer", lines[2]);
        Assert.Contains($" --batch --job-file=\"{folder}/jobs.toml\" --job={name}\n", File.ReadAllText($"{units}/synchop-{name}.service"), StringComparison.Ordinal);
        Assert.Contains("\nOnCalendar=*-*-* 03:00\n", File.ReadAllText($"{units}/synchop-{name}.timer"), StringComparison.Ordinal);

        Assert.Equal(0, Run("--job-uninstall", name).ExitCode);
        outcome = Run("--job-install", name, "--on-calendar=25:00 bogus", "--job-file=jobs.toml");
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Stdout));
        Assert.StartsWith("synchop: --on-calendar=25:00 bogus: systemd does not take that for a time", outcome.Stderr, StringComparison.Ordinal);
        Assert.False(File.Exists($"{units}/synchop-{name}.timer") || File.Exists($"{units}/synchop-{name}.service"));
        outcome = Run("--job-uninstall", name);
        Assert.Equal((1, $"synchop: the job {name} has no units here\nsynchop error: syntax or usage error (code 1)\n"), (outcome.ExitCode, outcome.Stderr));
        Assert.Equal(1, Run("--job-uninstall=../x").ExitCode);
        Assert.Equal(1, Run("--on-calendar=daily", "--job-list").ExitCode);
        Assert.Equal(1, Run("--job-install", name, "--on-calendar=daily\nPersistent=false", "--job-file=jobs.toml").ExitCode);
    }

    private Outcome Run(params string[] arguments) => lab.Synchop(folder, lab.OrdinaryUser, arguments).Run();
}
