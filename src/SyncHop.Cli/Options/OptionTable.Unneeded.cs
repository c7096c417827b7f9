using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// Options that scripts give to rsync and that have nothing to do here.
internal static partial class OptionTable
{
    private static OptionDefinition[] UnneededOptions =>
    [
        Nothing("secluded-args", 's', "use the protocol to safely send the arguments", "no shell ever sees the arguments") with
        {
            Aliases = ["protect-args"],
            Apply = static (s, _) => s.SecludedArgs = true,
            Negate = static s => s.SecludedArgs = false,
        },
        Nothing("old-args", null, "disable the modern argument-protection idiom", "no shell ever sees the arguments") with
        {
            Apply = static (s, _) => s.OldArgs = true,
            Negate = static s => s.OldArgs = false,
        },
        Nothing("trust-sender", null, "trust the remote sender's file list", "the file list is made here, and names from the server are always checked"),
        Nothing("motd", null, "display a daemon's message of the day", "there is no daemon", negatable: true),
        Nothing("blocking-io", null, "use blocking I/O for the remote shell", "there is no remote shell", negatable: true),
        Nothing("qsort", null, "sort the file list another way", "the order is the same"),
        Text(Unneeded, "skip-compress", "LIST", "skip compressing files with suffix in LIST", static (_, _) => { }) with
        {
            Support = OptionSupport.Unneeded("SSH compresses the whole stream; rsync 3.5 ignores it too"),
        },
        Text(Unneeded, "compress-threads", "NUM", "explicitly set compression threads (aka --zt)",
            static (_, _) => { }) with
        {
            IsNumber = true,
            Aliases = ["zt"],
            Support = OptionSupport.Unneeded("SSH compresses in one thread"),
        },
    ];

    private static OptionDefinition Nothing(string name, char? letter, string help, string reason, bool negatable = false) =>
        new(Unneeded, name, letter, help)
        {
            Apply = static (_, _) => { },
            Negate = negatable ? static _ => { }
            : null,
            Support = OptionSupport.Unneeded(reason),
        };
}
