using System.Globalization;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Deltas together with the options that say how a file is written, and the signature store in odd places and states.</summary>
public sealed class DeltaCombinationTests : IDisposable
{
    private const int Length = 4_000_000;

    private readonly Lab lab;
    private readonly string folder;
    private readonly Random random = new(1);
    private DateTime time = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public DeltaCombinationTests(Lab lab)
    {
        this.lab = lab;
        // The ordinary user's: root may write everywhere.
        folder = lab.NewFolder(lab.OrdinaryUser);
        Directory.CreateDirectory(folder + "/src");
        Directory.CreateDirectory(folder + "/dst");
        Libc.SetOwner(folder + "/src", lab.OrdinaryUser, lab.OrdinaryUser);
        Libc.SetOwner(folder + "/dst", lab.OrdinaryUser, lab.OrdinaryUser);
        // With holes, that --sparse has something to do.
        var content = new byte[Length];
        random.NextBytes(content.AsSpan(0, Length / 2));
        random.NextBytes(content.AsSpan(Length - 1_000_000));
        File.WriteAllBytes(Source, content);
        Touch();
    }

    private string Source => folder + "/src/file";

    private string Target => folder + "/dst/file";

    private string Store => folder + "/store";

    public void Dispose() => Lab.Remove(folder);

    [Theory]
    [InlineData("--sparse", "file")]
    [InlineData("--sparse --inplace", "file")]
    [InlineData("--partial", "file")]
    [InlineData("--partial-dir=.partial", "file")]
    [InlineData("--partial-dir=.partial --sparse --backup --fsync", "file file~")]
    [InlineData("--backup", "file file~")]
    [InlineData("--backup --inplace", "file file~")]
    [InlineData("--backup --suffix=.old", "file file.old")]
    [InlineData("--fsync", "file")]
    [InlineData("-c --delta=read", "file")]
    [InlineData("-u", "file")]
    [InlineData("-z --bwlimit=100M", "file")]
    [InlineData("-B 4096", "file")]
    [InlineData("--verify --fsync --partial", "file")]
    public void The_second_push_sends_what_changed(string options, string names)
    {
        Push(options.Split(' '));
        var before = File.ReadAllBytes(Source);
        Edit();
        var second = Push(options.Split(' '));

        Assert.InRange(Figure(second, "Literal data"), 10, 100_000);
        Assert.Equal(Length, Figure(second, "Literal data") + Figure(second, "Matched data"));
        Assert.Equal(names.Split(' '), Directory.GetFiles(folder + "/dst").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var other in names.Split(' ')[1..])
            Assert.Equal(before, File.ReadAllBytes(folder + "/dst/" + other));
        Assert.Single(Directory.GetFiles(Store));
    }

    [Fact]
    public void The_old_version_goes_to_the_backup_directory()
    {
        Push();
        var before = File.ReadAllBytes(Source);
        Edit();
        var second = Push("--backup", "--backup-dir=../old");

        Assert.InRange(Figure(second, "Literal data"), 10, 100_000);
        Assert.Equal(before, File.ReadAllBytes(folder + "/old/file"));
    }

    [Fact]
    public void With_delayed_updates_the_store_is_used_but_not_filled()
    {
        Push();
        var entry = File.ReadAllBytes(Directory.GetFiles(Store).Single());
        Edit();
        Assert.InRange(Figure(Push("--delay-updates"), "Literal data"), 10, 100_000);
        Assert.Equal(entry, File.ReadAllBytes(Directory.GetFiles(Store).Single()));
        Assert.Equal([Target], Directory.GetFileSystemEntries(folder + "/dst"));
        Edit();
        Assert.Equal(Length, Figure(Push(), "Literal data"));
    }

    [Theory]
    [InlineData("--append")]
    [InlineData("--append-verify")]
    public void What_is_appended_needs_no_signature(string option)
    {
        Push();
        using (var file = File.Open(Source, FileMode.Append)) file.Write(new byte[300_000].Select(_ => (byte)random.Next()).ToArray());
        Touch();
        Assert.Equal(300_000, Figure(Push(option), "Literal data"));
        // The store's entry is of the file before.
        Edit();
        Assert.Equal(Length + 300_000, Figure(Push(), "Literal data"));
    }

    [Fact]
    public void A_target_that_is_newer_is_left_alone_with_update()
    {
        Push();
        var there = File.ReadAllBytes(Target);
        Edit();
        File.SetLastWriteTimeUtc(Target, time.AddDays(1));
        Synchop(["-au", $"--signature-store=remote:{Store}", "src/", $"gw,target:{folder}/dst/"]);
        Assert.Equal(there, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Contents_that_differ_in_nothing_but_content_are_sent_as_a_delta_with_checksum()
    {
        Push();
        var when = File.GetLastWriteTimeUtc(Source);
        Edit();
        File.SetLastWriteTimeUtc(Source, when);
        Assert.InRange(Figure(Push("-c", "--delta=read"), "Literal data"), 10, 100_000);
    }

    [Theory]
    [InlineData("-c")]
    [InlineData("-I")]
    public void A_file_damaged_behind_its_signature_is_mended_where_signatures_are_not_believed(string option)
    {
        Push();
        var when = File.GetLastWriteTimeUtc(Target);
        using (var damaged = File.OpenWrite(Target))
        {
            // Too little for the sample of what the server copies.
            damaged.Position = 1_000_001;
            damaged.Write("damaged!"u8);
        }
        File.SetLastWriteTimeUtc(Target, when);
        Push(option);
        Assert.Equal(File.ReadAllBytes(Source), File.ReadAllBytes(Target));
    }

    [Fact]
    public void Where_the_home_may_not_be_written_signatures_are_kept_here()
    {
        Directory.CreateDirectory(folder + "/closed");
        Libc.SetOwner(folder + "/closed", lab.OrdinaryUser, lab.OrdinaryUser);
        Libc.SetMode(folder + "/closed", Tree.Octal("555"));
        string[] words = ["-a", "--stats", $"--signature-store=remote:{folder}/closed/store", "src/", $"gw,target:{folder}/dst/"];
        Synchop(words);
        Assert.Empty(Directory.GetFileSystemEntries(folder + "/closed"));
        Edit();
        Assert.InRange(Figure(Synchop(words), "Literal data"), 10, 100_000);
        Assert.Equal(File.ReadAllBytes(Source), File.ReadAllBytes(Target));
    }

    [Fact]
    public void A_file_as_new_as_its_signature_is_not_trusted()
    {
        // A change in the same second would not show.
        File.SetLastWriteTimeUtc(Source, DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60).UtcDateTime);
        Push();
        Assert.False(Directory.Exists(Store) && Directory.GetFiles(Store).Length > 0);
        Edit();
        Assert.Equal(Length, Figure(Push(), "Literal data"));
    }

    [Theory]
    [InlineData("-n")]
    [InlineData("-n --inplace -vv")]
    [InlineData("-n -c")]
    public void A_dry_run_writes_nothing_and_claims_nothing(string options)
    {
        Push();
        Edit();
        var before = (File.ReadAllBytes(Target), File.ReadAllBytes(Directory.GetFiles(Store).Single()), File.GetLastWriteTimeUtc(Store));
        var run = Synchop(["-a", "--stats", .. options.Split(' '), $"--signature-store=remote:{Store}", "src/", $"gw,target:{folder}/dst/"]);

        Assert.Equal(before, (File.ReadAllBytes(Target), File.ReadAllBytes(Directory.GetFiles(Store).Single()), File.GetLastWriteTimeUtc(Store)), Equals);
        Assert.Equal(1, Figure(run, "Number of regular files transferred"));
        Assert.Equal((0, 0), (Figure(run, "Literal data"), Figure(run, "Matched data")));
        Assert.DoesNotContain("Signature data", run.Stdout, StringComparison.Ordinal);

        static bool Equals((byte[] File, byte[] Entry, DateTime Time) a, (byte[] File, byte[] Entry, DateTime Time) b) =>
            a.File.AsSpan().SequenceEqual(b.File) && a.Entry.AsSpan().SequenceEqual(b.Entry) && a.Time == b.Time;
    }

    [Fact]
    public void A_file_changed_behind_its_signature_is_one_line_and_no_error()
    {
        Push();
        var entry = File.ReadAllBytes(Directory.GetFiles(Store).Single());
        var when = File.GetLastWriteTimeUtc(Target);
        File.WriteAllBytes(Target, new byte[Length]);
        File.SetLastWriteTimeUtc(Target, when);
        Edit();
        var run = Push();

        Assert.Empty(run.Stderr);
        Assert.Equal("file is not what its signature says; sending it whole", run.Stdout.Split('\n').Single(line => line.Contains("signature", StringComparison.Ordinal)));
        Assert.NotEqual(entry, File.ReadAllBytes(Directory.GetFiles(Store).Single()));
        Edit();
        Assert.InRange(Figure(Push(), "Literal data"), 10, 100_000);
    }

    private Outcome Push(params string[] options)
    {
        var run = Synchop(["-av", "--stats", $"--signature-store=remote:{Store}", .. options, "src/", $"gw,target:{folder}/dst/"]);
        Assert.Equal(File.ReadAllBytes(Source), File.ReadAllBytes(Target));
        Assert.Equal(File.GetLastWriteTimeUtc(Source), File.GetLastWriteTimeUtc(Target));
        return run;
    }

    private Outcome Synchop(string[] words)
    {
        var run = lab.Synchop(folder, lab.OrdinaryUser, words).Run();
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }

    private void Edit()
    {
        using (var file = File.OpenWrite(Source))
        {
            for (var i = 0; i < 5; i++)
            {
                file.Position = random.Next(Length / 2);
                var bytes = new byte[4096];
                random.NextBytes(bytes);
                file.Write(bytes);
            }
        }
        Touch();
    }

    private void Touch()
    {
        time = time.AddDays(1);
        File.SetLastWriteTimeUtc(Source, time);
    }

    private static long Figure(Outcome run, string name) => long.Parse(
        run.Stdout.Split('\n').Single(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..].Split(' ')[0],
        NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
