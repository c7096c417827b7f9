using System.Text;
using SyncHop.Cli.Checking;
using SyncHop.Sftp;
using Xunit;

namespace SyncHop.Cli.Tests;

public class CheckingTests
{
    [Theory]
    [InlineData(1000, 1000.2, 1000.4, 0.2, 0.6, true)]
    [InlineData(1000, 1001.0, 1001.0, -0.5, 0.5, true)]
    [InlineData(1003, 1000.0, 1000.2, 3.4, 0.6, false)]
    [InlineData(900, 1000.0, 1004.0, -101.5, 2.5, false)]
    public void The_difference_of_clocks_is_where_whole_seconds_leave_it(
        uint madeAt, double before, double after, double ahead, double uncertainty, bool mayBeEqual)
    {
        ClockDifference difference = ClockDifference.Of(madeAt, At(before), At(after));
        Assert.Equal(ahead, difference.Ahead.TotalSeconds, 3);
        Assert.Equal(uncertainty, difference.Uncertainty.TotalSeconds, 3);
        Assert.Equal(mayBeEqual, difference.MayBeEqual);

        static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds);
    }

    [Theory]
    [InlineData("/a/b", "/a")]
    [InlineData("/a/b//", "/a")]
    [InlineData("/a", "/")]
    [InlineData("/", "/")]
    [InlineData("a", ".")]
    [InlineData("a/b", "a")]
    public void The_directory_of_a_path(string path, string parent) =>
        Assert.Equal(parent, Encoding.UTF8.GetString(PathProbe.ParentOf(Encoding.UTF8.GetBytes(path))));

    [Fact]
    public void A_server_that_has_everything_and_root_lose_the_least()
    {
        Assert.Equal(3, ArchiveLosses.Of(_ => true, 0, "anyone").Count());
        Assert.Equal(3, ArchiveLosses.Of(_ => true, null, "root").Count());
        string[] most = [.. ArchiveLosses.Of(_ => false, 1000, "foo")];
        Assert.Equal(6, most.Length);
        foreach (SftpExtension extension in (SftpExtension[])[SftpExtension.LSetStat, SftpExtension.PosixRename, SftpExtension.HardLink])
            Assert.Contains(most, line => line.Contains(extension.Name, StringComparison.Ordinal));
        Assert.Contains(most, line => line.Contains("uid 1000", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failed_check_says_no_more_than_its_reason()
    {
        var facts = new PathFacts(SftpFileType.Directory, true, false, null, "no file can be made in the directory /x: permission denied", null, null);
        string text = CheckText.Of("/x", facts, null, []);
        Assert.Equal(
            "  clock             unknown: it shows only in a file that is made\npath /x\n  is                a directory\n"
            + "  readable          yes\n  writable          no: no file can be made in the directory /x: permission denied\n", text);
    }

    [Fact]
    public void A_source_has_to_exist_and_is_not_written_to()
    {
        PathFacts nothing = new(null, null, null, null, null, null, null);
        Assert.False(nothing.IsMissingSource);
        Assert.Contains("not there yet\n  writable ", CheckText.Of("/x", nothing, null, []), StringComparison.Ordinal);
        PathFacts missing = nothing with { IsSource = true };
        Assert.True(missing.IsMissingSource);
        Assert.False((missing with { Kind = SftpFileType.Regular, Readable = true }).IsMissingSource);
        Assert.EndsWith("is                not there, as a source must be\n", CheckText.Of("/x", missing, null, []), StringComparison.Ordinal);
    }
}
