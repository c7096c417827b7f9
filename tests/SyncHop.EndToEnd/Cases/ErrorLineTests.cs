using System.Text.RegularExpressions;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>Lines on standard error that scripts look for: rsync's own, but for its name and the place in its source.</summary>
public sealed partial class ErrorLineTests(Lab lab)
{
    [Theory]
    [InlineData("-rt --remove-source-files shut dst/")]
    [InlineData("-a good file/")]
    [InlineData("-a shut file/")]
    [InlineData("-a good file/x")]
    [InlineData("-a good closed/x/")]
    [InlineData("-r secret good dst/")]
    [InlineData("-r --include-from=none good dst/")]
    [InlineData("-r --exclude-from=none good dst/")]
    [InlineData("-rv sub shut/")]
    [InlineData("-r --include-from=sub/ good dst/")]
    [InlineData("-r --files-from= . dst/")]
    [InlineData("-r --max-delete=08 good dst/")]
    [InlineData("-r --timeout 1.5 good dst/")]
    [InlineData("-r@1k good dst/")]
    [InlineData("-r@ -2147483649 good dst/")]
    [InlineData("-r --zl=x good dst/")]
    [InlineData("-r --compress-threads=x good dst/")]
    [InlineData("-r --max-size=+1 good dst/")]
    [InlineData("-r --bwlimit=1bb good dst/")]
    [InlineData("-r --bwlimit=0-1 good dst/")]
    [InlineData("-r --info=names good dst/")]
    [InlineData("-r --debug=flist,x good dst/")]
    [InlineData("-r -f~ good dst/")]
    [InlineData("-rf-a good dst/")]
    [InlineData("-r --filter=!x good dst/")]
    [InlineData("-r --cc=,md5 good dst/")]
    [InlineData("-r --zc=zip good dst/")]
    [InlineData("-r --delete-before --delete-after good dst/")]
    [InlineData("-r --suffix=a/b -b good dst/")]
    [InlineData("-r --append --partial-dir=p good dst/")]
    [InlineData("-r --link-dest=a --copy-dest=b good dst/")]
    [InlineData("-r good dst/ ''")]
    [InlineData("-r '' dst/")]
    [InlineData("-r --bogus=1 good dst/")]
    [InlineData("-rl=1 good dst/")]
    [InlineData("-r --links=1 good dst/")]
    [InlineData("-r good dst/ --exclude")]
    [InlineData("-r --usermap=a:b, good dst/")]
    [InlineData("-r --usermap=a,b:c good dst/")]
    [InlineData("-r --groupmap=root:,a good dst/")]
    [InlineData("-r --stop-at=100-1-1 good dst/")]
    [InlineData("-r --stop-at=2030-12-30T:30 good dst/")]
    public void They_are_rsyncs(string arguments)
    {
        string[] words = [.. arguments.Split(' ').Select(static word => word == "''" ? "" : word)];
        var folder = NewFolder();
        var expected = Start(folder, [], ["rsync", .. words]).Run();
        Lab.Remove(folder);
        Prepare(folder);
        var found = Start(folder, [], [Repository.Binary, .. words]).Run();

        Assert.NotEqual(0, expected.ExitCode);
        Assert.Equal((expected.ExitCode, Comparable(expected.Stderr)), (found.ExitCode, found.Stderr));
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("--max-delete=0x10")]
    [InlineData("--timeout=+010")]
    [InlineData("--timeout=-1")]
    [InlineData("--zt=-1")]
    [InlineData("--max-size=.")]
    [InlineData("--bwlimit=8191p")]
    [InlineData("--cc=MD5")]
    [InlineData("--zc=ZSTD")]
    [InlineData("--exclude-from=")]
    [InlineData("--partial-dir=.//p/.")]
    [InlineData("--stop-at=10000-1-1")]
    [InlineData("--stop-at=20/1/1")]
    [InlineData("-e rsh")]
    [InlineData("--rsh=")]
    public void What_rsync_takes_is_taken(string options)
    {
        string[] words = ["-rv", .. options.Split(' '), "--stats", "good", "sub", "dst/"];
        var folder = NewFolder();
        var expected = Start(folder, [], ["rsync", .. words]).Run();
        Lab.Remove(folder);
        Prepare(folder);
        var found = Start(folder, [], [Repository.Binary, .. words]).Run();

        Assert.Equal((0, "", ""), (expected.ExitCode, expected.Stderr, found.Stderr));
        Assert.Null(RsyncText.Difference(new(expected.Stdout, folder, Mode.Local), new(found.Stdout, folder, Mode.Local)));
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("rsync alias -a -rlt\n", "", 1)]
    [InlineData("# mine\n  rsync\texec --up true\n", "", 1)]
    [InlineData("rsync alias -a -rlt\n", "-q", 0)]
    [InlineData("rpm alias -a -rlt\nrsyncd alias -a -b\n", "", 0)]
    public void Aliases_for_rsync_are_said_not_to_be_read(string popt, string option, int lines)
    {
        var folder = NewFolder();
        File.WriteAllText(folder + "/.popt", popt);

        var outcome = Start(folder, [], [Repository.Binary, .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-r", "good", "dst/"]).Run();

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(lines == 0 ? "" : $"synchop: {folder}/.popt: its options for rsync are not read: synchop knows no popt aliases\n", outcome.Stderr);
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("utf8,latin1", "", 4)]
    [InlineData("utf8,latin1", "--no-iconv", 0)]
    [InlineData("utf8", "--iconv=-", 0)]
    [InlineData("-", "", 0)]
    [InlineData("", "", 0)]
    public void A_conversion_that_the_environment_asks_for_is_refused_as_the_option_is(string value, string option, int code)
    {
        var folder = NewFolder();

        var outcome = Start(folder, ["RSYNC_ICONV=" + value], [Repository.Binary, .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-r", "good", "dst/"]).Run();

        Assert.Equal(code, outcome.ExitCode);
        Assert.Equal(code == 0, File.Exists(folder + "/dst/good"));
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("1k", "", 1)]
    [InlineData("x", "", 1)]
    [InlineData("-1", "", 1)]
    [InlineData("", "", 0)]
    [InlineData("0", "", 0)]
    [InlineData("x", "--max-alloc=1m", 0)]
    public void The_limit_of_the_environment_is_as_good_as_the_options(string value, string option, int code)
    {
        string[] words = ["-rv", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries), "good", "dst/"];
        var folder = NewFolder();
        var expected = Start(folder, ["RSYNC_MAX_ALLOC=" + value], ["rsync", .. words]).Run();
        Lab.Remove(folder);
        Prepare(folder);
        var found = Start(folder, ["RSYNC_MAX_ALLOC=" + value], [Repository.Binary, .. words]).Run();

        Assert.Equal((code, code), (expected.ExitCode, found.ExitCode));
        Assert.Equal(Comparable(expected.Stderr), found.Stderr);
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData("--info=help,x")]
    [InlineData("--debug=name,help")]
    [InlineData("--debug=del,help,x")]
    public void Nothing_behind_help_is_looked_at(string option)
    {
        var folder = NewFolder();
        var expected = Start(folder, [], ["rsync", option]).Run();
        var found = Start(folder, [], [Repository.Binary, option]).Run();

        Assert.Equal((expected.ExitCode, Comparable(expected.Stderr)), (found.ExitCode, found.Stderr));
        Assert.Equal(expected.Stdout.Split('\n')[0], found.Stdout.Split('\n')[0]);
        Lab.Remove(folder);
    }

    private Command Start(string folder, string[] variables, string[] words) => new(folder, folder, lab.OrdinaryUser, ["env", .. variables, .. words]);

    private string NewFolder()
    {
        var folder = lab.NewFolder(lab.OrdinaryUser) + "/t";
        Prepare(folder);
        return folder;
    }

    private void Prepare(string folder)
    {
        var user = lab.OrdinaryUser;
        Tree.Parse("good=1 secret=2:0000 file=3 sub/k/f=4 shut/f=5 shut/:0555 closed/:0000 dst/").Build(folder, user, Libc.UserId == user ? Libc.GroupId : user);
    }

    // Of rsync's last line the place in the source; of a message about an option, which of its processes found it.
    private static string Comparable(string stderr) => Place().Replace(stderr, "").Replace("rsync: [client] ", "rsync: ", StringComparison.Ordinal)
        .Replace("rsync: ", "synchop: ", StringComparison.Ordinal).Replace("rsync error: ", "synchop error: ", StringComparison.Ordinal);

    [GeneratedRegex(@" at \w+\.c\(\d+\) \[.*\](?=\n)")]
    private static partial Regex Place();
}
