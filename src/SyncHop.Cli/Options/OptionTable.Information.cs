using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// Help and version.
internal static partial class OptionTable
{
    private static OptionDefinition[] InformationOptions =>
    [
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
}
