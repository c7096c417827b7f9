using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// What is removed from the destination.
internal static partial class OptionTable
{
    private static OptionDefinition[] DeletionOptions =>
    [
        Flag(Deletion, "delete", null, "delete extraneous files from dest directories", o => o with { Delete = true }),
        new(Deletion, "delete-excluded", null, "also delete excluded files from dest dirs") { Apply = static (s, _) => s.DeleteExcluded = true },
    ];
}
