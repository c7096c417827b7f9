using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>
/// Symlinks of another user in paths that were typed: rsync 3.5 follows only those of the superuser and of the user who runs it
/// (CVE-2026-53795, 53796, 53802, 53803 and 70460 of its release notes; rsync(1), <c>--insecure-links</c>). Only the superuser can make such links.
/// </summary>
public sealed class ForeignLinkTests(Lab lab)
{
    private const uint Other = 65534;

    public static TheoryData<string, string, int> Refused => new()
    {
        { "CVE-2026-53796 the destination", "-a src/ link/", 3 },
        { "CVE-2026-53796 the destination without slash", "-a src/ link", 3 },
        { "CVE-2026-53796 on the way to the destination", "-a src/ link/sub/", 3 },
        { "CVE-2026-53796 a file's new name", "-a src/f link/g", 3 },
        { "CVE-2026-53802 --exclude-from", "-a --exclude-from=rules-link src/ dst/", 11 },
        { "CVE-2026-53802 --include-from", "-a --include-from=rules-link src/ dst/", 11 },
        { "CVE-2026-53802 --files-from", "-a --files-from=names-link src dst", 1 },
        { "CVE-2026-53802 --files-from in such a directory", "-a --files-from=link/../names src dst", 1 },
        { "CVE-2026-70460 --temp-dir", "-a --temp-dir={0}/link src/ dst/", 1 },
        { "CVE-2026-70460 --backup-dir", "-ab --backup-dir={0}/link src/ dst/", 11 },
        { "CVE-2026-70460 --backup-dir on the destination", "-ab --backup-dir=bk src/ dst/", 11 },
        { "CVE-2026-53802 a merge file", "-a --filter=._rules-link src/ dst/", 11 },
    };

    /// <summary>Options whose directory or file is passed over or not written, while the run goes on.</summary>
    public static TheoryData<string, string> PassedOver => new()
    {
        { "CVE-2026-53795 --link-dest", "-a --link-dest={0}/link src/ dst/" },
        { "CVE-2026-53795 --copy-dest", "-a --copy-dest={0}/link src/ dst/" },
        { "CVE-2026-53802 a directory's own rules", "-aF src/ dst/" },
        { "CVE-2026-53803 --log-file", "-a --log-file=log-link src/ dst/" },
        { "CVE-2026-53803 --log-file in such a directory", "-a --log-file=link/log src/ dst/" },
        { "CVE-2026-70460 --partial-dir", "-a --partial-dir={0}/link large/ src/ dst/" },
        { "CVE-2026-70460 --partial-dir on the destination", "-a --partial-dir=.p src/ dst/" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void It_is_refused_unless_insecure_links_are_asked_for(string what, string words, int exitCode)
    {
        Assert.SkipUnless(Libc.UserId == 0, "only the superuser can make links of others");
        var folder = Make();
        var refused = Run(folder, words);
        Assert.True(refused.ExitCode == exitCode, $"{what}\n{refused}");
        Assert.Contains("--insecure-links", refused.Stderr, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder + "/outside"));

        var followed = Run(folder, "--insecure-links " + words);
        Assert.True(followed.ExitCode == 0, $"{what}\n{followed}");
        Lab.Remove(folder);
    }

    [Theory]
    [MemberData(nameof(PassedOver))]
    public void Nothing_goes_through_it(string what, string words)
    {
        Assert.SkipUnless(Libc.UserId == 0, "only the superuser can make links of others");
        var folder = Make();
        Link("../rules", folder + "/src/.rsync-filter", Other);
        Link("../outside", folder + "/dst/.p", Other);
        var outcome = Run(folder, words);
        Assert.True(outcome.ExitCode is 0 or 23, $"{what}\n{outcome}");
        Assert.Empty(Directory.GetFileSystemEntries(folder + "/outside"));
        Assert.False(File.Exists(folder + "/log"));
        Assert.True(File.Exists(folder + "/dst/f"));
        Lab.Remove(folder);
    }

    /// <summary>As in rsync, in the names of a list and not in those of the command line.</summary>
    [Fact]
    public void Names_from_a_file_do_not_lead_through_it()
    {
        Assert.SkipUnless(Libc.UserId == 0, "only the superuser can make links of others");
        var folder = Make();
        File.WriteAllText(folder + "/outside/secret", "1");
        Link("../outside", folder + "/src/foreign", Other);
        Link("../outside", folder + "/src/own", Libc.UserId);
        File.WriteAllText(folder + "/names", "foreign/secret\nforeign/\nown/secret\n");

        var outcome = Run(folder, "-a --files-from=names src dst");
        Assert.True(outcome.ExitCode == 23, outcome.ToString());
        Assert.Contains("src/foreign/secret\" failed: a symlink on the way belongs to another user", outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal("1", File.ReadAllText(folder + "/dst/own/secret"));
        Assert.False(File.Exists(folder + "/dst/foreign/secret"));

        outcome = Run(folder, "-a --insecure-links --files-from=names src dst");
        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Assert.Equal("1", File.ReadAllText(folder + "/dst/foreign/secret"));
        Lab.Remove(folder);
    }

    [Fact]
    public void Links_of_ones_own_and_of_the_superuser_are_followed()
    {
        foreach (var user in new[] { Libc.UserId, lab.OrdinaryUser }.Distinct())
        {
            var folder = lab.NewFolder(user);
            Directory.CreateDirectory(folder + "/src");
            File.WriteAllText(folder + "/src/f", "1");
            Directory.CreateDirectory(folder + "/real");
            if (Libc.UserId == 0) Libc.SetOwner(folder + "/real", user, user);
            Link("real", folder + "/of-root", Libc.UserId);
            Link("of-root", folder + "/own", user);
            File.WriteAllText(folder + "/rules", "- x\n");
            Link("rules", folder + "/rules-link", user);
            var outcome = lab.Synchop(folder, user, "-a", "--exclude-from=rules-link", "src/", "own/sub/").Run();
            Assert.True(outcome.ExitCode == 0, outcome.ToString());
            Assert.Equal("1", File.ReadAllText(folder + "/real/sub/f"));
            Lab.Remove(folder);
        }
    }

    private string Make()
    {
        var folder = lab.NewFolder(Libc.UserId);
        foreach (var name in new[] { "src", "dst", "outside" }) Directory.CreateDirectory($"{folder}/{name}");
        File.WriteAllText(folder + "/src/f", "new content");
        File.WriteAllText(folder + "/dst/f", "old");
        Directory.CreateDirectory(folder + "/large");
        // Of smaller ones nothing is kept.
        File.WriteAllText(folder + "/large/l", new string('l', 400_000));
        File.WriteAllText(folder + "/rules", "- x\n");
        Link("outside", folder + "/link", Other);
        Link("../outside", folder + "/dst/bk", Other);
        Link("rules", folder + "/rules-link", Other);
        File.WriteAllText(folder + "/names", "f\n");
        Link("names", folder + "/names-link", Other);
        Link("log", folder + "/log-link", Other);
        return folder;
    }

    private Outcome Run(string folder, string words) => lab.Synchop(
        folder, Libc.UserId, [.. string.Format(null, words, folder).Split(' ').Select(word => word.Replace("._", ". ", StringComparison.Ordinal))]).Run();

    private static void Link(string target, string path, uint owner)
    {
        File.CreateSymbolicLink(path, target);
        if (Libc.UserId == 0) Libc.SetOwner(path, owner, owner);
    }
}
