using SyncHop.Engine.Contract;
using SyncHop.Engine.Reporting;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Reporting;

public class StatisticsTests
{
    [Fact]
    public void Kinds_are_grouped_as_rsync_groups_them()
    {
        TypeCounts counts = new();
        Assert.Equal("0", counts.Format(1));
        counts.Add(FileType.Directory);
        Assert.Equal("1 (dir: 1)", counts.Format(1));
        foreach (FileType type in Enum.GetValues<FileType>()) counts.Add(type);
        Assert.Equal("9 (reg: 1, dir: 2, link: 1, dev: 2, special: 3)", counts.Format(1));
    }

    [Fact]
    public void Counts_have_digit_groups_by_level()
    {
        TypeCounts counts = new();
        Parallel.For(0, 1234, _ => counts.Add(FileType.Regular));
        Assert.Equal(["1234 (reg: 1234)", "1,234 (reg: 1,234)", "1.23K (reg: 1.23K)"], Enumerable.Range(0, 3).Select(counts.Format));
    }

    [Fact]
    public void The_total_size_is_that_of_files_and_symlinks()
    {
        Statistics statistics = new();
        foreach (FileType type in Enum.GetValues<FileType>()) statistics.CountSource(Stat(type, size: 10));
        Assert.Equal(20, statistics.TotalSize);
    }

    [Theory]
    [InlineData(0, false, false, false)]
    [InlineData(1, false, false, true)]
    [InlineData(0, true, false, true)]
    [InlineData(1, true, true, false)]
    public void The_closing_lines_come_when_they_are_asked_for(int verbosity, bool stats, bool quiet, bool shown) =>
        Assert.Equal(shown, Closing(new SyncOptions { Verbosity = verbosity, Stats = stats, Quiet = quiet }, new Statistics()).Length > 0);

    /// <summary>The words are those of rsync 3.5.</summary>
    [Fact]
    public void The_totals_look_like_rsyncs()
    {
        Statistics statistics = new();
        statistics.CountSource(File(size: 345670299));
        Assert.Equal(
            "\nsent 43,883 bytes  received 3,846 bytes  95,458.00 bytes/sec\ntotal size is 345,670,299  speedup is 7,242.35 (DRY RUN)\n",
            Closing(new SyncOptions { Verbosity = 1, DryRun = true }, statistics));
        Assert.Equal(
            "\nsent 43.88K bytes  received 3.85K bytes  95.46K bytes/sec\ntotal size is 345.67M  speedup is 7,242.35\n",
            Closing(new SyncOptions { Verbosity = 1, HumanReadable = 2 }, statistics));
        Assert.Equal(
            "\nsent 43883 bytes  received 3846 bytes  95458.00 bytes/sec\ntotal size is 345670299  speedup is 7242.35\n",
            Closing(new SyncOptions { Verbosity = 1, HumanReadable = 0 }, statistics));
    }

    [Fact]
    public void The_block_looks_like_rsyncs()
    {
        Statistics statistics = new();
        statistics.CountSource(File(size: 2000));
        statistics.CountSource(Dir());
        statistics.Created.Add(FileType.Regular);
        statistics.Deleted.Add(FileType.Symlink);
        statistics.CountTransfer(2000);
        statistics.CountTransfer(1000);
        statistics.CountLiteral(1500);
        Assert.Equal(
            """

            Number of files: 2 (reg: 1, dir: 1)
            Number of created files: 1 (reg: 1)
            Number of deleted files: 1 (link: 1)
            Number of regular files transferred: 2
            Total file size: 2,000 bytes
            Total transferred file size: 3,000 bytes
            Literal data: 1,500 bytes
            Matched data: 0 bytes
            File list size: 0
            File list generation time: 1.235 seconds
            File list transfer time: 0.000 seconds
            Total bytes sent: 43,883
            Total bytes received: 3,846

            sent 43,883 bytes  received 3,846 bytes  95,458.00 bytes/sec
            total size is 2,000  speedup is 0.04

            """,
            Closing(new SyncOptions { Stats = true, Delete = true }, statistics));
    }

    [Fact]
    public void Nothing_on_the_wire_is_no_division_by_zero()
    {
        CollectedOutput output = new();
        SyncOptions options = new() { Verbosity = 1 };
        Statistics statistics = new();
        statistics.CountSource(File(size: 7));
        new Summary(options, statistics).Write(Report(options, output), default, TimeSpan.Zero, isLogged: true);
        Assert.Equal("total size is 7  speedup is 7.00\n", output.Written[^1]);
    }

    private static string Closing(SyncOptions options, Statistics statistics)
    {
        CollectedOutput output = new();
        Summary summary = new(options, statistics) { ListTime = TimeSpan.FromSeconds(1.2346) };
        summary.Write(Report(options, output), new WireBytes(43883, 3846), TimeSpan.Zero, isLogged: true);
        return string.Concat(output.Written);
    }

    private static Report Report(SyncOptions options, CollectedOutput output) => new(
        options, output, new NameEscaper(utf8: false, eightBit: false), sends: true, Comparison(options), new SourceNames(isRemote: false));
}
