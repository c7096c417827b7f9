using SyncHop.Engine;

namespace SyncHop.Cli.Options;

// Options that make sense only where rsync speaks its own protocol, or that synchop cannot honour: ignoring them would be worse.
internal static partial class OptionTable
{
    private const string Daemon = "synchop speaks SFTP over SSH, not rsync's daemon protocol";
    private const string Wire = "synchop speaks SFTP and runs no rsync on the other side";
    private const string Batch = "synchop speaks SFTP and has no batch of rsync's protocol to write or read";

    private const string Devices = "synchop reads and writes the content of regular files alone";

    private static OptionDefinition[] RefusedOptions =>
    [
        Refused("daemon", null, "run as an rsync daemon", Daemon),
        Refused("config", "FILE", "the daemon's configuration file", Daemon),
        Refused("dparam", "OVERRIDE", "override a parameter of the daemon", Daemon),
        Refused("detach", null, "detach the daemon from its parent", Daemon) with { Negate = static _ => throw Unsupported("no-detach", Daemon) },
        Refused("address", "ADDRESS", "bind address for outgoing socket to daemon", Daemon + "; ssh_config's BindAddress is honoured"),
        Refused("sockopts", "OPTIONS", "specify custom TCP options", Daemon),
        Refused("password-file", "FILE", "read daemon-access password from FILE", Daemon),
        Refused("early-input", "FILE", "use FILE for daemon's early exec input", Daemon),
        Refused("server", null, "be the other side of a connection", Wire),
        Refused("sender", null, "be the sending side of a connection", Wire),
        Refused("rsync-path", "PROGRAM", "specify the rsync to run on remote machine", Wire + "; to be another user there: --sftp-command='sudo /usr/lib/openssh/sftp-server'"),
        Refused("remote-option", "OPT", "send OPTION to the remote side only", Wire) with { Short = 'M' },
        Refused("protocol", "NUM", "force an older protocol version to be used", Wire),
        Refused("checksum-seed", "NUM", "set block/file checksum seed (advanced)", Wire),
        Refused("copy-as", "USER[:GROUP]", "specify user & optional group for the copy", "synchop does not change its user; log in as the one you need"),
        Refused("fake-super", null, "store/recover privileged attrs using xattrs", "synchop does not keep owners and devices in extended attributes"),
        Refused("write-batch", "FILE", "write a batched update to FILE", Batch),
        Refused("only-write-batch", "FILE", "like --write-batch but w/o updating dest", Batch),
        Refused("read-batch", "FILE", "read a batched update from FILE", Batch),
        Refused("write-devices", null, "write to devices as files (implies --inplace)", Devices) with { Negate = static _ => { } },
        Refused("copy-devices", null, "copy device contents as a regular file", Devices),
        new(OptionGroup.Refused, "iconv", null, "request charset conversion of filenames")
        {
            ValueName = "CONVERT_SPEC",
            Apply = static (s, value) =>
            {
                if (value != "-") throw Unsupported("iconv", Iconv);
                s.KeepsNames = true;
            },
            Negate = static s => s.KeepsNames = true,
            Support = OptionSupport.Refused(Iconv + "; --iconv=- and --no-iconv are taken, and RSYNC_ICONV is refused without them"),
        },
        new(OptionGroup.Refused, "confine-root", null, "refuse operator paths resolving outside DIR")
        {
            ValueName = "DIR",
            Apply = static (_, value) =>
            {
                if (value != "/") throw Unsupported("confine-root", ConfineRoot);
            },
            Support = OptionSupport.Refused(ConfineRoot + "; / is taken"),
        },
    ];

    /// <summary>Refuses what the environment asks for as it would be refused as an option.</summary>
    /// <exception cref="CommandException">RSYNC_ICONV asks for a conversion of names.</exception>
    public static void RefuseEnvironment(OptionState state)
    {
        if (!state.KeepsNames && Environment.GetEnvironmentVariable("RSYNC_ICONV") is { Length: > 0 } and not "-")
            throw new CommandException(ExitCode.Unsupported, $"RSYNC_ICONV: {Iconv}; unset it, or add --no-iconv");
    }

    private const string Iconv = "synchop keeps file names as the bytes they are";
    private const string ConfineRoot = "synchop is not a server's restricted command";

    private static OptionDefinition Refused(string name, string? valueName, string help, string reason) =>
        new(OptionGroup.Refused, name, null, help)
        {
            ValueName = valueName,
            Apply = (_, _) => throw Unsupported(name, reason),
            Support = OptionSupport.Refused(reason),
        };

    private static CommandException Unsupported(string name, string reason) => new(ExitCode.Unsupported, $"--{name}: {reason}");
}
