using SyncHop.Cli.Arguments;
using SyncHop.Engine;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// How what the destination has already is used.
internal static partial class OptionTable
{
    private const int LargestBlock = 128 * 1024; // rsync's limit
    private const int ShortestSigned = 128;
    private const int LongestSigned = 31 * 1024;

    private static OptionDefinition[] DeltaOptions =>
    [
        Switch(Transfer, "whole-file", 'W', "copy files whole (w/o delta-xfer algorithm)", (o, on) => o with { WholeFile = on }),
        Text(Transfer, "block-size", "SIZE", "force a fixed checksum block-size", SetBlockSize, 'B') with
        {
            Support = OptionSupport.Limited("signatures have blocks of 128 to 31,744 bytes; smaller and larger ones become those"),
        },
        Text(Transfer, "delta", "MODE", "where block sums come from: auto, store, read (the remote file) or off", SetDelta) with
        {
            Support = OptionSupport.Own,
        },
        Text(Transfer, "signature-store", "KIND", "keep signatures on the remote host, local or none; KIND:DIR", SetStore) with
        {
            Support = OptionSupport.Own,
        },
        Flag(Transfer, "sign", null, "only store the signatures of the files named, for pulls", o => o with { SignatureTask = SignatureTask.Sign }) with
        {
            Support = OptionSupport.Own,
        },
        Flag(Transfer, "prune-signatures", null, "only remove the signatures of files that are gone", o => o with { SignatureTask = SignatureTask.Prune }) with
        {
            Support = OptionSupport.Own,
        },
        Flag(Transfer, "verify", null, "read back and compare everything that was written", o => o with { Verify = true }) with
        {
            Support = OptionSupport.Own,
        },
    ];

    private static void SetBlockSize(OptionState state, string value)
    {
        long size = SizeText.Parse("--block-size", value, LargestBlock, "128.00K");
        state.Sync = state.Sync with { BlockSize = size == 0 ? null : (int)Math.Clamp(size, ShortestSigned, LongestSigned) };
    }

    private static void SetDelta(OptionState state, string value) => state.Sync = state.Sync with
    {
        Delta = value switch
        {
            "auto" => DeltaMode.Auto,
            "store" => DeltaMode.Store,
            "read" => DeltaMode.Read,
            "off" => DeltaMode.Off,
            _ => throw CommandException.Usage($"--delta={value}: must be auto, store, read or off"),
        },
    };

    private static void SetStore(OptionState state, string value)
    {
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        string directory = colon < 0 ? "" : value[(colon + 1)..];
        SignatureStoreKind kind = (colon < 0 ? value : value[..colon]) switch
        {
            "remote" => SignatureStoreKind.Remote,
            "local" => SignatureStoreKind.Local,
            "none" when colon < 0 => SignatureStoreKind.None,
            _ => throw CommandException.Usage($"--signature-store={value}: must be remote, local or none, the first two with :DIR if wanted"),
        };
        state.Sync = state.Sync with
        {
            SignatureStore = new SignatureStoreChoice(kind, directory.Length == 0 ? null : ByteString.Encode(directory)),
        };
    }
}
