using System.Globalization;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>A real server that hashes files itself: nothing is stored, and only hashes of what is equal go over the wire.</summary>
public sealed class HostHashTests : IDisposable
{
    private const int Length = 8_000_000;

    private readonly string folder;
    private readonly ProFtpd server;
    private readonly Random random = new(1);
    private DateTime time = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public HostHashTests(Lab lab)
    {
        Assert.SkipUnless(ProFtpd.IsThere, "ProFTPD is not there; scripts/setup unpacks it");
        folder = lab.NewFolder(Libc.UserId);
        server = new ProFtpd(folder);
        Directory.CreateDirectory(folder + "/here");
        Directory.CreateDirectory(folder + "/there");
        var content = new byte[Length];
        random.NextBytes(content);
        File.WriteAllBytes(Here, content);
        Touch(Here);
    }

    private string Here => folder + "/here/file";

    private string There => folder + "/there/file";

    public void Dispose()
    {
        server.Dispose();
        Lab.Remove(folder);
    }

    [Fact]
    public void In_place_only_blocks_that_differ_are_sent()
    {
        Push();
        Edit(Here, Length / 2);
        var second = Push("--inplace");

        Assert.InRange(Figure(second, "Literal data"), 1, 10_000);
        Assert.InRange(Figure(second, "Signature data"), 1, Length / 20);
        Assert.InRange(Figure(second, "Total bytes sent"), 1, 100_000);
        Assert.False(Directory.Exists(folder + "/.cache"));
    }

    [Theory]
    [InlineData(Length - 5_000_001)]
    [InlineData(Length + 3_000_001)]
    [InlineData(300_000)]
    public void Files_that_grew_and_shrank_become_equal(int length)
    {
        Push();
        using (var file = File.OpenWrite(Here)) file.SetLength(length);
        Edit(Here, 1000);
        Push("--inplace");
        using (var file = File.OpenWrite(There)) file.SetLength(Length);
        Edit(There, 100_000);
        Pull();
    }

    [Fact]
    public void Without_in_place_files_are_sent_whole_as_the_server_cannot_copy_ranges()
    {
        Push();
        Edit(Here, 5);
        var second = Push("-vv");
        Assert.Contains("delta-transmission disabled: the server has no copy-data (--inplace needs none)\n", second.Stdout, StringComparison.Ordinal);
        Assert.Equal(Length, Figure(second, "Literal data"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--inplace")]
    [InlineData("--verify")]
    public void A_pull_reads_only_blocks_that_differ(string option)
    {
        Push();
        Edit(There, Length / 2);
        var run = Pull(option);

        Assert.InRange(Figure(run, "Literal data"), 1, 10_000);
        Assert.InRange(Figure(run, "Total bytes received"), 1, Length / 10);
    }

    [Fact]
    public void Contents_are_compared_without_reading_the_remote_one()
    {
        Push();
        Touch(Here);
        var equal = Synchop("-ainc", "--stats", "here/", $"pro:{folder}/there/");
        Assert.Contains(".f..t...... file\n", equal.Stdout, StringComparison.Ordinal);
        Assert.InRange(Figure(equal, "Total bytes received"), 1, 100_000);

        var when = File.GetLastWriteTimeUtc(There);
        Edit(There, Length - 1);
        File.SetLastWriteTimeUtc(There, when);
        File.SetLastWriteTimeUtc(Here, when);
        Assert.DoesNotContain(" file\n", Synchop("-ain", "here/", $"pro:{folder}/there/").Stdout, StringComparison.Ordinal);
        Assert.Contains("<fc........ file\n", Synchop("-ainc", "here/", $"pro:{folder}/there/").Stdout, StringComparison.Ordinal);
        Assert.Contains(">fc........ file\n", Synchop("-ainc", $"pro:{folder}/there/", "here/").Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public void The_store_can_be_used_instead()
    {
        string[] store = ["--delta=store", $"--signature-store=remote:{folder}/store"];
        Push(store);
        Assert.Single(Directory.GetFiles(folder + "/store"));
        Edit(Here, 5);
        Assert.InRange(Figure(Push([.. store, "--inplace"]), "Literal data"), 1, 10_000);
    }

    private Outcome Push(params string[] options) => Sync(options, "here/", $"pro:{folder}/there/");

    private Outcome Pull(params string[] options) => Sync(options, $"pro:{folder}/there/", "here/");

    private Outcome Sync(string[] options, string from, string to)
    {
        var run = Synchop(["-av", "--stats", .. options.Where(option => option.Length > 0), from, to]);
        Assert.Equal(File.ReadAllBytes(Here), File.ReadAllBytes(There));
        Assert.Equal(File.GetLastWriteTimeUtc(Here), File.GetLastWriteTimeUtc(There));
        Assert.Equal([There], Directory.GetFiles(folder + "/there"));
        Assert.Equal([Here], Directory.GetFiles(folder + "/here"));
        return run;
    }

    private Outcome Synchop(params string[] words)
    {
        var run = new Command(folder, server.Home, Libc.UserId, [Repository.Binary, .. words]).Run();
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }

    private void Edit(string path, int at)
    {
        using (var file = File.Open(path, FileMode.Open))
        {
            file.Position = at;
            var byteThere = file.ReadByte();
            file.Position = at;
            file.WriteByte((byte)~byteThere);
        }
        Touch(path);
    }

    private void Touch(string path)
    {
        time = time.AddDays(1);
        File.SetLastWriteTimeUtc(path, time);
    }

    private static long Figure(Outcome run, string name) => long.Parse(
        run.Stdout.Split('\n').Single(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..].Split(' ')[0],
        NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
