using SyncHop.Cli.Arguments;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// Which entries are left out by name. Rules and their files are read in the order of the options, as in rsync.
internal static partial class OptionTable
{
    private const long LargestFile = 0x7FFF_FFFF_FFFF_F000; // the largest number below 2^63 that a double holds, and some

    private static OptionDefinition[] FilterOptions =>
    [
        Text(Filters, "filter", "RULE", "add a file-filtering RULE", (s, value) => s.Filters.AddRule(ByteString.Encode(value)), 'f'),
        new(Filters, null, 'F', "same as --filter='dir-merge /.rsync-filter'; repeated: --filter='- .rsync-filter'")
        {
            Apply = static (s, _) => s.Filters.AddPerDirectoryFilter(),
        },
        Text(Filters, "exclude", "PATTERN", "exclude files matching PATTERN",
            (s, value) => s.Filters.AddPattern(ByteString.Encode(value), includes: false)),
        Text(Filters, "exclude-from", "FILE", "read exclude patterns from FILE",
            (s, value) => s.Filters.AddFile(ByteString.Encode(value), includes: false)),
        Text(Filters, "include", "PATTERN", "don't exclude files matching PATTERN",
            (s, value) => s.Filters.AddPattern(ByteString.Encode(value), includes: true)),
        Text(Filters, "include-from", "FILE", "read include patterns from FILE",
            (s, value) => s.Filters.AddFile(ByteString.Encode(value), includes: true)),
        Text(Filters, "files-from", "FILE", "read list of source-file names from FILE", (s, value) => s.FilesFrom = value),
        Text(Filters, "max-size", "SIZE", "don't transfer any file larger than SIZE",
            (s, value) => s.Sync = s.Sync with { MaxSize = SizeText.Parse("--max-size", value, LargestFile, "") }),
        Text(Filters, "min-size", "SIZE", "don't transfer any file smaller than SIZE",
            (s, value) => s.Sync = s.Sync with { MinSize = SizeText.Parse("--min-size", value, LargestFile, "") }),
        new(Filters, "cvs-exclude", 'C', "auto-ignore files in the same way CVS does") { Apply = static (s, _) => s.CvsExclude = true },
        new(Filters, "from0", '0', "all *-from/filter files are delimited by 0s")
        {
            Apply = static (s, _) => s.Filters.EndsAtNul = true,
            Negate = static s => s.Filters.EndsAtNul = false,
            NegatesShort = false,
        },
    ];
}
