using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// Which entries are visited, and what kinds of them are copied.
internal static partial class OptionTable
{
    private static OptionDefinition[] SelectionOptions =>
    [
        new(Selection, "archive", 'a', "archive mode is -rlptgoD")
        {
            Apply = static (s, _) => s.Sync = s.Sync with
            {
                Recursive = true,
                Links = true,
                Perms = true,
                Times = true,
                Group = true,
                Owner = true,
                Devices = true,
                Specials = true,
            },
        },
        new(Selection, "recursive", 'r', "recurse into directories")
        {
            Apply = static (s, _) => (s.RecursiveGiven, s.Sync) = (true, s.Sync with { Recursive = true }),
            Negate = static s => (s.RecursiveGiven, s.Sync) = (false, s.Sync with { Recursive = false }),
        },
        new(Selection, "relative", 'R', "use relative path names")
        {
            Apply = static (s, _) => s.Relative = true,
            Negate = static s => s.Relative = false,
        },
        Switch(Selection, "implied-dirs", null, "send the directories on the way to --relative's files (default)", (o, on) => o with { ImpliedDirs = on }) with
        {
            Aliases = ["i-d"],
        },
        Switch(Selection, "inc-recursive", null, "list directory by directory (default)", (o, on) => o with { IncrementalRecursion = on }) with
        {
            Aliases = ["i-r"],
            Support = OptionSupport.Limited("the list is always incremental; what is told is as in rsync"),
        },
        new(Selection, "dirs", 'd', "transfer directories without recursing")
        {
            Apply = static (s, _) => (s.Dirs, s.OldDirs) = (true, false),
            Negate = static s => (s.Dirs, s.OldDirs) = (false, false),
        },
        new(Selection, "old-dirs", null, "works like --dirs when talking to old rsync")
        {
            Aliases = ["old-d"],
            Apply = static (s, _) => (s.Dirs, s.OldDirs) = (true, true),
        },
        Switch(Selection, "links", 'l', "copy symlinks as symlinks", (o, on) => o with { Links = on }),
        Switch(Selection, "devices", null, "preserve device files (super-user only)", (o, on) => o with { Devices = on }) with
        {
            Support = OptionSupport.Limited("local to local"),
        },
        Switch(Selection, "specials", null, "preserve special files", (o, on) => o with { Specials = on }) with
        {
            Support = OptionSupport.Limited("not onto an SFTP server, which cannot make them"),
        },
        Switch(Selection, null, 'D', "same as --devices --specials", (o, on) => o with { Devices = on, Specials = on }),
        Count(Selection, "one-file-system", 'x', "don't cross filesystem boundaries",
            o => o.OneFileSystem, (o, n) => o with { OneFileSystem = n }) with
        {
            Support = OptionSupport.Limited("over SFTP on servers with `statvfs@openssh.com`; file systems without a number count as one another"),
        },
        Switch(Selection, "prune-empty-dirs", 'm', "prune empty directory chains from the file list", (o, on) => o with { PruneEmptyDirectories = on }),
    ];
}
