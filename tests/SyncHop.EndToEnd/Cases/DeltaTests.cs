using System.Globalization;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Deltas to and from a real server that has nothing but SFTP.</summary>
public sealed class DeltaTests : IDisposable
{
    private const int Length = 8_000_000;
    private const string SftpServer = "/usr/lib/openssh/sftp-server";

    private readonly Lab lab;
    private readonly string folder;
    private readonly Random random = new(1);
    private DateTime time = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public DeltaTests(Lab lab)
    {
        this.lab = lab;
        folder = lab.NewFolder(Libc.UserId);
        Directory.CreateDirectory(folder + "/src");
        Directory.CreateDirectory(folder + "/dst");
        var content = new byte[Length];
        random.NextBytes(content);
        File.WriteAllBytes(Source, content);
        Touch();
    }

    private string Source => folder + "/src/file";

    private string Target => folder + "/dst/file";

    private string Store => folder + "/store";

    public void Dispose() => Lab.Remove(folder);

    [Theory]
    [InlineData("")]
    [InlineData("--inplace")]
    public void The_second_push_sends_what_changed(string option)
    {
        Push(option);
        Edit();
        var second = Push(option);

        Assert.InRange(Figure(second, "Literal data"), 10, 200_000);
        Assert.Equal(Length, Figure(second, "Literal data") + Figure(second, "Matched data"));
        Assert.InRange(Figure(second, "Total bytes sent"), 10, Length / 10);
    }

    [Fact]
    public void A_file_that_grows_shrinks_and_moves_its_content_is_right_each_time()
    {
        Push();
        var content = File.ReadAllBytes(Source);
        byte[] added = [.. "in front"u8, .. content, .. "behind"u8];
        Write(added);
        Assert.InRange(Figure(Push(), "Literal data"), 10, 50_000);
        Write([.. content[3_000_000..], .. content[..2_999_000]]);
        Assert.InRange(Figure(Push(), "Literal data"), 0, 50_000);
        Write(content[..1000]);
        Push();
        Write([]);
        Push();
    }

    [Theory]
    [InlineData("")]
    [InlineData("--inplace")]
    [InlineData("--verify")]
    public void A_file_changed_behind_its_signature_is_sent_whole(string option)
    {
        Push(option);
        // The same size and time, and all of it other bytes.
        var when = File.GetLastWriteTimeUtc(Target);
        var other = new byte[Length];
        random.NextBytes(other);
        File.WriteAllBytes(Target, other);
        File.SetLastWriteTimeUtc(Target, when);
        Edit();
        var second = Push(option);

        Assert.Contains("file is not what its signature says; sending it whole\n", second.Stdout, StringComparison.Ordinal);
        Assert.Equal(Length, Figure(second, "Literal data"));
    }

    [Fact]
    public void Damaged_and_foreign_entries_are_ignored_and_replaced()
    {
        Push();
        var entry = Directory.GetFiles(Store).Single();
        var damaged = File.ReadAllBytes(entry);
        damaged[damaged.Length / 2] ^= 1;
        foreach (var content in new[] { damaged, [], [.. "not an entry"u8], damaged[..100] })
        {
            File.WriteAllBytes(entry, content);
            Edit();
            Assert.Equal(Length, Figure(Push(), "Literal data"));
            Edit();
            Assert.InRange(Figure(Push(), "Literal data"), 10, 200_000);
        }
    }

    [Fact]
    public void The_store_is_private_and_a_dry_run_leaves_it_alone()
    {
        Synchop("-an", $"--signature-store=remote:{Store}", "src/", $"gw,target:{folder}/dst/");
        Assert.False(Directory.Exists(Store));
        Push();
        Assert.Equal(Tree.Octal("700"), (int)Libc.TryStatus(Store)!.Value.Mode & Tree.Octal("7777"));
        Assert.Equal(Tree.Octal("600"), (int)Libc.TryStatus(Directory.GetFiles(Store).Single())!.Value.Mode & Tree.Octal("7777"));
    }

    [Fact]
    public void Where_the_home_cannot_be_written_signatures_are_kept_here()
    {
        string[] words = ["-a", "--stats", "--signature-store=remote:/proc/nowhere", "src/", $"gw,target:{folder}/dst/"];
        Synchop(words);
        Edit();
        var second = Synchop(words);

        Assert.Equal(File.ReadAllBytes(Source), File.ReadAllBytes(Target));
        Assert.InRange(Figure(second, "Literal data"), 10, 200_000);
    }

    [Fact]
    public void Without_copy_data_files_are_sent_whole_and_in_place_in_part()
    {
        Assert.SkipUnless(File.Exists(SftpServer), SftpServer + " is not installed; scripts/setup installs it");
        const string server = "--sftp-command=" + SftpServer + " -P copy-data";
        Push(server);
        Edit();
        var whole = Push(server, "-vv");
        Assert.Contains("delta-transmission disabled: the server has no copy-data (--inplace needs none)\n", whole.Stdout, StringComparison.Ordinal);
        Assert.Equal(Length, Figure(whole, "Literal data"));
        Edit();
        Assert.InRange(Figure(Push(server, "--inplace"), "Literal data"), 10, 200_000);
    }

    [Theory]
    [InlineData("--delta=off")]
    [InlineData("-W")]
    public void Deltas_can_be_switched_off(string option)
    {
        Push();
        Edit();
        Assert.Equal(Length, Figure(Push(option), "Literal data"));
    }

    [Fact]
    public void The_remote_file_can_be_read_to_sign_it()
    {
        File.Copy(Source, Target);
        Edit();
        var run = Push("--delta=read", "--signature-store=none");

        Assert.InRange(Figure(run, "Literal data"), 10, 200_000);
        Assert.InRange(Figure(run, "Total bytes sent"), 10, Length / 10);
    }

    [Fact]
    public void Locally_a_delta_is_made_when_it_is_asked_for()
    {
        File.Copy(Source, Target);
        Edit();
        var run = Synchop("-a", "--stats", "-vv", "--no-whole-file", "src/", "dst/");

        Assert.Contains("delta-transmission enabled\n", run.Stdout, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Source), File.ReadAllBytes(Target));
        Assert.InRange(Figure(run, "Literal data"), 10, 200_000);
        Assert.Contains("delta-transmission disabled for local transfer or --whole-file\n", Synchop("-avv", "src/", "dst/").Stdout, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "")]
    [InlineData(true, "--inplace")]
    public void A_pull_reads_only_what_the_published_signature_says_is_new(bool signedThere, string option)
    {
        Pull();
        Edit();
        Sign(signedThere);
        var second = Pull(option);

        Assert.InRange(Figure(second, "Literal data"), 10, 200_000);
        Assert.Equal(Length, Figure(second, "Literal data") + Figure(second, "Matched data"));
        Assert.InRange(Figure(second, "Total bytes received"), 10, Length / 10);
    }

    [Fact]
    public void A_pull_of_moved_content_takes_it_from_the_local_file()
    {
        Pull();
        var content = File.ReadAllBytes(Source);
        Write([.. "in front"u8, .. content[3_000_000..], .. new byte[1_000_000], .. content[..2_000_000]]);
        Sign(there: true);
        Assert.InRange(Figure(Pull(), "Literal data"), 0, 1_100_000);
        Write([.. content[5_000_000..], .. content[..2_000_000]]);
        Sign(there: true);
        Assert.InRange(Figure(Pull("--inplace"), "Literal data"), 0, 50_000);
    }

    [Fact]
    public void A_file_changed_behind_its_published_signature_is_pulled_whole()
    {
        Pull();
        Edit();
        Sign(there: false);
        var when = File.GetLastWriteTimeUtc(Source);
        var other = new byte[Length];
        random.NextBytes(other);
        File.WriteAllBytes(Source, other);
        File.SetLastWriteTimeUtc(Source, when);
        var second = Pull();

        Assert.Contains("file is not what its signature says; sending it whole\n", second.Stdout, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Store));
    }

    [Fact]
    public void Signatures_of_files_that_are_gone_are_pruned()
    {
        Push();
        Sign(there: true);
        Assert.Equal(2, Directory.GetFiles(Store).Length);
        File.WriteAllText(Store + "/not-an-entry", "");
        File.Delete(Target);
        string[] prune = ["--prune-signatures", "-v", $"--signature-store=remote:{Store}", "gw,target:"];
        Assert.Equal([$"would remove the signature of {Target}"], Removed(["-n", .. prune]));
        Assert.Equal([$"removed the signature of {Target}"], Removed(prune));
        Assert.Equal(2, Directory.GetFiles(Store).Length);

        // The store in the client's home is looked through as well, and there other tests have left something.
        string[] Removed(string[] arguments) =>
            [.. Synchop(arguments).Stdout.Split('\n').Where(line => line.Contains(Path.GetDirectoryName(Target)!, StringComparison.Ordinal))];
    }

    [Fact]
    public void Signatures_that_this_machine_keeps_for_other_hosts_are_not_pruned_with_its_own()
    {
        string store = $"--signature-store=local:{Store}";
        Assert.Equal(0, Synchop("-a", store, "src/", $"gw,target:{folder}/dst/").ExitCode);
        Assert.Single(Directory.GetFiles(Store));
        var pruned = Synchop("--prune-signatures", "-v", store, ".");
        Assert.True(pruned is { ExitCode: 0, Stdout: "", Stderr: "" }, pruned.ToString());
        Assert.Single(Directory.GetFiles(Store));
        File.Delete(Target);
        Assert.Equal($"removed the signature of {Target}\n", Synchop("--prune-signatures", "-v", store, "gw,target:").Stdout);
        Assert.Empty(Directory.GetFiles(Store));
    }

    [Fact]
    public void A_dry_run_names_what_it_would_sign()
    {
        string[] sign = ["--sign", "-v", $"--signature-store=remote:{Store}", "src"];
        Assert.Equal($"would sign {Source}\n", Synchop(["-n", .. sign]).Stdout);
        Assert.False(Directory.Exists(Store));
        Assert.Equal($"signed {Source}\n", Synchop(sign).Stdout);
        Assert.Equal("", Synchop(["-n", .. sign]).Stdout);
    }

    private void Sign(bool there)
    {
        string[] sign = ["--sign", "-v", $"--signature-store=remote:{Store}"];
        Assert.Equal($"signed {Source}\n", Synchop([.. sign, there ? "src" : $"gw,target:{Source}"]).Stdout);
    }

    private Outcome Pull(params string[] options)
    {
        var run = Synchop(["-av", "--stats", $"--signature-store=remote:{Store}", .. options.Where(option => option.Length > 0), $"gw,target:{folder}/src/", "dst/"]);
        Assert.Equal(File.ReadAllBytes(Source), File.ReadAllBytes(Target));
        Assert.Equal(File.GetLastWriteTimeUtc(Source), File.GetLastWriteTimeUtc(Target));
        Assert.Equal([Target], Directory.GetFiles(folder + "/dst"));
        return run;
    }

    private Outcome Push(params string[] options)
    {
        var run = Synchop(["-av", "--stats", $"--signature-store=remote:{Store}", .. options.Where(option => option.Length > 0), "src/", $"gw,target:{folder}/dst/"]);
        Assert.Equal(File.ReadAllBytes(Source), File.ReadAllBytes(Target));
        Assert.Equal(File.GetLastWriteTimeUtc(Source), File.GetLastWriteTimeUtc(Target));
        Assert.Equal([Target], Directory.GetFiles(folder + "/dst"));
        return run;
    }

    private Outcome Synchop(params string[] words)
    {
        var run = lab.Synchop(folder, Libc.UserId, words).Run();
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }

    private void Edit()
    {
        using (var file = File.OpenWrite(Source))
        {
            for (var i = 0; i < 10; i++)
            {
                file.Position = random.Next(Length - 4096);
                var bytes = new byte[4096];
                random.NextBytes(bytes);
                file.Write(bytes);
            }
        }
        Touch();
    }

    private void Write(byte[] content)
    {
        File.WriteAllBytes(Source, content);
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
