using SyncHop.Cli.Arguments;
using SyncHop.Cli.Rsh;
using SyncHop.Engine;
using SyncHop.Ssh;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

/// <summary>
/// All options, in the help text's order. Names, help lines, and which options have a <c>--no-</c> form are those of
/// rsync(1); the options under <see cref="Connection"/> that rsync has not are ours.
/// </summary>
internal static class OptionTable
{
    /// <summary>The options.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Count(Output, "verbose", 'v', "increase verbosity", o => o.Verbosity, (o, n) => o with { Verbosity = n }),
        Flag(Output, "quiet", 'q', "suppress non-error messages", o => o with { Quiet = true }),
        Flag(Output, "dry-run", 'n', "perform a trial run with no changes made", o => o with { DryRun = true }),
        Count(Output, "itemize-changes", 'i', "output a change-summary for all updates",
            o => o.ItemizeChanges, (o, n) => o with { ItemizeChanges = n }),
        Text(Output, "out-format", "FORMAT", "output updates using the specified FORMAT",
            (s, value) => s.Sync = s.Sync with { OutFormat = ByteString.Encode(value) }),
        new(Output, "human-readable", 'h', "output numbers in a human-readable format")
        {
            Apply = static (s, _) =>
            {
                s.Sync = s.Sync with { HumanReadable = Math.Min(s.Sync.HumanReadable + 1, 3) };
                s.HumanReadableGiven = true;
            },
            Negate = static s => s.Sync = s.Sync with { HumanReadable = 0 },
        },
        Flag(Output, "stats", null, "give some file-transfer stats", o => o with { Stats = true }),
        Flag(Output, "list-only", null, "list the files instead of copying them", o => o with { ListOnly = true }),
        Switch(Output, "8-bit-output", '8', "leave high-bit chars unescaped in output", (o, on) => o with { EightBitOutput = on }),

        new(Selection, "archive", 'a', "archive mode is -rlptgoD")
        {
            Apply = static (s, _) => s.Sync = s.Sync with
            {
                Recursive = true,
                Links = true,
                Perms = true,
                Times = true,
                Group = true,
                Owner = true,
                Devices = true,
                Specials = true,
            },
        },
        Switch(Selection, "recursive", 'r', "recurse into directories", (o, on) => o with { Recursive = on }),
        new(Selection, "dirs", 'd', "transfer directories without recursing")
        {
            Apply = static (s, _) => s.Dirs = true,
            Negate = static s => s.Dirs = false,
        },
        Switch(Selection, "links", 'l', "copy symlinks as symlinks", (o, on) => o with { Links = on }),
        Switch(Selection, "devices", null, "preserve device files (super-user only)", (o, on) => o with { Devices = on }),
        Switch(Selection, "specials", null, "preserve special files", (o, on) => o with { Specials = on }),
        Switch(Selection, null, 'D', "same as --devices --specials", (o, on) => o with { Devices = on, Specials = on }),
        Count(Selection, "one-file-system", 'x', "don't cross filesystem boundaries",
            o => o.OneFileSystem, (o, n) => o with { OneFileSystem = n }),

        Switch(Attributes, "perms", 'p', "preserve permissions", (o, on) => o with { Perms = on }),
        Switch(Attributes, "times", 't', "preserve modification times", (o, on) => o with { Times = on }),
        Switch(Attributes, "owner", 'o', "preserve owner (super-user only)", (o, on) => o with { Owner = on }),
        Switch(Attributes, "group", 'g', "preserve group", (o, on) => o with { Group = on }),
        Switch(Attributes, "numeric-ids", null, "don't map uid/gid values by user/group name", (o, on) => o with { NumericIds = on }),

        Switch(Transfer, "checksum", 'c', "skip based on checksum, not mod-time & size", (o, on) => o with { Checksum = on }),
        Flag(Transfer, "update", 'u', "skip files that are newer on the receiver", o => o with { Update = true }),
        Flag(Transfer, "ignore-times", 'I', "don't skip files that match size and time", o => o with { IgnoreTimes = true }),
        Flag(Transfer, "size-only", null, "skip files that match in size", o => o with { SizeOnly = true }),
        Flag(Transfer, "existing", null, "skip creating new files on receiver", o => o with { Existing = true }) with
        {
            Aliases = ["ignore-non-existing"],
        },
        Flag(Transfer, "ignore-existing", null, "skip updating files that exist on receiver", o => o with { IgnoreExisting = true }),
        Flag(Transfer, "delete", null, "delete extraneous files from dest directories", o => o with { Delete = true }),
        Switch(Transfer, "whole-file", 'W', "copy files whole (w/o delta-xfer algorithm)", (o, on) => o with { WholeFile = on }),

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

        new(OptionGroup.Information, "version", 'V', "print the version + other info and exit")
        {
            Apply = static (s, _) => s.Wanted = Options.Information.Version,
            EndsParsing = true,
        },
        new(OptionGroup.Information, "help", null, "show this help (-h is --help only if used alone)")
        {
            Apply = static (s, _) => s.Wanted = Options.Information.Help,
            EndsParsing = true,
        },
    ];

    /// <summary>The option that each name gives, and whether the name is one of its <c>--no-</c> forms.</summary>
    public static IReadOnlyDictionary<string, (OptionDefinition Option, bool Negated)> ByName { get; } = Index();

    private static OptionDefinition Flag(
        OptionGroup group, string name, char? letter, string help, Func<SyncOptions, SyncOptions> set) =>
        new(group, name, letter, help) { Apply = (s, _) => s.Sync = set(s.Sync) };

    private static OptionDefinition Switch(
        OptionGroup group, string? name, char? letter, string help, Func<SyncOptions, bool, SyncOptions> set) =>
        new(group, name, letter, help)
        {
            Apply = (s, _) => s.Sync = set(s.Sync, true),
            Negate = s => s.Sync = set(s.Sync, false),
        };

    private static OptionDefinition Count(
        OptionGroup group,
        string name,
        char letter,
        string help,
        Func<SyncOptions, int> get,
        Func<SyncOptions, int, SyncOptions> set) =>
        new(group, name, letter, help)
        {
            Apply = (s, _) => s.Sync = set(s.Sync, get(s.Sync) + 1),
            Negate = s => s.Sync = set(s.Sync, 0),
        };

    private static OptionDefinition Text(
        OptionGroup group, string name, string valueName, string help, Action<OptionState, string> apply, char? letter = null) =>
        new(group, name, letter, help) { ValueName = valueName, Apply = apply };

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

    private static Dictionary<string, (OptionDefinition Option, bool Negated)> Index()
    {
        Dictionary<string, (OptionDefinition Option, bool Negated)> index = new(StringComparer.Ordinal);
        foreach (OptionDefinition option in All)
        {
            foreach (string name in option.Names) index.Add(name, (option, false));
            foreach (string name in option.NegatedNames) index.Add(name, (option, true));
        }

        return index;
    }
}
