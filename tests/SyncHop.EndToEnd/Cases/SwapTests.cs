using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>
/// Where rsync had it wrong according to its release notes (NEWS of 3.4.0 to 3.5.0), and what else could go wrong in the same
/// way: a directory of a local tree changes places with a symlink that leads out of it while a run goes on. Nothing outside may
/// be written, removed, made, changed or read. The CVE numbers of the notes are in the names of the cases.
/// <para>
/// Without a counterpart here, because there is no daemon, no protocol between two programs, no restricted shell and no C:
/// CVE-2026-53783 (rrsync), 53784, 53786, 53788, 53789, 53791, 53793, 53798 (daemon modules, chroot, name converters), 53790 and
/// 70454 (rsync-ssl, connection programs), 53792, 53794, 70453, 70455 to 70459, 70461 (the wire protocol's numbers and
/// allocations), 70452, 70463, 70464, 2026-43617 (daemon access), 70462 (a timeout sent by the peer), 2026-43618, 43620, 45232,
/// 2024-12084 and 12085 (memory safety). 53799 (attributes of a swapped entry) is covered below for permissions, owners and
/// times; 2024-12087, a server's names that lead out of the tree, is in HostileListingTests and in the SFTP replica's tests.
/// </para>
/// </summary>
public sealed class SwapTests(Lab lab)
{
    private const int Runs = 4, Files = 25;

    private static readonly EnumerationOptions WithoutLinks = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private static readonly int[] Permitted = [0, 23, 24];

    public static TheoryData<string, string> OnDestination => new()
    {
        { "CVE-2026-29518 CVE-2026-43619 CVE-2024-12747 writing", "-a" },
        { "CVE-2026-53799 attributes alone", "-a --size-only --chmod=u+x" },
        { "CVE-2026-53785 directories are made", "-a --mkpath --ignore-times" },
        { "CVE-2026-53795 hard links to an absolute earlier copy", "-a --link-dest={0}/earlier" },
        { "copies of an earlier copy", "-a --copy-dest={0}/earlier" },
        { "CVE-2026-70460 partial directory", "-a --partial-dir=.p" },
        { "CVE-2026-70460 backup directory", "-a -b --backup-dir={0}/backups" },
        { "CVE-2026-70460 backup directory in the tree", "-a -b --backup-dir=backups" },
        { "backups beside the files", "-a -b" },
        { "in place", "-a --inplace" },
        { "appended", "-a --append-verify" },
        { "delayed", "-a --delay-updates" },
        { "deleted", "-a --delete" },
        { "deleted after all else", "-a --delete-after" },
        { "obstacles", "-a --force" },
        { "names of one file", "-aH" },
        { "compared by content", "-ac" },
        { "names with their paths", "-aR src/./d" },
        { "names from a file", "-a --files-from={0}/names" },
        { "names from a file, on the way to which symlinks are followed", "-a --no-implied-dirs --files-from={0}/names" },
        { "temporary directory", "-a --temp-dir={0}/backups" },
        { "temporary directory in the tree", "-a --temp-dir=temporary" },
        { "symlinks to directories are kept", "-aK" },
        { "symlinks to directories are kept, deleted", "-aK --delete" },
    };

    public static TheoryData<string, string> OnSource => new()
    {
        { "CVE-2026-53797 CVE-2026-53801 reading and listing", "-a" },
        { "CVE-2026-53797 reading after a comparison", "-ac" },
        { "CVE-2026-53800 removed when sent", "-a --remove-source-files" },
        { "CVE-2026-53802 rules of a directory", "-aF" },
        { "names of one file", "-aH" },
        // Names that lead through symlinks on the way, which are followed on purpose when they were there before, are below.
        { "names with their paths", "-aR src/./d" },
    };

    [Theory]
    [MemberData(nameof(OnDestination))]
    public void Nothing_is_changed_outside_a_destination(string what, string options)
    {
        Assert.NotEmpty(what);
        var folder = lab.NewFolder(Libc.UserId);
        var outside = folder + "/outside";
        Fill(outside, "secret", old: true);
        Fill(folder + "/earlier/d", "new", old: false);
        Directory.CreateDirectory(folder + "/backups");
        WriteNames(folder);
        var before = Describe(outside);
        var exchanges = 0;
        for (var run = 0; run < Runs; run++)
        {
            Lab.Remove(folder + "/src");
            Lab.Remove(folder + "/dst");
            Fill(folder + "/src/d", "new", old: false);
            Directory.CreateDirectory(folder + "/src/d/new");
            File.CreateSymbolicLink(folder + "/src/d/link", "anywhere");
            Libc.MakeHardLink(folder + "/src/d/f1", folder + "/src/d/second");
            Fill(folder + "/dst/d", "old", old: true);
            Directory.CreateDirectory(folder + "/dst/temporary");
            File.WriteAllText(folder + "/dst/d/extra", "extra");
            using var swapper = new Swapper(folder + "/dst/d", folder + "/swap", outside);
            Run(folder, options, "src/", "dst/");
            exchanges += swapper.Exchanges;
        }
        Assert.True(exchanges > Runs, $"only {exchanges} exchanges");
        Assert.Equal(before, Describe(outside));
        Lab.Remove(folder);
    }

    [Theory]
    [MemberData(nameof(OnSource))]
    public void Nothing_is_read_or_removed_outside_a_source(string what, string options)
    {
        Assert.NotEmpty(what);
        var folder = lab.NewFolder(Libc.UserId);
        var outside = folder + "/outside";
        Fill(outside, "secret", old: true);
        File.WriteAllText(outside + "/only-outside", "secret");
        File.WriteAllText(outside + "/.rsync-filter", "- f*\n");
        var before = Describe(outside);
        for (var run = 0; run < Runs; run++)
        {
            Lab.Remove(folder + "/src");
            Lab.Remove(folder + "/dst");
            Fill(folder + "/src/d", "new", old: false);
            Directory.CreateDirectory(folder + "/dst");
            using (new Swapper(folder + "/src/d", folder + "/swap", outside)) Run(folder, options, "src/", "dst/");
            foreach (var path in Directory.EnumerateFiles(folder + "/dst", "*", WithoutLinks))
            {
                Assert.DoesNotContain("only-outside", path, StringComparison.Ordinal);
                Assert.StartsWith("new", File.ReadAllText(path), StringComparison.Ordinal);
            }
        }
        Assert.Equal(before, Describe(outside));
        Lab.Remove(folder);
    }

    /// <summary>
    /// As in rsync, names of a list may lead through symlinks of this user: those that were there when the run began. The run waits
    /// for its list while a directory makes way for a symlink that somebody has, or has found elsewhere and only moves.
    /// </summary>
    [Fact]
    public void Names_from_a_file_do_not_lead_through_symlinks_that_come_during_the_run()
    {
        var folder = lab.NewFolder(Libc.UserId);
        Tree.Parse("names| src/d/f=new src/e/f=new src/k/own->../../before src/k/f=new before/f=before outside/f=secret outside/own/f=secret there->../outside").Build(folder + "/tree", Libc.UserId, Libc.GroupId);
        folder += "/tree";
        File.CreateSymbolicLink(folder + "/moved", folder + "/outside");

        var outcome = lab.Synchop(folder, Libc.UserId, "-a", "--files-from=names", "src/", "dst/").Run(_ =>
        {
            // Opens when the run does.
            using var names = new FileStream(folder + "/names", FileMode.Open, FileAccess.Write);
            // Longer than the file system's clock is behind the other one.
            Thread.Sleep(50);
            Directory.Move(folder + "/src/d", folder + "/old-d");
            File.CreateSymbolicLink(folder + "/src/d", folder + "/outside");
            Directory.Move(folder + "/src/e", folder + "/old-e");
            Directory.Move(folder + "/moved", folder + "/src/e");
            names.Write("d/f\ne/f\nk/own/f\n"u8);
        });

        Assert.True(outcome.ExitCode == 23, outcome.ToString());
        foreach (var name in new[] { "d/f", "e/f" })
            Assert.Contains($"src/{name}\" failed: a symlink on the way came only after the run had begun", outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(folder + "/dst/k/own/f"));
        Assert.Equal([".", "k", "k/own", "k/own/f"], Snapshot.Take(folder + "/dst", lab.Started).Paths);
        Lab.Remove(folder);
    }

    private static void WriteNames(string folder) =>
        File.WriteAllLines(folder + "/names", Enumerable.Range(0, Files).Select(i => $"d/f{i}"));

    private void Run(string folder, string options, params string[] operands)
    {
        var words = string.Format(null, options, folder).Split(' ');
        var outcome = lab.Synchop(folder, Libc.UserId, [.. words, .. operands]).Run();
        Assert.True(Permitted.Contains(outcome.ExitCode), outcome.ToString());
    }

    private static void Fill(string directory, string text, bool old)
    {
        Directory.CreateDirectory(directory);
        for (var i = 0; i < Files; i++)
        {
            var path = $"{directory}/f{i}";
            File.WriteAllText(path, text + new string('x', i * 40));
            Libc.SetMode(path, Tree.Octal("600"));
            File.SetLastWriteTimeUtc(path, old ? new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc) : new DateTime(2002, 2, 2, 0, 0, 0, DateTimeKind.Utc));
        }
    }

    private static string Describe(string directory) => string.Join('\n', Libc.List(directory).Append(".").Order(StringComparer.Ordinal).Select(name =>
    {
        var status = Libc.TryStatus($"{directory}/{name}")!.Value;
        var content = status.Kind == 'f' ? File.ReadAllText($"{directory}/{name}") : "";
        return $"{name} {status.Kind} {status.Mode} {status.Uid} {status.Seconds} {status.LinkCount} {content}";
    }));
}
