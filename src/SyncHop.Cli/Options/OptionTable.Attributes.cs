using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// Which attributes are kept.
internal static partial class OptionTable
{
    private static OptionDefinition[] AttributesOptions =>
    [
        Switch(Attributes, "perms", 'p', "preserve permissions", (o, on) => o with { Perms = on }),
        Switch(Attributes, "times", 't', "preserve modification times", (o, on) => o with { Times = on }),
        Switch(Attributes, "owner", 'o', "preserve owner (super-user only)", (o, on) => o with { Owner = on }),
        Switch(Attributes, "group", 'g', "preserve group", (o, on) => o with { Group = on }),
        Switch(Attributes, "numeric-ids", null, "don't map uid/gid values by user/group name", (o, on) => o with { NumericIds = on }),
    ];
}
