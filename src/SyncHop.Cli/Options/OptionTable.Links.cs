using SyncHop.Engine;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// What becomes of symlinks.
internal static partial class OptionTable
{
    private static OptionDefinition[] LinkOptions =>
    [
        Flag(Selection, "copy-links", 'L', "transform symlink into referent file/dir", o => o with { CopyLinks = true }),
        Flag(Selection, "copy-dirlinks", 'k', "transform symlink to dir into referent dir", o => o with { CopyDirectoryLinks = true }),
        Flag(Selection, "copy-unsafe-links", null, "only \"unsafe\" symlinks are transformed", o => o with { CopyUnsafeLinks = true }),
        Flag(Selection, "safe-links", null, "ignore symlinks that point outside the tree", o => o with { SafeLinks = true }),
        Switch(Selection, "munge-links", null, "munge symlinks to make them safe & unusable", (o, on) => o with { MungeLinks = on }) with
        {
            Support = OptionSupport.Limited("between two remote hosts as local to local: munged symlinks are restored"),
        },
        Flag(Selection, "keep-dirlinks", 'K', "treat symlinked dir on receiver as dir", o => o with { KeepDirectoryLinks = true }),
    ];
}
