using SyncHop.Engine;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// What is removed from the destination.
internal static partial class OptionTable
{
    private static OptionDefinition[] DeletionOptions =>
    [
        Flag(Deletion, "delete", null, "delete extraneous files from dest directories", o => o with { Delete = true }),
        new(Deletion, "delete-excluded", null, "also delete excluded files from dest dirs") { Apply = static (s, _) => s.DeleteExcluded = true },
        DeleteAt("delete-before", "receiver deletes before transfer, not during", DeleteTime.Before),
        DeleteAt("delete-during", "receiver deletes during the transfer", DeleteTime.During) with { Aliases = ["del"] },
        DeleteAt("delete-delay", "find deletions during, delete after", DeleteTime.Delay),
        DeleteAt("delete-after", "receiver deletes after transfer, not during", DeleteTime.After),
        Switch(Deletion, "force", null, "force deletion of directories even if not empty", (o, on) => o with { Force = on }),
        Text(Deletion, "max-delete", "NUM", "don't delete more than NUM files",
            (s, value) => s.Sync = s.Sync with { MaxDelete = Math.Max(NumberText.Parse("--max-delete", value), 0) }) with { IsNumber = true },
        Switch(Deletion, "ignore-errors", null, "delete even if there are I/O errors", (o, on) => o with { IgnoreErrors = on }),
        Flag(Deletion, "ignore-missing-args", null, "ignore missing source args without error", o => o with { IgnoreMissingArguments = true }),
        Flag(Deletion, "delete-missing-args", null, "delete missing source args from destination",
            o => o with { DeleteMissingArguments = true, IgnoreMissingArguments = true }),
        Flag(Deletion, "remove-source-files", null, "sender removes synchronized files (non-dirs)", o => o with { RemoveSourceFiles = true }) with
        {
            Aliases = ["remove-sent-files"],
        },
    ];

    // Of these one alone may be given, as in rsync, where "--delete" may stand beside it.
    private static OptionDefinition DeleteAt(string name, string help, DeleteTime time) => new(Deletion, name, null, help)
    {
        Apply = (s, _) =>
        {
            s.DeleteTimes.Add(time);
            s.Sync = s.Sync with { Delete = true, DeleteTime = time };
        },
    };
}
