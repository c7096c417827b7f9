using SyncHop.Cli.Arguments;
using SyncHop.Engine;
using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// What is printed.
internal static partial class OptionTable
{
    private static OptionDefinition[] OutputOptions =>
    [
        Count(Output, "verbose", 'v', "increase verbosity", o => o.Verbosity, (o, n) => o with { Verbosity = n }),
        Flag(Output, "quiet", 'q', "suppress non-error messages", o => o with { Quiet = true }),
        Text(Output, "info", "FLAGS", "fine-grained informational verbosity", SetInfo) with
        {
            Support = OptionSupport.Limited("all flags are taken; stats3 is stats2"),
        },
        Text(Output, "debug", "FLAGS", "fine-grained debug verbosity", SetDebug) with
        {
            Support = OptionSupport.Limited("all flags are taken; only deltasum, filter and flist have something to say"),
        },
        Text(Output, "stderr", "e|a|c", "change stderr output mode (default: errors)", SetErrorOutput),
        Switch(Output, "msgs2stderr", null, "same as --stderr=all", (o, on) => o with { ErrorOutput = on ? ErrorOutput.All : ErrorOutput.Client }),
        Text(Output, "outbuf", "N|L|B", "set out buffering to None, Line, or Block", SetBuffering),
        Flag(Output, "dry-run", 'n', "perform a trial run with no changes made", o => o with { DryRun = true }),
        Count(Output, "itemize-changes", 'i', "output a change-summary for all updates",
            o => o.ItemizeChanges, (o, n) => o with { ItemizeChanges = n }),
        Text(Output, "out-format", "FORMAT", "output updates using the specified FORMAT",
            (s, value) => s.Sync = s.Sync with { OutFormat = ByteString.Encode(value) }) with
        {
            Aliases = ["log-format"],
            Support = OptionSupport.Limited("%b and %c count the content alone; %a %h %m %P %u are a daemon's"),
        },
        Text(Output, "log-file", "FILE", "log what we're doing to the specified FILE",
            (s, value) => s.Sync = s.Sync with { LogFile = value.Length == 0 ? null : value }) with
        {
            Support = OptionSupport.Limited("the log has every error; rsync leaves those of its other process out"),
        },
        Text(Output, "log-file-format", "FMT", "log updates using the specified FMT",
            (s, value) => s.Sync = s.Sync with { LogFileFormat = ByteString.Encode(value) }),
        Switch(Output, "progress", null, "show progress during transfer", (o, on) => o with { Progress = on }),
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

    private static void SetInfo(OptionState state, string value)
    {
        state.Sync = state.Sync with { InfoLevels = FlagList.Add("info", value, state.Sync.InfoLevels, out bool wantsHelp) };
        if (wantsHelp) state.Wanted = Options.Information.InfoFlags;
    }

    private static void SetDebug(OptionState state, string value)
    {
        state.Sync = state.Sync with { DebugLevels = FlagList.Add("debug", value, state.Sync.DebugLevels, out bool wantsHelp) };
        if (wantsHelp) state.Wanted = Options.Information.DebugFlags;
    }

    private static void SetErrorOutput(OptionState state, string value)
    {
        ErrorOutput mode = value.Length == 0 ? throw Invalid(value)
            : "errors".StartsWith(value, StringComparison.Ordinal) ? ErrorOutput.Errors
            : "all".StartsWith(value, StringComparison.Ordinal) ? ErrorOutput.All
            : "client".StartsWith(value, StringComparison.Ordinal) ? ErrorOutput.Client
            : throw Invalid(value);
        state.Sync = state.Sync with { ErrorOutput = mode };

        static CommandException Invalid(string value) =>
            CommandException.Usage($"--stderr mode \"{value}\" is not one of errors, all, or client");
    }

    private static void SetBuffering(OptionState state, string value)
    {
        OutputBuffering mode = value is [] ? throw Invalid() : char.ToUpperInvariant(value[0]) switch
        {
            'N' or 'U' => OutputBuffering.None,
            'L' => OutputBuffering.Line,
            'B' or 'F' => OutputBuffering.Block,
            _ => throw Invalid(),
        };
        state.Sync = state.Sync with { Buffering = mode };

        static CommandException Invalid() => CommandException.Usage("Invalid --outbuf setting -- specify N, L, or B.");
    }
}
