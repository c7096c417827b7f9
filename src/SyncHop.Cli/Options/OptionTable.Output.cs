using SyncHop.Cli.Arguments;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// What is printed.
internal static partial class OptionTable
{
    private static OptionDefinition[] OutputOptions =>
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
    ];
}
