using SyncHop.Cli.Arguments;
using SyncHop.Engine;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// What is kept of the past: backups, and directories with earlier copies.
internal static partial class OptionTable
{
    private static OptionDefinition[] BasisOptions =>
    [
        Switch(Transfer, "backup", 'b', "make backups (see --suffix & --backup-dir)", (o, on) => o with { Backup = on }) with { NegatesShort = false },
        Text(Transfer, "backup-dir", "DIR", "make backups into hierarchy based in DIR",
            (s, value) => s.Sync = s.Sync with { BackupDirectory = ByteString.Encode(value), Backup = true }),
        Text(Transfer, "suffix", "SUFFIX", "backup suffix (default ~ w/o --backup-dir)", (s, value) => s.BackupSuffix = value),
        EarlierCopies("compare-dest", "also compare destination files relative to DIR", BasisUse.Compare),
        EarlierCopies("copy-dest", "... and include copies of unchanged files", BasisUse.Copy),
        EarlierCopies("link-dest", "hardlink to files in DIR when unchanged", BasisUse.Link),
        new(Transfer, "fuzzy", 'y', "find similar file for basis if no dest file")
        {
            Apply = (s, _) => s.Sync = s.Sync with { Fuzzy = s.Sync.Fuzzy + 1 },
            Negate = s => s.Sync = s.Sync with { Fuzzy = 0 },
            Support = OptionSupport.Unneeded("files are sent whole where there is no old one"),
        },
        Switch(Transfer, "mkpath", null, "create destination's missing path components", (o, on) => o with { MakePath = on }),
    ];

    // Of the three kinds one alone may be given, as often as wanted.
    private static OptionDefinition EarlierCopies(string name, string help, BasisUse use) => new(Transfer, name, null, help)
    {
        ValueName = "DIR",
        Apply = (s, value) =>
        {
            if (s.Sync.BasisDirectories.Count > 0 && s.Sync.BasisUse != use)
            {
                string other = s.Sync.BasisUse switch { BasisUse.Compare => "compare-dest", BasisUse.Copy => "copy-dest", _ => "link-dest" };
                throw CommandException.Usage($"ERROR: the --{name} option conflicts with the --{other} option");
            }
            s.Sync = s.Sync with { BasisUse = use, BasisDirectories = [.. s.Sync.BasisDirectories, ByteString.Encode(value)] };
        },
    };
}
