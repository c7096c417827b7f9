using SyncHop.Cli.Rsh;
using SyncHop.Ssh;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// How hosts are reached.
internal static partial class OptionTable
{
    private static OptionDefinition[] ConnectionOptions =>
    [
        Text(Connection, "rsh", "COMMAND", "read hosts' settings from this ssh command line",
            (s, value) => s.Ssh = s.Ssh with { RemoteShell = SshCommandLine.Parse(value) }, 'e'),
        Text(Connection, "jump", "HOP[,HOP]...", "go through these gateways first; none for no ProxyJump",
            (s, value) => s.Ssh = s.Ssh with { Jump = Jump(value) }),
        Text(Connection, "identity", "[HOP=]FILE", "offer this private key, to HOP alone if given",
            (s, value) => s.Ssh = s.Ssh with { Identities = [.. s.Ssh.Identities, IdentityOption.Parse(value)] }),
        Text(Connection, "ssh-config", "FILE", "read FILE instead of the usual ssh_config files",
            (s, value) => s.Ssh = s.Ssh with { SshConfig = FileName("--ssh-config", value) }),
        Text(Connection, "known-hosts", "FILE", "read and add host keys in FILE instead of known_hosts",
            (s, value) => s.Ssh = s.Ssh with { KnownHosts = FileName("--known-hosts", value) }),
        new(Connection, "check", null, "only connect, and say of each hop and path what it is like")
        {
            Apply = static (s, _) => s.Ssh = s.Ssh with { Check = true },
        },
        new(Connection, "batch", null, "never ask for anything; fail where a question would be needed")
        {
            Apply = static (s, _) => s.Ssh = s.Ssh with { Batch = true },
        },
        Text(Connection, "port", "PORT", "the final host's port where its address gives none",
            (s, value) => s.Ssh = s.Ssh with { Port = Port(value) }),
        Text(Connection, "proxy", "URL", "reach the first hop through socks5://, socks4:// or http://[user:pass@]host:port",
            (s, value) => s.Ssh = s.Ssh with { Proxy = ProxyOption.Parse(value) }),
        Text(Connection, "gateway-command", "[HOP=]CMD", "reach the hop after a gateway by CMD there, such as 'nc %h %p'",
            (s, value) => s.Ssh = s.Ssh with { GatewayCommands = [.. s.Ssh.GatewayCommands, GatewayCommandOption.Parse(value)] }),
        Text(Connection, "sftp-command", "CMD", "run CMD on the final host instead of its sftp subsystem",
            (s, value) => s.Ssh = s.Ssh with { SftpCommand = Command("--sftp-command", value) }),
        Text(Connection, "timeout", "SECONDS", "set I/O timeout in seconds",
            (s, value) => s.Ssh = s.Ssh with { IoTimeout = Seconds("--timeout", value) }) with
        {
            Negate = static s => s.Ssh = s.Ssh with { IoTimeout = TimeSpan.Zero },
        },
        Text(Connection, "contimeout", "SECONDS", "set connection timeout of each hop in seconds",
            (s, value) => s.Ssh = s.Ssh with { ConnectTimeout = Seconds("--contimeout", value) }) with
        {
            Negate = static s => s.Ssh = s.Ssh with { ConnectTimeout = TimeSpan.Zero },
        },
    ];

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
