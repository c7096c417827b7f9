using System.Globalization;
using System.Text;
using SyncHop.Cli.Running;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Jobs.Configuration;
using SyncHop.Jobs.History;
using SyncHop.Jobs.Locking;
using SyncHop.Jobs.Metrics;
using SyncHop.Jobs.Units;

namespace SyncHop.Cli.Jobs;

/// <summary>What <c>--job</c> and its sisters do.</summary>
/// <param name="output">Where text goes.</param>
/// <param name="run">Does a run.</param>
internal sealed class JobCommands(IOutput output, Runner run)
{
    /// <summary>Does what is asked.</summary>
    /// <exception cref="CommandException">The job file is not right, or the job cannot be run.</exception>
    public async Task<ExitCode> ExecuteAsync(JobRequest request, CancellationToken cancellation)
    {
        try
        {
            // Units of a job that is gone can be removed.
            if (request.Action == JobAction.Uninstall) return Uninstall(request.Name!);
            JobFile file = JobFile.Read(request.File ?? JobFile.DefaultPath);
            switch (request.Action)
            {
                case JobAction.Run:
                    return await new JobRun(file.Find(request.Name!), file.FilePath, output, run).RunAsync(request.Extra, cancellation).ConfigureAwait(false);
                case JobAction.Check:
                    return await CheckAsync(file.Find(request.Name!), file.FilePath, request.Extra, cancellation).ConfigureAwait(false);
                case JobAction.Install:
                    return Install(file.Find(request.Name!), file.FilePath, request.Calendar ?? "daily");
                case JobAction.List:
                    return List(file.Jobs);
                default:
                    ShowStatus(request.Name is null ? file.Jobs : [file.Find(request.Name)], all: request.Name is not null);
                    return ExitCode.Ok;
            }
        }
        catch (JobFileException e)
        {
            throw CommandException.Usage(e.Message);
        }
    }

    private ExitCode List(IReadOnlyList<Job> jobs)
    {
        ExitCode code = ExitCode.Ok;
        foreach (Job job in jobs)
        {
            Write($"{job.Name}: {string.Join(' ', job.Sources)} -> {job.Destination}{(job.Snapshots ? " (snapshots)" : "")}");
            try
            {
                JobInvocation.Verify(job);
            }
            catch (CommandException e)
            {
                SideConnector.WriteError(output, $"synchop: {e.Message}");
                if (code == ExitCode.Ok) code = e.Code;
            }
        }
        return code;
    }

    private ExitCode Install(Job job, string file, string calendar)
    {
        if (!CalendarEvent.IsTaken(calendar))
            throw CommandException.Usage($"--on-calendar={calendar}: systemd does not take that for a time (systemd.time(7), CALENDAR EVENTS); try it with: systemd-analyze calendar");
        ServiceUnits units = ServiceUnits.OfThisUser();
        string path = Path.GetFullPath(file);
        if (path.Any(char.IsControl)) throw CommandException.Usage($"{path}: such a name cannot stand in a unit");
        foreach (string written in Units(() => units.Install(job, path, Environment.ProcessPath!, calendar))) Write($"wrote {written}");
        string timer = ServiceUnits.NameOf(job.Name) + ".timer";
        Write($"To have it run: {units.Control} daemon-reload && {units.Control} enable --now {timer}");
        if (!Environment.IsPrivilegedProcess) Write("To have it run while you are not logged in: loginctl enable-linger");
        return ExitCode.Ok;
    }

    private ExitCode Uninstall(string job)
    {
        if (!JobFile.IsName(job)) throw CommandException.Usage($"\"{job}\" is no name for a job");
        ServiceUnits units = ServiceUnits.OfThisUser();
        IReadOnlyList<string> removed = Units(() => units.Uninstall(job));
        if (removed.Count == 0) throw CommandException.Usage($"the job {job} has no units here");
        foreach (string file in removed) Write($"removed {file}");
        Write($"To stop it: {units.Control} disable --now {ServiceUnits.NameOf(job)}.timer; {units.Control} daemon-reload");
        return ExitCode.Ok;
    }

    private static IReadOnlyList<string> Units(Func<IReadOnlyList<string>> change)
    {
        try
        {
            return change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.FileIo, e.Message);
        }
    }

    private async Task<ExitCode> CheckAsync(Job job, string file, IReadOnlyList<string> extra, CancellationToken cancellation)
    {
        JobRun dry = new(job, file, output, run);
        ExitCode code;
        try
        {
            code = await dry.RunAsync([.. extra, "--dry-run"], cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            (code, string? message) = Failure.Of(e, cancellation);
            SideConnector.WriteError(output, $"synchop: {message}");
        }
        if (dry.Invocation?.Unattended.MetricsFile is { } metrics && MetricsProblem(metrics) is { } problem)
        {
            SideConnector.WriteError(output, $"synchop: cannot write the metrics file {metrics}: {problem}");
            if (code == ExitCode.Ok) code = ExitCode.Partial;
        }
        foreach (string part in dry.Invocation?.Unattended.Answers?.Unused ?? [])
            SideConnector.WriteError(output, $"synchop: job {job.Name}: no hop, proxy or key with \"{part}\" in its name asked for its secret: a mistake, or it was not needed this time");
        if (dry.Invocation is not { Options.Json: true }) Write($"job {job.Name}: {Verdict(code, dry.Summary ?? RunSummary.Empty)}");
        return code;
    }

    private static string Verdict(ExitCode code, RunSummary summary)
    {
        if (code is not (ExitCode.Ok or ExitCode.Vanished)) return $"not ready; {ExitCodeText.Result(code)}";
        EntryCounts gone = summary.Deleted;
        long removed = gone.Files + gone.Directories + gone.Symlinks + gone.Devices + gone.Specials;
        return $"ready; {Count(summary.TransferredFiles, "file", "files")} of {Count(summary.TransferredBytes, "byte", "bytes")} would be sent, {Count(removed, "entry", "entries")} removed";
    }

    private static string? MetricsProblem(string file)
    {
        try
        {
            MetricsFile.Verify(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FileFailure.Reason(e);
        }
    }

    private void ShowStatus(IReadOnlyList<Job> jobs, bool all)
    {
        int width = Math.Max(3, jobs.Select(static job => job.Name.Length).DefaultIfEmpty().Max());
        Write($"{"job".PadRight(width)}  {"ended",-19}  {"code",4}  {"files",12}  {"bytes",18}  {"removed",12}  {"seconds",10}");
        foreach (Job job in jobs)
        {
            IReadOnlyList<JobRecord> records = JobHistory.Read(job.Name);
            if (records.Count == 0) Write($"{job.Name.PadRight(width)}  never");
            if (RunLock.HolderOf(LockFiles.OfJob(job.Name)) is { } holder)
                Write($"{job.Name.PadRight(width)}  {(holder.IsThere() switch { true => "runs", false => "was killed", null => "runs or was killed" })}: {holder}");
            foreach (JobRecord record in all ? records : records.TakeLast(1))
            {
                string ended = record.Ended.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
                string seconds = record.Seconds.ToString("F1", CultureInfo.InvariantCulture);
                Write($"{job.Name.PadRight(width)}  {ended}  {record.ExitCode,4}  {Count(record.Files),12}  {Count(record.Bytes),18}  {Count(record.Removed),12}  {seconds,10}{(record.Snapshot is null ? "" : "  " + record.Snapshot)}");
            }
        }
    }

    private void Write(string line) => output.Write(Encoding.UTF8.GetBytes(TerminalText.Escape(line) + "\n"));

    private static string Count(long value, string one, string many) => $"{Count(value)} {(value == 1 ? one : many)}";

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
