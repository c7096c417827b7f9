using System.Reflection;
using System.Text;
using SyncHop.Cli.Options;
using SyncHop.Engine;
using SyncHop.Ssh;
using Xunit;

namespace SyncHop.Cli.Tests;

public class CommandLineTests
{
    private const string Archive = "Recursive Dirs Links Perms Times Group Owner Devices Specials";

    /// <summary>Options, and the properties of <see cref="SyncOptions"/> that differ from the defaults.</summary>
    public static TheoryData<string, string> Applied => new()
    {
        { "", "" },
        { "-n", "DryRun" },
        { "-nva", $"DryRun Verbosity=1 {Archive}" },
        { "-n -v -a", $"DryRun Verbosity=1 {Archive}" },
        { "--archive --dry-run --verbose", $"DryRun Verbosity=1 {Archive}" },
        { "-rlptgoD", Archive },
        { "-rlptgo --devices --specials", Archive },
        { "-r", "Recursive Dirs" },
        { "-d", "Dirs" },

        // Left to right, as rsync(1) has it under --no-OPTION.
        { "--no-r -a", Archive },
        { "-a --no-r", "Links Perms Times Group Owner Devices Specials" },
        { "-a --no-o", "Recursive Dirs Links Perms Times Group Devices Specials" },
        { "--no-o -a", Archive },
        { "--no-owner --no-group -a --no-p", "Recursive Dirs Links Times Group Owner Devices Specials" },
        { "-a --no-D", "Recursive Dirs Links Perms Times Group Owner" },
        { "-a --no-devices", "Recursive Dirs Links Perms Times Group Owner Specials" },
        { "-D --no-specials", "Devices" },
        { "--no-D --devices", "Devices" },
        { "-r --no-r", "" },
        { "--no-r -r", "Recursive Dirs" },
        { "-r --no-d", "Recursive Dirs" },
        { "-d --no-d", "" },
        { "--no-d -d", "Dirs" },

        // Counted.
        { "-v -v --verbose", "Verbosity=3" },
        { "-vv --no-v", "" },
        { "-vv --no-verbose -v", "Verbosity=1" },
        { "-q", "Quiet" },
        { "-q -v", "Quiet" },
        { "-vv -q", "Quiet" },
        { "-vq --no-v", "Quiet" },
        { "-i", "ItemizeChanges=1" },
        { "-ii --no-i -i", "ItemizeChanges=1" },
        { "-xx", "OneFileSystem=2" },
        { "-xx --no-x", "" },
        { "-h", "HumanReadable=2" },
        { "-hh", "HumanReadable=3" },
        { "-hhhh", "HumanReadable=3" },
        { "--no-h", "HumanReadable=0" },
        { "--no-h -h", "" },
        { "--no-human-readable -hh", "HumanReadable=2" },

        { "-u -c -I --size-only", "Update Checksum IgnoreTimes SizeOnly" },
        { "-c --no-checksum", "" },
        { "--existing --ignore-existing", "Existing IgnoreExisting" },
        { "--ignore-non-existing", "Existing" },
        { "-W", "WholeFile=True" },
        { "-W --no-W", "WholeFile=False" },
        { "--no-whole-file -W", "WholeFile=True" },
        { "--stats --numeric-ids -8", "Stats NumericIds EightBitOutput" },
        { "--numeric-ids --no-numeric-ids --8-bit-output --no-8-bit-output", "" },
        { "--delete -r", "Recursive Dirs Delete" },
        { "-d --delete", "Dirs Delete" },
        { "--list-only", "ListOnly Dirs" },
        { "--list-only --no-d", "ListOnly" },
        { "--list-only --delete", "ListOnly Dirs Delete" },
        { "--out-format=%n", "OutFormat=%n" },
        { "-E", "Executability" },
        { "-U", "Atimes=1" },
        { "-UU", "Atimes=2 OpenNoAtime" },
        { "-U --no-atimes --open-noatime", "OpenNoAtime" },
        { "--open-noatime --no-open-noatime --no-N", "" },
        { "--progress", "Progress" },
        { "--progress --no-progress", "" },
        { "--log-file=x --log-file-format=%n", "LogFile=x LogFileFormat=%n" },
        { "--log-format=%i", "OutFormat=%i" },
        { "--stderr=a", "ErrorOutput=All" },
        { "--stderr=a --stderr=err", "" },
        { "--msgs2stderr", "ErrorOutput=All" },
        { "--msgs2stderr --no-msgs2stderr", "ErrorOutput=Client" },
        { "--outbuf=n", "Buffering=None" },
        { "--outbuf=Line", "Buffering=Line" },
        { "--outbuf=B", "Buffering=Block" },
        { "--cc=md5", "Sum=Md5" },
        { "--cc=auto,xxh64", "Sum=Md5" },
        { "-c --checksum-choice=none,xxh64", "Checksum Sum=Xxh64" },
        { "-OJ", "OmitDirTimes OmitLinkTimes" },
        { "-OJ --no-O --no-omit-link-times", "" },
        { "--super", "Super=True" },
        { "--super --no-super", "Super=False" },
        { "-@ 2", "ModifyWindow=2" },
        { "-@-1", "ModifyWindow=-1" },
        { "--modify-window=", "" },
        { "--chmod=D700,F600 --chmod u+x", "Chmod=D700,F600,u+x" },
        { "--chown=a:b", "UserMap=*:a GroupMap=*:b Owner Group" },
        { "--chown=a", "UserMap=*:a Owner" },
        { "--chown=a --chown=:b", "UserMap=*:a GroupMap=*:b Owner Group" },
        { "--chown=:", "" },
        { "--usermap=1:2 --no-o --groupmap=3:4", "UserMap=1:2 GroupMap=3:4 Group" },
        { "-a --drop-D", "Recursive Dirs Links Perms Times Group Owner" },
        { "-a --drop-D --no-drop-D", Archive },
        { "--out-format %n", "OutFormat=%n" },
        { "--out-format=", "OutFormat=" },
        { "--out-format=a=b:c", "OutFormat=a=b:c" },
        { "--out-format==", "OutFormat==" },
        { "--out-format -n", "OutFormat=-n" },
        { "--out-format --", "OutFormat=--" },
        { "--out-format=a --out-format=b", "OutFormat=b" },
    };

    [Theory]
    [MemberData(nameof(Applied))]
    public void Options_apply(string options, string expected)
    {
        string[] words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string sorted = string.Join(' ', expected.Split(' ').Order(StringComparer.Ordinal));
        Assert.Equal(sorted, Show(Run([.. words, "src", "dst"]).Options));
        Assert.Equal(sorted, Show(Run(["src", "dst", .. words]).Options));
    }

    [Fact]
    public void The_format_keeps_bytes_that_are_not_utf8() =>
        Assert.Equal([(byte)'%', (byte)'n', 0xFF], Run(["--out-format=%n\uDCFF", "a", "b"]).Options.OutFormat);

    [Theory]
    [InlineData("-n a b", "a b")]
    [InlineData("a -n b", "a b")]
    [InlineData("-- -n -v", "-n -v")]
    [InlineData("a -- -v", "a -v")]
    [InlineData("a -- b -- c", "a b -- c")]
    [InlineData("- a", "- a")]
    [InlineData("@file a", "@file a")]
    [InlineData("[suggest] a", "[suggest] a")]
    [InlineData("[diagram] a", "[diagram] a")]
    [InlineData("synchop a", "synchop a")]
    [InlineData("/n /v", "/n /v")]
    [InlineData("-v true b", "true b")]
    [InlineData("--timeout 5 a b", "a b")]
    public void What_is_no_option_is_an_operand(string arguments, string expected)
    {
        var operands = Run(arguments.Split(' ')).Operands;
        Assert.Equal(expected, string.Join(' ', operands.Sources.Append(operands.Destination!).Select(p => Encoding.UTF8.GetString(p))));
    }

    [Fact]
    public void One_operand_is_listed()
    {
        Invocation invocation = Run(["src"]);
        Assert.Equal("Dirs ListOnly", Show(invocation.Options));
        Assert.Null(invocation.Operands.Destination);
    }

    [Theory]
    [InlineData("--nonsense", "--nonsense: unknown option")]
    [InlineData("--nonsense=3", "--nonsense=3: unknown option")]
    [InlineData("--rec", "--rec: unknown option")]
    [InlineData("--n", "--n: unknown option")]
    [InlineData("--D", "--D: unknown option")]
    [InlineData("--=x", "--=x: unknown option")]
    [InlineData("-%", "-%: unknown option")]
    [InlineData("-nv%", "-nv%: unknown option")]
    [InlineData("-%=4", "-%=4: unknown option")]
    [InlineData("-=", "-=: unknown option")]
    [InlineData("-n-", "-n-: unknown option")]
    [InlineData("-n--verbose", "-n--verbose: unknown option")]
    [InlineData("-no-D", "-no-D: unknown option")]
    [InlineData("--timeout:5", "--timeout:5: unknown option")]
    [InlineData("--no-n", "--no-n: unknown option")]
    [InlineData("--recursive=x", "--recursive=x: option does not take an argument")]
    [InlineData("--no-r=x", "--no-r=x: option does not take an argument")]
    [InlineData("-n=3", "-n=3: option does not take an argument")]
    [InlineData("--help=3", "--help=3: option does not take an argument")]
    [InlineData("--timeout", "--timeout: missing argument")]
    [InlineData("a b --out-format", "--out-format: missing argument")]
    [InlineData("--timeout=abc", "--timeout=abc: invalid numeric value")]
    [InlineData("--timeout -x", "-x: invalid numeric value")]
    [InlineData("--timeout=-", "--timeout=-: invalid numeric value")]
    [InlineData("--timeout=5s", "--timeout=5s: invalid numeric value")]
    [InlineData("--max-size=999999999999999999999999999999", "--max-size=999999999999999999999999999999 is too large")]
    [InlineData("--timeout=99999999999", "--timeout=99999999999: number too large or too small")]
    [InlineData("--contimeout -5", "--contimeout=-5: number too large or too small")]
    [InlineData("--port=65536", "--port=65536: number too large or too small")]
    [InlineData("--identity=", "--identity=: the file's name is empty")]
    [InlineData("--identity=gw=", "--identity=gw=: the file's name is empty")]
    [InlineData("--identity==f", "--identity==f: the hop's name is empty")]
    [InlineData("--gateway-command=", "--gateway-command=: the command is empty")]
    [InlineData("--gateway-command=gw=", "--gateway-command=gw=: the command is empty")]
    [InlineData("--gateway-command==nc", "--gateway-command==nc: the hop's name is empty")]
    [InlineData("--sftp-command=", "--sftp-command=: the command is empty")]
    [InlineData("--proxy=ftp://u:secret@h", "--proxy: a proxy is socks5://, socks4:// or http:// and a host")]
    [InlineData("--proxy=http://u:secret@h:x", "--proxy: the proxy's address is not host[:port]")]
    [InlineData("--ssh-config=", "--ssh-config=: the file's name is empty")]
    [InlineData("-nve", "-nve: missing argument")]
    [InlineData("--jump=a,,b", "--jump=a,,b: \"\" is not [user@]host[:port]")]
    [InlineData("-e rsh a h:b", "--rsh=rsh: synchop speaks SSH itself and reads only ssh's command line, not that of rsh")]
    [InlineData("--old-args -s a b", "--secluded-args conflicts with --old-args.")]
    [InlineData("-aN a b", "This synchop does not support --crtimes (-N)")]
    [InlineData("--info=foo", "Unknown --info item: \"foo\"")]
    [InlineData("--info=name-1", "Unknown --info item: \"name-\"")]
    [InlineData("--debug=all4,name9", "Unknown --debug item: \"name\"")]
    [InlineData("--stderr=x", "--stderr mode \"x\" is not one of errors, all, or client")]
    [InlineData("--outbuf=x", "Invalid --outbuf setting -- specify N, L, or B.")]
    [InlineData("--chmod=u+q", "Invalid argument passed to --chmod (u+q)")]
    [InlineData("--chown=a --usermap=b:c", "--usermap conflicts with prior --chown.")]
    [InlineData("--groupmap=a:b --chown=:c", "--chown conflicts with prior --groupmap.")]
    [InlineData("--chown=a:b --chown=c", "You can only specify a user-affecting --chown once.")]
    [InlineData("--chown=:b --chown=:c", "You can only specify a group-affecting --chown once.")]
    [InlineData("--usermap=a:b --usermap=c:d", "You can only specify --usermap once.")]
    [InlineData("-@1x", "-@1x: invalid numeric value")]
    [InlineData("--nonsense --help", "--nonsense: unknown option")]
    [InlineData("--delete a b", "--delete does not work without --recursive (-r) or --dirs (-d).")]
    [InlineData("-a --no-r --delete a b", "--delete does not work without --recursive (-r) or --dirs (-d).")]
    [InlineData("--list-only --no-d --delete a", "--delete does not work without --recursive (-r) or --dirs (-d).")]
    public void Refuses(string arguments, string message)
    {
        CommandException e = Assert.Throws<CommandException>(() => CommandLine.Parse(arguments.Split(' ')));
        Assert.Equal(message, e.Message);
        Assert.Equal(ExitCode.Usage, e.Code);
    }

    [Theory]
    [InlineData("--help", Information.Help)]
    [InlineData("--help --nonsense", Information.Help)]
    [InlineData("--help a b", Information.Help)]
    [InlineData("a b --help", Information.Help)]
    [InlineData("-h", Information.Help)]
    [InlineData("-hh", Information.Help)]
    [InlineData("-nh", Information.Help)]
    [InlineData("--human-readable", Information.Help)]
    [InlineData("-V", Information.Version)]
    [InlineData("-aV%", Information.Version)]
    [InlineData("--version --help", Information.Version)]
    [InlineData("--help -V", Information.Help)]
    public void Help_and_version_are_asked_for(string arguments, object wanted) =>
        Assert.Equal(new ParsedCommand.Inform((Information)wanted), CommandLine.Parse(arguments.Split(' ')));

    [Theory]
    [InlineData("--sign", "--sign needs files or directories to sign, as in dir or gw,host:dir")]
    [InlineData("-n --sign -v", "--sign needs files or directories to sign, as in dir or gw,host:dir")]
    [InlineData("--prune-signatures", "--prune-signatures needs the host whose signatures are looked at, as in gw,host: or, for this machine, .")]
    [InlineData("-a --verify", "--verify reads back what a run writes: it needs a source and a destination")]
    public void What_needs_operands_says_which(string arguments, string message)
    {
        CommandException error = Assert.Throws<CommandException>(() => CommandLine.Parse(arguments.Split(' ')));
        Assert.Equal((ExitCode.Usage, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-n")]
    [InlineData("-h -n")]
    [InlineData("-h -h")]
    [InlineData("--no-h")]
    [InlineData("--")]
    public void Without_operands_there_is_nothing_to_do(string arguments) =>
        Assert.IsType<ParsedCommand.NoOperands>(CommandLine.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Connection_options_are_kept()
    {
        SshOptions ssh = Run([
            "--identity=a", "--identity", "gw=b=c", "--identity=./d=e", "--ssh-config=f", "--known-hosts", "g", "--port=2222",
            "--timeout=60", "--contimeout=5", "--proxy=socks5://u:p@h", "--gateway-command=nc -q 0 %h %p",
            "--gateway-command", "gw=env A=b nc %h %p", "--gateway-command=env A=b nc %h %p", "--sftp-command=sudo sftp-server",
            "src", "dst"]).Ssh;
        Assert.Equal(new ProxyAddress(ProxyProtocol.Socks5, "h", 1080, "u", "p"), ssh.Proxy);
        Assert.Equal(
            [new(null, "nc -q 0 %h %p"), new("gw", "env A=b nc %h %p"), new(null, "env A=b nc %h %p")], ssh.GatewayCommands);
        Assert.Equal("sudo sftp-server", ssh.SftpCommand);
        Assert.Equal([new(null, "a"), new("gw", "b=c"), new(null, "./d=e")], ssh.Identities);
        Assert.Equal("f", ssh.SshConfig);
        Assert.Equal("g", ssh.KnownHosts);
        Assert.Equal(2222, ssh.Port);
        Assert.Equal(TimeSpan.FromSeconds(60), ssh.IoTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), ssh.ConnectTimeout);
    }

    [Theory]
    [InlineData("-e", "ssh -p 3")]
    [InlineData("-essh -p 3")]
    [InlineData("-e=ssh -p 3")]
    [InlineData("--rsh=ssh -p 3")]
    [InlineData("-nve", "ssh -p 3")]
    [InlineData("-nvessh -p 3")]
    [InlineData("-e", "ssh -p 4", "-e", "ssh -p 3")]
    public void Remote_shell_is_given_in_many_ways(params string[] arguments)
    {
        Invocation invocation = Run([.. arguments, "h:a", "b"]);

        Assert.Equal(["Port=\"3\""], invocation.Ssh.TargetOptions);
        Assert.Equal(arguments[0].StartsWith("-n", StringComparison.Ordinal), invocation.Options.DryRun);
    }

    [Fact]
    public void The_environment_counts_where_no_remote_shell_is_given_and_a_host_is_remote()
    {
        static SshOptions Ssh(string shell, params string[] arguments) =>
            ((ParsedCommand.Run)CommandLine.Parse([.. arguments, "h:a", "b"], shell)).Invocation.Ssh;

        Assert.Equal(["User=\"x\""], Ssh("ssh -l x").TargetOptions);
        Assert.Equal(["User=\"y\""], Ssh("ssh -l x", "-e", "ssh -ly").TargetOptions);
        Assert.Null(Ssh("").RemoteShell);
        Assert.Throws<CommandException>(() => Ssh("plink"));
        Assert.IsType<ParsedCommand.Run>(CommandLine.Parse(["a", "b"], "plink"));
        Assert.IsType<ParsedCommand.Run>(CommandLine.Parse(["-e", "plink", "a", "b"]));
    }

    [Fact]
    public void Gateways_of_jump_stand_before_those_of_the_remote_shell() =>
        Assert.Equal(["ProxyJump=a,b", "ProxyJump=c"], Run(["-e", "ssh -J c", "--jump", "a,b", "h:s", "d"]).Ssh.TargetOptions);

    [Fact]
    public void A_time_limit_that_no_timer_can_count_is_cut()
    {
        SshOptions longest = Run(["--timeout=2147483647", "--contimeout=2147483647", "a", "b"]).Ssh;
        using Timer timer = new(static _ => { }, null, longest.IoTimeout!.Value, Timeout.InfiniteTimeSpan);
        using CancellationTokenSource deadline = new(longest.ConnectTimeout!.Value);
    }

    [Fact]
    public void A_timeout_that_was_not_given_is_not_one_that_was_switched_off()
    {
        Assert.Null(Run(["a", "b"]).Ssh.IoTimeout);
        SshOptions off = Run(["--timeout=5", "--no-timeout", "--contimeout=5", "--no-contimeout", "a", "b"]).Ssh;
        Assert.Equal(TimeSpan.Zero, off.IoTimeout);
        Assert.Equal(TimeSpan.Zero, off.ConnectTimeout);
    }

    [Fact]
    public void An_empty_number_is_zero()
    {
        SshOptions ssh = Run(["--timeout=", "--contimeout", "", "--port=", "a", "b"]).Ssh;
        Assert.Equal(TimeSpan.Zero, ssh.IoTimeout);
        Assert.Equal(TimeSpan.Zero, ssh.ConnectTimeout);
        Assert.Null(ssh.Port);
        Assert.Null(Run(["--port=22", "--port=0", "a", "b"]).Ssh.Port);
    }

    internal static Invocation Run(string[] arguments) => Assert.IsType<ParsedCommand.Run>(CommandLine.Parse(arguments)).Invocation;

    internal static string Show(SyncOptions options)
    {
        SyncOptions defaults = new();
        List<string> changed = [];
        foreach (PropertyInfo property in typeof(SyncOptions).GetProperties().Where(p => p.Name != "EqualityContract"))
        {
            object? value = property.GetValue(options);
            if (Equals(value, property.GetValue(defaults))) continue;
            if (value is byte[] bytes) value = Encoding.UTF8.GetString(bytes);
            changed.Add(value is true && property.PropertyType == typeof(bool) ? property.Name : $"{property.Name}={value}");
        }

        return string.Join(' ', changed.Order(StringComparer.Ordinal));
    }
}
