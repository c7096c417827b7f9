using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// What is transferred, and how.
internal static partial class OptionTable
{
    private static OptionDefinition[] TransferOptions =>
    [
        Switch(Transfer, "checksum", 'c', "skip based on checksum, not mod-time & size", (o, on) => o with { Checksum = on }) with
        {
            Support = OptionSupport.Limited("the content is read over SFTP, unless the server hashes it (check-file)"),
        },
        Text(Transfer, "checksum-choice", "STR", "choose the checksum algorithm (aka --cc)", (s, value) => s.ChecksumChoice = ChecksumChoice.Parse(value)) with
        {
            Aliases = ["cc"],
            Support = OptionSupport.Limited("for %C; contents are compared as they are"),
        },
        Flag(Transfer, "update", 'u', "skip files that are newer on the receiver", o => o with { Update = true }),
        Flag(Transfer, "ignore-times", 'I', "don't skip files that match size and time", o => o with { IgnoreTimes = true }),
        Flag(Transfer, "size-only", null, "skip files that match in size", o => o with { SizeOnly = true }),
        Text(Transfer, "modify-window", "NUM", "set the accuracy for mod-time comparisons",
            (s, value) => s.Sync = s.Sync with { ModifyWindow = NumberText.Parse("--modify-window", value) }, '@') with
        {
            IsNumber = true,
            Support = OptionSupport.Limited("nanoseconds (negative NUM) count only local to local"),
        },
        Flag(Transfer, "existing", null, "skip creating new files on receiver", o => o with { Existing = true }) with
        {
            Aliases = ["ignore-non-existing"],
        },
        Flag(Transfer, "ignore-existing", null, "skip updating files that exist on receiver", o => o with { IgnoreExisting = true }),
    ];
}
