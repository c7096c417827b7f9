using SyncHop.Cli.Options;
using SyncHop.Engine;
using Xunit;
using static SyncHop.Cli.Tests.CommandLineTests;

namespace SyncHop.Cli.Tests;

/// <summary>Options that are refused, taken without effect, or stand for something of SSH's; and what decides how much is told.</summary>
public class RsyncOptionTests
{
    [Theory]
    [InlineData("--daemon", "--daemon: synchop speaks SFTP over SSH, not rsync's daemon protocol")]
    [InlineData("--password-file=x a b", "--password-file: synchop speaks SFTP over SSH, not rsync's daemon protocol")]
    [InlineData("-a --rsync-path x a b", "--rsync-path: synchop speaks SFTP and runs no rsync on the other side; to be another user there: --sftp-command='sudo /usr/lib/openssh/sftp-server'")]
    [InlineData("-aM--fake-super a b", "--remote-option: synchop speaks SFTP and runs no rsync on the other side")]
    [InlineData("--server --sender -e.LsfxCIvu . x", "--server: synchop speaks SFTP and runs no rsync on the other side")]
    [InlineData("--write-batch=x a b", "--write-batch: synchop speaks SFTP and has no batch of rsync's protocol to write or read")]
    [InlineData("--iconv=utf8,latin1 a b", "--iconv: synchop keeps file names as the bytes they are")]
    [InlineData("-aA a h:b", "--acls: SFTP has no extended attributes and ACLs; they are kept local to local only (leave out -A)")]
    [InlineData("-aX h:a b", "--xattrs: SFTP has no extended attributes and ACLs; they are kept local to local only (leave out -X)")]
    [InlineData("-aHAX h:a b", "--acls: SFTP has no extended attributes and ACLs; they are kept local to local only (leave out -A and -X)")]
    [InlineData("--confine-root=/srv a b", "--confine-root: synchop is not a server's restricted command")]
    [InlineData("--no-detach a b", "--no-detach: synchop speaks SFTP over SSH, not rsync's daemon protocol")]
    [InlineData("--zc=bzip a b", "unknown compress name: bzip")]
    [InlineData("--cc=md6 a b", "unknown checksum name: md6")]
    [InlineData("-c --cc=md5,none a b", "Invalid checksum-choice for --checksum: none (0)")]
    public void What_SFTP_cannot_do_is_not_supported(string arguments, string message)
    {
        CommandException e = Assert.Throws<CommandException>(() => CommandLine.Parse(arguments.Split(' ')));
        Assert.Equal(message, e.Message);
        Assert.Equal(ExitCode.Unsupported, e.Code);
    }

    [Fact]
    public void Options_without_an_effect_here_are_taken()
    {
        string[] words =
        [
            "-s", "--no-s", "--protect-args", "--secluded-args", "--old-args", "--no-old-args", "--no-protect-args", "--trust-sender", "--no-motd", "--blocking-io",
            "--i-r", "--no-i-r", "--inc-recursive", "--insecure-links", "--no-insecure-links", "--max-alloc=1G", "--skip-compress=gz/zip", "--zt=2", "--iconv=-",
            "--no-iconv", "--confine-root=/", "--no-z", "--zc=auto", "--qsort",
        ];
        Invocation invocation = Run([.. words, "a", "b"]);
        Assert.Equal("", Show(invocation.Options));
        Assert.Empty(invocation.Ssh.TargetOptions);
    }

    [Theory]
    [InlineData("", 0, 1, 0)]
    [InlineData("-v", 1, 1, 1)]
    [InlineData("-vv", 2, 1, 1)]
    [InlineData("-vv --info=name0", 0, 1, 1)]
    [InlineData("--info=name,stats2 -v", 1, 1, 2)]
    [InlineData("--info=none -vv", 0, 0, 0)]
    [InlineData("--info=all4", 4, 4, 4)]
    [InlineData("--info=all4,NAME1 --info=nonreg0", 1, 0, 4)]
    [InlineData("--stats", 0, 1, 2)]
    [InlineData("--progress", 1, 1, 0)]
    [InlineData("--progress --info=name0", 0, 1, 0)]
    public void What_is_told_follows_from_verbosity_unless_info_says_otherwise(string options, int name, int nonreg, int stats)
    {
        SyncOptions resolved = Run([.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "a", "b"]).Options;
        Assert.Equal((name, nonreg, stats), (resolved.Info(InfoFlag.Name), resolved.Info(InfoFlag.Nonreg), resolved.Info(InfoFlag.Stats)));
    }

    [Theory]
    [InlineData("--info=help")]
    [InlineData("--debug=FLIST,help")]
    public void Help_on_flags_needs_no_operands(string option) => Assert.IsType<ParsedCommand.Inform>(CommandLine.Parse([option]));

    [Theory]
    [InlineData("-z", "Compression=yes")]
    [InlineData("--zc=zstd", "Compression=yes")]
    [InlineData("-z --zc=none", "")]
    [InlineData("--old-compress", "Compression=yes")]
    [InlineData("-z --compress-level=0", "")]
    [InlineData("--zl=-3", "Compression=yes")]
    [InlineData("-4", "AddressFamily=inet")]
    [InlineData("--ipv6 -z", "AddressFamily=inet6 Compression=yes")]
    public void Compression_and_address_family_are_the_final_hosts(string options, string directives) =>
        Assert.Equal(directives, string.Join(' ', Run([.. options.Split(' '), "a", "b"]).Ssh.TargetOptions));
}
