using static SyncHop.Cli.Options.OptionGroup;

namespace SyncHop.Cli.Options;

// Runs that nobody watches.
internal static partial class OptionTable
{
    private static OptionDefinition[] UnattendedOptions =>
    [
        Text(Unattended, "lock", "FILE", "do nothing while another run holds the lock: FILE, or the destination's own",
            (s, value) => s.Unattended = s.Unattended with { Lock = value }) with
        {
            ValueIsOptional = true,
            Support = OptionSupport.Own,
        },
        Text(Unattended, "lock-wait", "SECONDS", "wait so long for the lock (implies --lock)",
            (s, value) => s.Unattended = s.Unattended with { LockWait = Seconds("--lock-wait", value), Lock = s.Unattended.Lock ?? "" }) with
        {
            Support = OptionSupport.Own,
        },
        new(Unattended, "live", null, "show the run on the terminal while it goes on")
        {
            Apply = static (s, _) => s.Unattended = s.Unattended with { Live = true },
            Negate = static s => s.Unattended = s.Unattended with { Live = false },
            Support = OptionSupport.Own,
        },
        Flag(Unattended, "json", null, "output objects for programs, one a line, instead of text", o => o with { Json = true }) with
        {
            Support = OptionSupport.Own,
        },
        Text(Unattended, "metrics-file", "FILE", "write the outcome to FILE in Prometheus' text format",
            (s, value) => s.Unattended = s.Unattended with { MetricsFile = FileName("--metrics-file", value) }) with
        {
            Support = OptionSupport.Own,
        },
    ];
}
