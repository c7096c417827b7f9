using SyncHop.Cli.Jobs;

namespace SyncHop.Cli.Options;

// Jobs.
internal static partial class OptionTable
{
    /// <summary>The options about jobs: none of them can stand in a job.</summary>
    public static IReadOnlySet<string> JobOptionNames { get; } = JobOptions.SelectMany(static option => option.Names).ToHashSet(StringComparer.Ordinal);

    private static OptionDefinition[] JobOptions =>
    [
        Job("job", "NAME", "run the job NAME of the job file, with these options added to its own", JobAction.Run),
        Text(OptionGroup.Jobs, "job-file", "FILE", "read jobs from FILE instead of ~/.config/synchop/jobs.toml",
            (s, value) => s.JobFile = FileName("--job-file", value)) with
        {
            Support = OptionSupport.Own,
        },
        new(OptionGroup.Jobs, "job-list", null, "list the jobs")
        {
            Apply = static (s, _) => s.SetJob("--job-list", JobAction.List, null),
            Support = OptionSupport.Own,
        },
        Job("job-check", "NAME", "connect, and say what a run of the job would do", JobAction.Check),
        Job("job-status", "NAME", "show how the last runs of the job ended, or the last one of each", JobAction.Status) with { ValueIsOptional = true },
        Job("job-install", "NAME", "write systemd units that run the job by a timer", JobAction.Install),
        Text(OptionGroup.Jobs, "on-calendar", "WHEN", "when an installed job runs, as systemd.time(7) has it (default: daily)",
            (s, value) => s.Calendar = Calendar(value)) with
        {
            Support = OptionSupport.Own,
        },
        Job("job-uninstall", "NAME", "remove the job's systemd units", JobAction.Uninstall),
    ];

    private static string Calendar(string value) => value.Length > 0 && !value.Any(char.IsControl)
        ? value
        : throw CommandException.Usage("--on-calendar must be one line that says when, as in '*-*-* 03:00'");

    private static OptionDefinition Job(string name, string value, string help, JobAction action) =>
        Text(OptionGroup.Jobs, name, value, help, (s, job) => s.SetJob($"--{name}", action, job)) with { Support = OptionSupport.Own };
}
