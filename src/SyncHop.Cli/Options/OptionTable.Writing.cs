using SyncHop.Cli.Arguments;
using SyncHop.Engine;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// How a file's content gets to its place, and how fast.
internal static partial class OptionTable
{
    private static OptionDefinition[] WritingOptions =>
    [
        Switch(Transfer, "insecure-links", null, "follow attacker-owned symlinks in operator paths", (o, on) => o with { InsecureLinks = on }) with
        {
            Support = OptionSupport.Limited("paths on this machine; a server resolves its own"),
        },
        Switch(Transfer, "inplace", null, "update destination files in-place", (o, on) => o with { Inplace = on }),
        Switch(Transfer, "append", null, "append data onto shorter files", (o, on) => o with { Append = on ? AppendMode.Unverified : AppendMode.None }),
        Flag(Transfer, "append-verify", null, "--append w/old data in file checksum", o => o with { Append = AppendMode.Verified }),
        Switch(Transfer, "partial", null, "keep partially transferred files", (o, on) => o with { Partial = on }),
        new(Transfer, null, 'P', "same as --partial --progress")
        {
            Apply = static (s, _) => s.Sync = s.Sync with { Partial = true, Progress = true },
        },
        Text(Transfer, "partial-dir", "DIR", "put a partially transferred file into DIR",
            (s, value) => s.Sync = s.Sync with { PartialDir = ByteString.Encode(value) }) with
        {
            Support = OptionSupport.Limited("relative directories only"),
        },
        Text(Transfer, "temp-dir", "DIR", "create temporary files in directory DIR",
            (s, value) => s.Sync = s.Sync with { TempDir = ByteString.Encode(value) }, 'T'),
        Switch(Transfer, "delay-updates", null, "put all updated files into place at end", (o, on) => o with { DelayUpdates = on }),
        Flag(Transfer, "fsync", null, "fsync every written file", o => o with { Fsync = true }) with
        {
            Support = OptionSupport.Limited("over SFTP where the server has fsync@openssh.com"),
        },
        Flag(Transfer, "preallocate", null, "allocate dest files before writing them", o => o with { Preallocate = true }) with
        {
            Support = OptionSupport.Limited("not over SFTP, which is said"),
        },
        Switch(Transfer, "sparse", 'S', "turn sequences of nulls into sparse blocks", (o, on) => o with { Sparse = on }),
        Text(Transfer, "bwlimit", "RATE", "limit socket I/O bandwidth",
            (s, value) => s.Sync = s.Sync with { BandwidthLimit = SizeText.Bandwidth(value) }) with
        {
            Negate = static s => s.Sync = s.Sync with { BandwidthLimit = 0 },
        },
        Text(Transfer, "stop-after", "MINS", "stop after MINS minutes have elapsed",
            (s, value) => s.Sync = s.Sync with { StopAfter = StopTime.After(value), StopAt = null }) with
        {
            Aliases = ["time-limit"],
        },
        Text(Transfer, "stop-at", "y-m-dTh:m", "stop at the specified point in time",
            (s, value) => s.Sync = s.Sync with { StopAt = StopTime.At(value, DateTimeOffset.Now), StopAfter = null }),
    ];
}
