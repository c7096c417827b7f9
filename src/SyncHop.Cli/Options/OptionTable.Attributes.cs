using SyncHop.Cli.Arguments;
using SyncHop.Engine;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// Which attributes are kept.
internal static partial class OptionTable
{
    private static OptionDefinition[] AttributesOptions =>
    [
        Switch(Attributes, "hard-links", 'H', "preserve hard links", (o, on) => o with { HardLinks = on }) with
        {
            Support = OptionSupport.Limited("from a local source; SFTP does not tell which files are hard links"),
        },
        Switch(Attributes, "perms", 'p', "preserve permissions", (o, on) => o with { Perms = on }),
        Flag(Attributes, "executability", 'E', "preserve executability", o => o with { Executability = true }),
        Text(Attributes, "chmod", "CHMOD", "affect file and/or directory permissions", ChangeModes),
        Switch(Attributes, "acls", 'A', "preserve ACLs (implies --perms)", (o, on) => o with { Acls = on, Perms = o.Perms || on }) with
        {
            Support = OptionSupport.Limited("local to local; over SFTP, which has none, exit code 4"),
        },
        new(Attributes, "xattrs", 'X', "preserve extended attributes")
        {
            Apply = static (s, _) => s.Sync = s.Sync with { Xattrs = s.Sync.Xattrs + 1 },
            Negate = static s => s.Sync = s.Sync with { Xattrs = 0 },
            Support = OptionSupport.Limited("local to local; over SFTP, which has none, exit code 4"),
        },
        Switch(Attributes, "times", 't', "preserve modification times", (o, on) => o with { Times = on }) with
        {
            Support = OptionSupport.Limited("whole seconds over SFTP"),
        },
        Switch(Attributes, "owner", 'o', "preserve owner (super-user only)", (o, on) => o with { Owner = on }),
        Switch(Attributes, "group", 'g', "preserve group", (o, on) => o with { Group = on }),
        Switch(Attributes, "numeric-ids", null, "don't map uid/gid values by user/group name", (o, on) => o with { NumericIds = on }),
        new(Attributes, "atimes", 'U', "preserve access (use) times")
        {
            // Given twice it also keeps reading from changing them.
            Apply = static (s, _) => s.Sync = s.Sync with { Atimes = s.Sync.Atimes + 1, OpenNoAtime = s.Sync.OpenNoAtime || s.Sync.Atimes > 0 },
            Negate = static s => s.Sync = s.Sync with { Atimes = 0 },
            Support = OptionSupport.Limited("whole seconds over SFTP"),
        },
        Switch(Attributes, "open-noatime", null, "avoid changing the atime on opened files", (o, on) => o with { OpenNoAtime = on }) with
        {
            Support = OptionSupport.Limited("on this machine; SFTP cannot ask for it"),
        },
        new(Attributes, "crtimes", 'N', "preserve create times (newness)")
        {
            Apply = static (_, _) => throw CommandException.Usage("This synchop does not support --crtimes (-N)"),
            Negate = static _ => { },
            Support = OptionSupport.Refused("Linux cannot set create times; exit code 1, as of an rsync built there"),
        },
        Switch(Attributes, "omit-dir-times", 'O', "omit directories from --times", (o, on) => o with { OmitDirTimes = on }),
        Switch(Attributes, "omit-link-times", 'J', "omit symlinks from --times", (o, on) => o with { OmitLinkTimes = on }),
        Switch(Attributes, "super", null, "receiver attempts super-user activities", (o, on) => o with { Super = on }),
        Text(Attributes, "usermap", "STRING", "custom username mapping", (s, value) => s.MapUsers("--usermap", ByteString.Encode(value))),
        Text(Attributes, "groupmap", "STRING", "custom groupname mapping", (s, value) => s.MapGroups("--groupmap", ByteString.Encode(value))),
        Text(Attributes, "chown", "USER:GROUP", "simple username/groupname mapping", ChangeOwner),
        new(Attributes, "drop-D", null, "receiver refuses to create devices/specials")
        {
            Apply = static (s, _) => s.DropDevices = true,
            Negate = static s => s.DropDevices = false,
        },
    ];

    private static void ChangeModes(OptionState state, string value)
    {
        ModeChanges changes = ModeChanges.Parse(value, state.Sync.Chmod)
            ?? throw CommandException.Usage($"Invalid argument passed to --chmod ({value})");
        state.Sync = state.Sync with { Chmod = changes };
    }

    private static void ChangeOwner(OptionState state, string value)
    {
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        string user = colon < 0 ? value : value[..colon];
        string group = colon < 0 ? "" : value[(colon + 1)..];
        if (user.Length > 0) state.MapUsers("--chown", [.. "*:"u8, .. ByteString.Encode(user)]);
        if (group.Length > 0) state.MapGroups("--chown", [.. "*:"u8, .. ByteString.Encode(group)]);
    }
}
