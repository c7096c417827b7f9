using SyncHop.Cli.Rsh;
using SyncHop.Cli.Running;
using SyncHop.Engine;
using SyncHop.Ssh;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// How hosts are reached.
internal static partial class OptionTable
{
    private static OptionDefinition[] ConnectionOptions =>
    [
        Text(Connection, "rsh", "COMMAND", "read hosts' settings from this ssh command line",
            (s, value) => s.RemoteShell = value, 'e') with
        {
            Support = OptionSupport.Limited("read as ssh's command line, not run"),
        },
        Text(Connection, "jump", "HOP[,HOP]...", "go through these gateways first; none for no ProxyJump",
            (s, value) => s.Ssh = s.Ssh with { Jump = Jump(value) }) with { Support = OptionSupport.Own },
        Text(Connection, "identity", "[HOP=]FILE", "offer this private key, to HOP alone if given",
            (s, value) => s.Ssh = s.Ssh with { Identities = [.. s.Ssh.Identities, IdentityOption.Parse(value)] }) with { Support = OptionSupport.Own },
        Text(Connection, "ssh-config", "FILE", "read FILE instead of the usual ssh_config files",
            (s, value) => s.Ssh = s.Ssh with { SshConfig = FileName("--ssh-config", value) }) with { Support = OptionSupport.Own },
        Text(Connection, "known-hosts", "FILE", "read and add host keys in FILE instead of known_hosts",
            (s, value) => s.Ssh = s.Ssh with { KnownHosts = FileName("--known-hosts", value) }) with { Support = OptionSupport.Own },
        new(Connection, "check", null, "only connect, and say of each hop and path what it is like")
        {
            Apply = static (s, _) => s.Ssh = s.Ssh with { Check = true },
            Support = OptionSupport.Own,
        },
        new(Connection, "bench", null, "measure the way to a directory on a host, and say what limits it")
        {
            Apply = static (s, _) => s.Ssh = s.Ssh with { Bench = true },
            Support = OptionSupport.Own,
        },
        new(Connection, "batch", null, "never ask for anything; fail where a question would be needed")
        {
            Apply = static (s, _) => s.Ssh = s.Ssh with { Batch = true },
            Support = OptionSupport.Own,
        },
        Text(Connection, "port", "PORT", "the final host's port where its address gives none",
            (s, value) => s.Ssh = s.Ssh with { Port = Port(value) }) with
        {
            IsNumber = true,
            Support = OptionSupport.Limited("SSH's port of the final host"),
        },
        new(Connection, "ipv4", '4', "prefer IPv4")
        {
            Apply = static (s, _) => s.Ssh = s.Ssh with { AddressFamily = "inet" },
        },
        new(Connection, "ipv6", '6', "prefer IPv6")
        {
            Apply = static (s, _) => s.Ssh = s.Ssh with { AddressFamily = "inet6" },
        },
        Text(Connection, "proxy", "URL", "reach the first hop through socks5://, socks4:// or http://[user:pass@]host:port",
            (s, value) => s.Ssh = s.Ssh with { Proxy = ProxyOption.Parse(value) }) with { Support = OptionSupport.Own },
        Text(Connection, "gateway-command", "[HOP=]CMD", "reach the hop after a gateway by CMD there, such as 'nc %h %p'",
            (s, value) => s.Ssh = s.Ssh with { GatewayCommands = [.. s.Ssh.GatewayCommands, GatewayCommandOption.Parse(value)] }) with { Support = OptionSupport.Own },
        Text(Connection, "sftp-command", "CMD", "run CMD on the final host instead of its sftp subsystem",
            (s, value) => s.Ssh = s.Ssh with { SftpCommand = Command("--sftp-command", value) }) with { Support = OptionSupport.Own },
        Text(Connection, "connections", "N", "use N (1-8) connections to the final host; auto: as many as help",
            (s, value) => s.Ssh = s.Ssh with { Connections = Connections(value) }) with { Support = OptionSupport.Own },
        Text(Connection, "buffer-size", "SIZE", "use SIZE of memory (64M) for content on its way",
            (s, value) => s.Sync = s.Sync with { BufferSize = BufferSize(value) }) with { Support = OptionSupport.Own },
        Text(Connection, "max-alloc", "SIZE", "change a limit relating to memory alloc",
            (s, value) => s.MaxAlloc = MaxAlloc(value)) with
        {
            Support = OptionSupport.Limited("for the list of one directory on a server (1G; 0: any size); what -H, --delay-updates, --delete-before and --delete-after remember grows with the tree"),
        },
        Text(Connection, "timeout", "SECONDS", "set I/O timeout in seconds",
            (s, value) => s.Ssh = s.Ssh with { IoTimeout = NumberText.Parse("--timeout", value) < 0 ? TimeSpan.Zero : Seconds("--timeout", value) }) with
        {
            IsNumber = true,
            Negate = static s => s.Ssh = s.Ssh with { IoTimeout = TimeSpan.Zero },
        },
        Text(Connection, "contimeout", "SECONDS", "set connection timeout of each hop in seconds",
            (s, value) => s.Ssh = s.Ssh with { ConnectTimeout = Seconds("--contimeout", value) }) with
        {
            IsNumber = true,
            Negate = static s => s.Ssh = s.Ssh with { ConnectTimeout = TimeSpan.Zero },
            Support = OptionSupport.Limited("of each hop"),
        },
        Text(Connection, "retries", "N", "make a lost connection again N times (0 on a terminal, else 3)",
            (s, value) => s.Ssh = s.Ssh with { Retries = OptionState.Number("--retries", value) }) with { IsNumber = true, Support = OptionSupport.Own },
        Text(Connection, "retry-wait", "SECONDS", "wait that long before the first time, then twice as long (2)",
            (s, value) => s.Ssh = s.Ssh with { RetryWait = Seconds("--retry-wait", value) }) with { IsNumber = true, Support = OptionSupport.Own },
        new(Connection, "compress", 'z', "compress file data during the transfer")
        {
            Apply = static (s, _) => s.Ssh = s.Ssh with { Compress = true },
            Negate = static s => s.Ssh = s.Ssh with { Compress = false },
            Support = OptionSupport.Limited("SSH's compression on the final host"),
        },
        Text(Connection, "compress-choice", "STR", "choose the compression algorithm (aka --zc)", CompressionChoice) with
        {
            Aliases = ["zc"],
            Support = OptionSupport.Limited("none, or SSH's zlib whatever is chosen"),
        },
        new(Connection, "old-compress", null, "same as --compress-choice=zlib") { Apply = static (s, _) => CompressionChoice(s, "zlib") },
        new(Connection, "new-compress", null, "same as --compress-choice=zlibx") { Apply = static (s, _) => CompressionChoice(s, "zlibx") },
        Text(Connection, "compress-level", "NUM", "explicitly set compression level (aka --zl)", CompressionLevel) with
        {
            IsNumber = true,
            Aliases = ["zl"],
            Support = OptionSupport.Limited("0 is off; any other is SSH's level"),
        },
    ];

    private static void CompressionChoice(OptionState state, string value)
    {
        string name = value.ToLowerInvariant();
        if (name is not ("auto" or "zstd" or "lz4" or "zlibx" or "zlib" or "none"))
            throw new CommandException(ExitCode.Unsupported, $"unknown compress name: {value}") { IsNamed = false };
        if (name != "auto") state.Ssh = state.Ssh with { Compress = name != "none" };
    }

    private static void CompressionLevel(OptionState state, string value)
    {
        state.Ssh = state.Ssh with { Compress = NumberText.Parse("--compress-level", value) != 0 };
    }

    private static int? Connections(string value)
    {
        if (value == "auto") return null;
        int count = OptionState.Number("--connections", value, ConnectionRule.Most);
        return count > 0 ? count : throw CommandException.Usage("--connections=0: there must be at least one");
    }

    private static long BufferSize(string value)
    {
        const long least = 4 << 20;
        long size = SizeText.Parse("--buffer-size", value, 1L << 40, "1T");
        return size >= least ? size : throw CommandException.Usage($"--buffer-size={value} is too small (min: 4M)");
    }

    /// <summary>What RSYNC_MAX_ALLOC says where <c>--max-alloc</c> is not given.</summary>
    /// <exception cref="CommandException">It is no size.</exception>
    public static long? EnvironmentMaxAlloc() =>
        Environment.GetEnvironmentVariable("RSYNC_MAX_ALLOC") is { Length: > 0 } value ? MaxAlloc(value) : null;

    private static long MaxAlloc(string value)
    {
        const long least = 1 << 20;
        long size = SizeText.Parse("--max-alloc", value, long.MaxValue, "");
        if (size == 0) return long.MaxValue;
        return size >= least ? size : throw CommandException.Usage($"--max-alloc={value} is too small (min: 1.00M or 0 for unlimited)");
    }

    private static string FileName(string option, string value) =>
        value.Length > 0 ? value : throw CommandException.Usage($"{option}=: the file's name is empty");

    private static string Command(string option, string value) =>
        value.Length > 0 ? value : throw CommandException.Usage($"{option}=: the command is empty");

    private static string Jump(string value)
    {
        try
        {
            if (value != "none") _ = value.Split(',').Select(Hop.Parse).ToList();
            return value;
        }
        catch (FormatException e)
        {
            throw CommandException.Usage($"--jump={value}: {e.Message}");
        }
    }

    private static int? Port(string value) => OptionState.Number("--port", value, 65535) is var port and not 0 ? port : null;

    /// <summary>A time limit; one that no timer can count is cut to the longest that one can.</summary>
    private static TimeSpan Seconds(string option, string value)
    {
        const int longest = 4_000_000; // a timer counts up to 2^32 milliseconds
        return TimeSpan.FromSeconds(Math.Min(OptionState.Number(option, value), longest));
    }
}
