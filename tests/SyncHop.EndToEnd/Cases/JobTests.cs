using System.Diagnostics;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Jobs of a job file: their commands, lock and history, and snapshots on both kinds of destination.</summary>
public sealed class JobTests(Lab lab) : IDisposable
{
    private readonly string folder = lab.NewFolder(Libc.UserId);

    public void Dispose() => Lab.Remove(folder);

    private string To(Mode mode) => mode == Mode.Push ? $"gw,target:{folder}/snaps" : folder + "/snaps";

    private Outcome Job(params string[] arguments) => Start(arguments).Run();

    // With locks and a history of its own: other tests have jobs of the same name.
    private Command Start(params string[] arguments) => new(folder, lab.HomeOf(Libc.UserId), Libc.UserId,
        ["env", $"XDG_STATE_HOME={folder}/state", Repository.Binary, .. arguments, "--job-file=jobs.toml"]);

    private void Write(string text) => File.WriteAllText(folder + "/jobs.toml", text);

    [Fact]
    public void Its_commands_surround_a_run_and_know_how_it_ended()
    {
        Tree.Parse("a=one b=two").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        string name = Path.GetFileName(folder);
        Write($$"""
            [job.j{{name}}]
            sources = "{{folder}}/src/"
            destination = "gw,target:{{folder}}/dst/"
            options = "-a"
            before = "echo begins $SYNCHOP_JOB $SYNCHOP_EXIT_CODE; test ! -e {{folder}}/no"
            after = ["sh", "-c", "echo ended $SYNCHOP_EXIT_CODE $SYNCHOP_FILES $SYNCHOP_BYTES $SYNCHOP_RESULT; test ! -e {{folder}}/noafter"]
            metrics-file = "{{folder}}/m.prom"
            """);
        Outcome outcome = Job("--job-check", "j" + name);
        Assert.Equal((0, $"job j{name}: ready; 2 files of 6 bytes would be sent, 0 entries removed\n", ""), (outcome.ExitCode, outcome.Stdout, outcome.Stderr));
        Assert.False(Directory.Exists(folder + "/dst"));
        Assert.EndsWith("never\n", Job("--job-status=j" + name).Stdout, StringComparison.Ordinal);

        outcome = Job("--job", "j" + name, "-i");
        Assert.Equal((0, $"begins j{name}\nended 0 2 6 success\n"), (outcome.ExitCode, outcome.Stderr));
        Assert.EndsWith("<f+++++++++ b\n", outcome.Stdout, StringComparison.Ordinal);
        Assert.Equal("two", File.ReadAllText(folder + "/dst/b"));
        Assert.Contains($"synchop_last_run_exit_code{{job=\"j{name}\"}} 0\n", File.ReadAllText(folder + "/m.prom"), StringComparison.Ordinal);
        Assert.Matches($@"\njob|j{name} +\d\d\d\d-\d\d-\d\d \d\d:\d\d:\d\d +0 +2 +6 +0 +\d+\.\d\n$", Job("--job-status=j" + name).Stdout);

        long success = Metric("last_success_timestamp_seconds");
        Thread.Sleep(1100); // The next time is another one.
        File.WriteAllText(folder + "/noafter", "");
        outcome = Job("--job", "j" + name);
        Assert.Equal(69, outcome.ExitCode);
        Assert.EndsWith($"synchop: job j{name}: after: sh ended with exit code 1\nsynchop error: the job's own command failed (code 69)\n", outcome.Stderr, StringComparison.Ordinal);
        // Nobody who watches may take that for success.
        Assert.Equal((69, success), (Metric("last_run_exit_code"), Metric("last_success_timestamp_seconds")));
        Assert.Matches($@"^j{name} +\d\d\d\d-\d\d-\d\d \d\d:\d\d:\d\d +69 ", Job("--job-status", "j" + name).Stdout.Split('\n')[^2]);
        string[] told = Job("--job", "j" + name, "--json").Stdout.TrimEnd('\n').Split('\n');
        System.Text.Json.JsonElement summary = System.Text.Json.JsonDocument.Parse(told[^1]).RootElement;
        Assert.Equal(("summary", 69, "error: the job's own command failed (code 69)"),
            (summary.GetProperty("type").GetString(), summary.GetProperty("exit_code").GetInt32(), summary.GetProperty("result").GetString()));
        Assert.Contains(told, line => line.Contains("after: sh ended with exit code 1", StringComparison.Ordinal));
        File.WriteAllText(folder + "/no", "");
        File.WriteAllText(folder + "/src/c", "new");
        outcome = Job("--job", "j" + name);
        Assert.Equal((69, false), (outcome.ExitCode, File.Exists(folder + "/dst/c")));
        Assert.Contains($"synchop: job j{name}: before: /bin/sh ended with exit code 1; nothing was done\n", outcome.Stderr, StringComparison.Ordinal);
        Assert.Contains("ended 69 0 0 error: ", outcome.Stderr, StringComparison.Ordinal);
        Assert.Contains($"synchop_last_run_exit_code{{job=\"j{name}\"}} 69\n", File.ReadAllText(folder + "/m.prom"), StringComparison.Ordinal);
        Assert.Equal(5, Job("--job-status=j" + name).Stdout.Count(c => c == '\n'));

        long Metric(string metric) => long.Parse(File.ReadLines(folder + "/m.prom").Single(line => line.StartsWith($"synchop_{metric}{{", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_check_says_at_its_end_whether_the_job_is_ready()
    {
        Tree.Parse("a=one").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        string job = $"[job.s]\nsources = \"{folder}/src/\"\ndestination = \"{folder}/dst/\"\noptions = \"-a\"\n";
        Write(job);
        Outcome outcome = Job("--job-check=s");
        Assert.Equal((0, "job s: ready; 1 file of 3 bytes would be sent, 0 entries removed\n", ""), (outcome.ExitCode, outcome.Stdout, outcome.Stderr));

        Write(job + $"metrics-file = \"{folder}/no/such.prom\"\n");
        outcome = Job("--job-check=s");
        Assert.Equal((23, "job s: not ready; error: some files/attrs were not transferred (see previous errors) (code 23)\n"), (outcome.ExitCode, outcome.Stdout));
        Assert.StartsWith($"synchop: cannot write the metrics file {folder}/no/such.prom: No such file or directory (2)\n", outcome.Stderr, StringComparison.Ordinal);

        Write(job.Replace("/src/", "/nowhere/", StringComparison.Ordinal) + "snapshots = true\n");
        outcome = Job("--job-check=s");
        Assert.Equal((23, "job s: not ready; error: some files/attrs were not transferred (see previous errors) (code 23)\n"), (outcome.ExitCode, outcome.Stdout));
        Assert.Contains("\nsynchop: with such errors a run would complete no snapshot\n", outcome.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("partial;", outcome.Stderr, StringComparison.Ordinal);

        Write(job.Replace("\"-a\"", "\"--nonsense\"", StringComparison.Ordinal));
        outcome = Job("--job-check=s");
        Assert.Equal((1, "job s: not ready; error: syntax or usage error (code 1)\n"), (outcome.ExitCode, outcome.Stdout));
        Assert.StartsWith("synchop: job s: --nonsense: unknown option\n", outcome.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_tells_what_is_wrong_with_each_job()
    {
        string rest = $"sources = \"{folder}/src/\"\ndestination = \"{folder}/dst/\"\n";
        Write($"[job.good]\n{rest}keys = \"credential:k\"\n[job.relative]\n{rest.Replace(folder, "here", StringComparison.Ordinal)}"
            + $"[job.option]\n{rest}options = \"-a --nonsense\"\n[job.rules]\n{rest}options = \"-a --exclude-from=/no/such\"\n");
        Outcome outcome = Job("--job-list");
        Assert.Equal((1, 4), (outcome.ExitCode, outcome.Stdout.Count(c => c == '\n')));
        Assert.Equal("""
            synchop: job relative: here/src/: a local name in a job must begin with / or ~/
            synchop: job option: --nonsense: unknown option
            synchop: job rules: failed to open exclude file /no/such: No such file or directory (2)
            synchop error: syntax or usage error (code 1)

            """, outcome.Stderr);
        Assert.Equal(11, Job("--job=rules").ExitCode);
    }

    [Fact]
    public void An_unfinished_run_counts_what_is_there()
    {
        Tree.Parse("a=one z*20000000").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        string name = "u" + Path.GetFileName(folder);
        Write($"[job.{name}]\nsources = \"{folder}/src/\"\ndestination = \"{folder}/dst/\"\noptions = \"-a --bwlimit=1m\"\n");
        Start("--job", name).Run(process =>
        {
            // Some of the second is there: by then the first has been counted.
            WaitFor(() => File.Exists(folder + "/dst/a") && new DirectoryInfo(folder + "/dst").GetFiles().Any(static file => file.Length > 300_000));
            Libc.Signal(process.Id, Libc.SigTerm);
        });
        Assert.Matches($@"^{name} +\d\d\d\d-\d\d-\d\d \d\d:\d\d:\d\d +20 +1 +3 +0 ", Job("--job-status", name).Stdout.Split('\n')[1]);
    }

    [Fact]
    public void A_command_that_is_not_there_is_one_line()
    {
        Directory.CreateDirectory(folder + "/src");
        Write($"[job.s]\nsources = \"{folder}/src/\"\ndestination = \"{folder}/dst/\"\noptions = \"-a\"\nbefore = [\"/no/such\"]\n");
        Outcome outcome = Job("--job=s");
        Assert.Equal((69, "synchop: job s: before: /no/such: No such file or directory (2); nothing was done\nsynchop error: the job's own command failed (code 69)\n"),
            (outcome.ExitCode, outcome.Stderr));
    }

    [Theory]
    [InlineData("optons = \"-a\"", 1, "jobs.toml:4: unknown key optons; ")]
    [InlineData("options = \"--nonsense\"", 1, "job a: --nonsense: unknown option\n")]
    [InlineData("options = \"-a --version\"", 1, "job a: its options do not make a run\n")]
    [InlineData("snapshots = true", 1, "job a: snapshots need --recursive, as in -a\n")]
    [InlineData("options = \"-a --inplace\"\nsnapshots = true", 1, "job a: snapshots do not go with --inplace and --append")]
    [InlineData("options = [\"-a\", \"delete\"]", 1, "job a: a word in its options is neither an option nor the value of one\n")]
    [InlineData("keys = \"gw=~/.ssh/nix\"", 1, "job a: there is no key file ~/.ssh/nix\n")]
    [InlineData("keys = \"credential:k\"", 1, "job a: the credential k is only there in a service that loads it: CREDENTIALS_DIRECTORY is not set\n")]
    [InlineData("bandwidth = { from = \"08:00\", to = \"09:00\", limit = \"1x\" }", 1, "job a: bandwidth is for what goes to or comes from a host\n")]
    public void A_mistake_ends_it_before_anything_is_done(string line, int code, string complaint)
    {
        Write($"[job.a]\nsources = \"{folder}/src/\"\ndestination = \"{folder}/dst/\"\n{line}\n");
        Outcome outcome = Job("--job=a");
        Assert.Equal(code, outcome.ExitCode);
        Assert.StartsWith("synchop: " + complaint, outcome.Stderr, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder + "/dst"));
    }

    [Fact]
    public void A_job_that_has_become_wrong_does_not_look_as_if_its_last_run_were_good()
    {
        Tree.Parse("a=one").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        string name = "m" + Path.GetFileName(folder);
        string job = $"[job.{name}]\nsources = \"{folder}/src/\"\ndestination = \"{folder}/dst/\"\noptions = \"-a\"\nmetrics-file = \"{folder}/m.prom\"\n";
        Write(job);
        Assert.Equal(0, Job("--job", name).ExitCode);
        Write(job + "keys = \"credential:k\"\n");
        Assert.Equal(1, Job("--job", name).ExitCode);
        Assert.Contains($"synchop_last_run_exit_code{{job=\"{name}\"}} 1\n", File.ReadAllText(folder + "/m.prom"), StringComparison.Ordinal);
        Assert.Matches($@"^{name} +\S+ \S+ +1 ", Job("--job-status", name).Stdout.Split('\n')[^2]);
    }

    [Fact]
    public void What_a_command_leaves_running_is_not_waited_for()
    {
        Directory.CreateDirectory(folder + "/src");
        Write($"[job.s]\nsources = \"{folder}/src/\"\ndestination = \"{folder}/dst/\"\noptions = \"-a\"\nbefore = \"sleep 60 & echo said\"\nafter = \"setsid sleep 60 & true\"\n");
        Stopwatch watch = Stopwatch.StartNew();
        Outcome outcome = Job("--job=s");
        Assert.Equal((0, "said\n"), (outcome.ExitCode, outcome.Stderr));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    /// <summary>The home directory is an empty path, and no root directory.</summary>
    [Fact]
    public void Snapshots_in_the_home_directory_are_made_there()
    {
        Tree.Parse("a=one").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Write($"[job.s]\nsources = \"{folder}/src/\"\ndestination = \"gw,target:\"\noptions = \"-a\"\nsnapshots = true\n");
        Outcome outcome = Job("--job=s", "-nvv");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.DoesNotMatch("(?m)(^| )/20", outcome.Stdout + outcome.Stderr);
    }

    [Fact]
    public void Two_jobs_do_not_write_to_one_directory_of_snapshots_at_once()
    {
        Directory.CreateDirectory(folder + "/src");
        string rest = $"sources = \"{folder}/src/\"\ndestination = \"{folder}/snaps\"\noptions = \"-a\"\nsnapshots = true\n";
        string name = "t" + Path.GetFileName(folder);
        Write($"[job.{name}]\n{rest}before = \"touch {folder}/began; sleep 60\"\n[job.{name}2]\n{rest}");
        Start("--job", name).Run(first =>
        {
            WaitFor(() => File.Exists(folder + "/began"));
            Assert.Equal(75, Job("--job", name + "2").ExitCode);
            Libc.Signal(first.Id, Libc.SigTerm);
        });
        Assert.Equal(0, Job("--job", name + "2").ExitCode);
    }

    [Fact]
    public void A_connection_that_is_lost_while_old_snapshots_go_does_not_undo_the_new_one()
    {
        Tree.Parse("a=one").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        string old = folder + "/snaps/2020-01-01T00-00-00";
        Directory.CreateDirectory(old);
        for (int i = 0; i < 3000; i++) File.WriteAllText($"{old}/{i}", "");
        using Relay relay = new(int.Parse(lab.PortOf("gw"), System.Globalization.CultureInfo.InvariantCulture));
        Write($"[job.s]\nsources = \"{folder}/src/\"\ndestination = \"gw,target:{folder}/snaps\"\noptions = \"-a\"\nsnapshots = true\nkeep = {{ last = 1 }}\nretries = 3\nretry-wait = 0\n");
        File.WriteAllText(folder + "/config", File.ReadAllText(lab.HomeOf(Libc.UserId) + "/.ssh/config").Replace("Host gw\n", $"Host gw\n    HostKeyAlias gw\n    Port {relay.Port}\n", StringComparison.Ordinal));
        Outcome outcome = Start("--job=s", "--ssh-config=config").Run(process =>
        {
            SpinWait.SpinUntil(() => Directory.Exists(old + ".removing") || process.HasExited);
            relay.Cut();
        });
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Contains("trying again", outcome.Stderr, StringComparison.Ordinal);
        string made = Assert.Single(Snapshots());
        Assert.Equal(["latest", made], Directory.EnumerateFileSystemEntries(folder + "/snaps").Select(Path.GetFileName).OrderDescending(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("nowhere/x.prom", "No such file or directory (2)")]
    [InlineData("src", "Is a directory (21)")]
    public void A_metrics_file_that_cannot_be_written_is_told_and_not_success(string file, string reason)
    {
        Tree.Parse("a=one").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Outcome outcome = lab.Synchop(folder, Libc.UserId, "-a", "--metrics-file", file, "src/", "dst/").Run();
        Assert.Equal((23, $"synchop: cannot write the metrics file {file}: {reason}\nsynchop error: some files/attrs were not transferred (see previous errors) (code 23)\n"),
            (outcome.ExitCode, outcome.Stderr));
        Assert.Equal("one", File.ReadAllText(folder + "/dst/a"));
        outcome = lab.Synchop(folder, Libc.UserId, "-a", "--metrics-file", file, "gone/", "dst/").Run();
        Assert.Equal(23, outcome.ExitCode);
        outcome = lab.Synchop(folder, Libc.UserId, "-a", "--metrics-file", file, "src/", "no/such/dst/").Run();
        Assert.Equal(11, outcome.ExitCode);
    }

    [Fact]
    public void A_run_does_not_overlap_one_of_the_same_job()
    {
        Directory.CreateDirectory(folder + "/src");
        string name = "o" + Path.GetFileName(folder);
        Write($"[job.{name}]\nsources = \"{folder}/src/\"\ndestination = \"{folder}/dst/\"\noptions = \"-a\"\nbefore = \"touch {folder}/began; while test -e {folder}/began; do sleep 0.1; done\"\nmetrics-file = \"{folder}/m.prom\"\n");
        Start("--job", name).Run(first =>
        {
            WaitFor(() => File.Exists(folder + "/began"));
            Outcome second = Job("--job", name);
            Assert.Equal(75, second.ExitCode);
            Assert.Contains($"/locks/job-{name}.lock is locked by process ", second.Stderr, StringComparison.Ordinal);
            Assert.Matches($@"\n{name} +runs: process \d+ since \d\d\d\d-", Job("--job-status").Stdout);
            Assert.Contains($"synchop_last_run_exit_code{{job=\"{name}\"}} 75\n", File.ReadAllText(folder + "/m.prom"), StringComparison.Ordinal);
            Outcome told = Job("--job", name, "--json");
            Assert.Equal(["start", "message", "summary"], told.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
                System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()));
            Libc.Signal(first.Id, Libc.SigTerm);
            Assert.True(first.WaitForExit(TimeSpan.FromSeconds(20)));
            Assert.Equal(20, first.ExitCode);
        });
        Assert.DoesNotContain("process", Job("--job-status").Stdout, StringComparison.Ordinal);
        File.Delete(folder + "/began");
        Start("--job", name).Run(first =>
        {
            WaitFor(() => File.Exists(folder + "/began"));
            first.Kill();
            first.WaitForExit();
            Assert.Matches($@"\n{name} +was killed: process \d+ since \d\d\d\d-", Job("--job-status").Stdout);
            File.Delete(folder + "/began");
        });
    }

    [Fact]
    public void Both_locks_are_waited_for_and_taken_before_anything_is_done()
    {
        Directory.CreateDirectory(folder + "/src");
        string name = "w" + Path.GetFileName(folder);
        string rest = $"sources = \"{folder}/src/\"\ndestination = \"{folder}/dst/\"\noptions = \"-a --lock={folder}/x.lock\"\n";
        Write($"[job.{name}]\n{rest}before = \"touch {folder}/began; while test ! -e {folder}/go; do sleep 0.05; done\"\n"
            + $"[job.{name}2]\n{rest}before = \"touch {folder}/before\"\nafter = \"touch {folder}/after\"\n");
        Start("--job", name).Run(first =>
        {
            WaitFor(() => File.Exists(folder + "/began"));
            Outcome other = Job("--job", name + "2");
            Assert.Equal(75, other.ExitCode);
            Assert.StartsWith($"synchop: {folder}/x.lock is locked by process ", other.Stderr, StringComparison.Ordinal);
            Assert.False(File.Exists(folder + "/before") || File.Exists(folder + "/after"));

            using Timer release = new(_ => File.WriteAllText(folder + "/go", ""), null, 1500, Timeout.Infinite);
            Outcome same = Job("--job", name, "--lock-wait=20", "-v");
            Assert.True(same.ExitCode == 0, same.ToString());
            Assert.Contains($"/locks/job-{name}.lock of process {first.Id} ", same.Stderr, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(Mode.Local)]
    [InlineData(Mode.Push)]
    public void Snapshots_share_what_did_not_change_and_the_rule_says_which_stay(Mode mode)
    {
        Tree.Parse("same=same changes=1 sub/deep=deep link->same closed/file=x").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Libc.SetMode(folder + "/src/closed", Tree.Octal("555"));
        Write($"[job.s]\nsources = \"{folder}/src/\"\ndestination = \"{To(mode)}\"\noptions = \"-a\"\nsnapshots = true\nkeep = {{ last = 2 }}\n");
        for (int run = 1; run <= 3; run++)
        {
            File.WriteAllText(folder + "/src/changes", run.ToString(System.Globalization.CultureInfo.InvariantCulture) + new string('x', run));
            Outcome outcome = Job("--job", "s", "-v");
            Assert.True(outcome.ExitCode == 0, outcome.ToString());
            Assert.Contains("completed snapshot 20", outcome.Stdout, StringComparison.Ordinal);
        }
        string[] left = Snapshots();
        Assert.Equal(2, left.Length);
        Assert.Equal(left[1], Libc.ReadLink(folder + "/snaps/latest"));
        Assert.Equal(["2xx", "3xxx"], left.Select(name => File.ReadAllText($"{folder}/snaps/{name}/changes")));
        Assert.Equal(Inode(left[0], "same"), Inode(left[1], "same"));
        Assert.Equal(Inode(left[0], "sub/deep"), Inode(left[1], "sub/deep"));
        Assert.NotEqual(Inode(left[0], "changes"), Inode(left[1], "changes"));

        Outcome dry = Job("--job", "s", "-n");
        Assert.Equal((0, $"removing snapshot {left[0]}\n"), (dry.ExitCode, dry.Stdout));
        Assert.EndsWith(", 1 entry removed\n", Job("--job-check", "s").Stdout, StringComparison.Ordinal);
        Assert.Equal([.. left, "latest"], Directory.EnumerateFileSystemEntries(folder + "/snaps").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Mode.Local)]
    [InlineData(Mode.Push)]
    public void A_snapshot_that_was_killed_is_continued_and_older_ones_stay_what_they_were(Mode mode)
    {
        string slow = mode == Mode.Push ? " --bwlimit=300k" : " --bwlimit=1m";
        Tree.Parse("attrs=same:0644 gone=x b*2000000 z*2000000").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        string job = $"[job.s]\nsources = \"{folder}/src/\"\ndestination = \"{To(mode)}\"\nsnapshots = true\n";
        Write(job + "options = \"-a\"\n");
        Assert.Equal(0, Job("--job", "s").ExitCode);
        string first = Assert.Single(Snapshots());
        File.SetLastWriteTimeUtc(folder + "/src/b", DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(folder + "/src/z", DateTime.UnixEpoch);
        Write(job + $"options = \"-a --no-whole-file --delta=off{slow}\"\n");
        Start("--job", "s").Run(process =>
        {
            WaitFor(() => Partials().Length == 1 && File.Exists($"{folder}/snaps/{Partials()[0]}/attrs") && Directory.GetFiles($"{folder}/snaps/{Partials()[0]}").Length > 2);
            process.Kill();
        });
        string partial = Assert.Single(Partials());
        Assert.Equal([first], Snapshots());
        Assert.Equal(first, Libc.ReadLink(folder + "/snaps/latest"));
        Assert.Equal(Inode(first, "attrs"), Inode(partial, "attrs"));

        // What is a name of an older snapshot's file, too, must not be changed in place.
        Libc.SetMode(folder + "/src/attrs", Tree.Octal("600"));
        File.Delete(folder + "/src/gone");
        Write(job + "options = \"-a\"\n");
        Outcome outcome = Job("--job", "s", "-v");
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Contains($"continuing snapshot {partial} as 20", outcome.Stdout, StringComparison.Ordinal);
        Assert.Empty(Partials());
        string second = Snapshots()[1];
        Assert.Equal(second, Libc.ReadLink(folder + "/snaps/latest"));
        Assert.Equal((Tree.Octal("644"), Tree.Octal("600")), (ModeOf(first, "attrs"), ModeOf(second, "attrs")));
        Assert.Equal((true, false), (File.Exists($"{folder}/snaps/{first}/gone"), File.Exists($"{folder}/snaps/{second}/gone")));
        Assert.Equal(["attrs", "b", "z"], Directory.EnumerateFiles($"{folder}/snaps/{second}").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Null(Snapshot.Difference(Snapshot.Take(folder + "/src", lab.Started), Snapshot.Take($"{folder}/snaps/{second}", lab.Started)));
    }

    [Fact]
    public void A_snapshot_with_errors_is_not_complete_unless_they_are_accepted()
    {
        Tree.Parse("a=one").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        string job = $"[job.s]\nsources = [\"{folder}/src/\", \"{folder}/nowhere\"]\ndestination = \"{folder}/snaps\"\noptions = \"-a\"\nsnapshots = true\n";
        Write(job);
        Outcome outcome = Job("--job=s");
        Assert.Equal((23, 0, 1), (outcome.ExitCode, Snapshots().Length, Partials().Length));
        Assert.Contains($"synchop: the snapshot stays {Partials()[0]}; the next run goes on with it\n", outcome.Stderr, StringComparison.Ordinal);
        Write(job + "accept-errors = true\n");
        Assert.Equal((23, 1, 0), (Job("--job=s").ExitCode, Snapshots().Length, Partials().Length));
    }

    [Fact]
    public void A_snapshot_of_the_future_is_told_and_keeps_the_others_from_being_removed()
    {
        Tree.Parse("a=one").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Directory.CreateDirectory(folder + "/snaps");
        foreach (string name in (string[])["2020-01-01T00-00-00", "2099-01-01T00-00-00"]) Tree.Parse("a=old").Build($"{folder}/snaps/{name}", Libc.UserId, Libc.GroupId);
        Write($"[job.s]\nsources = \"{folder}/src/\"\ndestination = \"{folder}/snaps\"\noptions = \"-a\"\nsnapshots = true\nkeep = {{ daily = 1 }}\n");
        Outcome outcome = Job("--job=s");
        Assert.Equal(23, outcome.ExitCode);
        Assert.StartsWith("synchop: snapshot 2099-01-01T00-00-00 is of the future: nothing is removed while it is there; ", outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal(["2020-01-01T00-00-00", "2099-01-01T00-00-00", "2099-01-01T00-00-01"], Snapshots());
    }

    [Theory]
    [InlineData("latest", "what is called latest there is no symlink: it stays, and does not point to the newest snapshot\n")]
    [InlineData(".latest.new", "latest cannot point to the newest snapshot: ")]
    public void Snapshots_go_on_where_latest_cannot_be(string obstacle, string complaint)
    {
        Tree.Parse("a=one").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Directory.CreateDirectory(folder + "/snaps");
        // The second of them is nothing that could be followed by another.
        foreach (string name in (string[])["2020-01-01T00-00-00", "9999-12-31T23-59-59", obstacle]) Tree.Parse("a=old").Build($"{folder}/snaps/{name}", Libc.UserId, Libc.GroupId);
        Write($"[job.s]\nsources = \"{folder}/src/\"\ndestination = \"{folder}/snaps\"\noptions = \"-a\"\nsnapshots = true\nkeep = {{ last = 1 }}\n");
        Outcome outcome = Job("--job=s");
        Assert.Equal(23, outcome.ExitCode);
        Assert.StartsWith("synchop: " + complaint, outcome.Stderr, StringComparison.Ordinal);
        string made = Assert.Single(Snapshots(), name => name[0] == '2' && !name.StartsWith("2020", StringComparison.Ordinal));
        Assert.Equal([made, "9999-12-31T23-59-59"], Named(name => name.Length == 19));
        Assert.EndsWith(made + "\n", Job("--job-status=s").Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_earlier_run_left_goes_before_anything_is_copied()
    {
        Tree.Parse("a=one").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        Directory.CreateDirectory(folder + "/snaps");
        foreach (string name in (string[])["2020-01-01T00-00-00.removing", "2020-01-02T00-00-00.partial", "2020-01-03T00-00-00.partial"])
            Tree.Parse("a=old").Build($"{folder}/snaps/{name}", Libc.UserId, Libc.GroupId);
        Write($"[job.s]\nsources = [\"{folder}/src/\", \"{folder}/nowhere\"]\ndestination = \"{folder}/snaps\"\noptions = \"-a\"\nsnapshots = true\nkeep = {{ last = 1 }}\n");
        Outcome dry = Job("--job=s", "-n");
        Assert.StartsWith("removing snapshot 2020-01-01T00-00-00.removing\nremoving snapshot 2020-01-02T00-00-00.partial\n", dry.Stdout, StringComparison.Ordinal);
        Assert.Equal(23, Job("--job=s").ExitCode);
        Assert.Single(Directory.EnumerateFileSystemEntries(folder + "/snaps"));
    }

    /// <summary>What goes is told as the run would do it, and not by the name of the snapshot that is continued.</summary>
    [Fact]
    public void A_dry_run_names_the_snapshots_that_the_run_removes()
    {
        Tree.Parse("a=one").Build(folder + "/src", Libc.UserId, Libc.GroupId);
        string yesterday = DateTime.Now.AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        string before = DateTime.Now.AddDays(-2).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Directory.CreateDirectory(folder + "/snaps");
        foreach (string name in (string[])[before + "T03-00-00", yesterday + "T03-00-00", yesterday + "T04-00-00.partial"])
            Tree.Parse("a=old").Build($"{folder}/snaps/{name}", Libc.UserId, Libc.GroupId);
        Write($"[job.s]\nsources = \"{folder}/src/\"\ndestination = \"{folder}/snaps\"\noptions = \"-a\"\nsnapshots = true\nkeep = {{ daily = 2 }}\n");
        Assert.Equal($"removing snapshot {before}T03-00-00\n", Job("--job=s", "-n").Stdout);
        Assert.Contains($"removing snapshot {before}T03-00-00\n", Job("--job=s", "-v").Stdout, StringComparison.Ordinal);
        Assert.Equal(2, Snapshots().Length);
    }

    private string[] Snapshots() => Named(name => name.Length == 19 && name[0] == '2');

    private string[] Partials() => Named(name => name.EndsWith(".partial", StringComparison.Ordinal));

    private string[] Named(Func<string, bool> wanted) => Directory.Exists(folder + "/snaps")
        ? [.. Directory.EnumerateDirectories(folder + "/snaps").Select(path => Path.GetFileName(path)!).Where(name => name != "latest" && wanted(name)).Order(StringComparer.Ordinal)]
        : [];

    private ulong Inode(string snapshot, string file) => Libc.TryStatus($"{folder}/snaps/{snapshot}/{file}")!.Value.Inode;

    private int ModeOf(string snapshot, string file) => Libc.TryStatus($"{folder}/snaps/{snapshot}/{file}")!.Value.Mode;

    private static void WaitFor(Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "what was waited for does not come");
            Thread.Sleep(20);
        }
    }
}
