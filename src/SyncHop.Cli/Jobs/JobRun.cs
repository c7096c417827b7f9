using System.Globalization;
using SyncHop.Cli.Reporting;
using SyncHop.Cli.Running;
using SyncHop.Engine;
using SyncHop.Jobs.Configuration;
using SyncHop.Jobs.History;
using SyncHop.Jobs.Locking;
using SyncHop.Jobs.Metrics;

namespace SyncHop.Cli.Jobs;

/// <summary>Does a run; the second argument is told of its reports before it begins.</summary>
internal delegate Task<ExitCode> Runner(Invocation invocation, Action<RunReports>? begun, CancellationToken cancellation);

/// <summary>A run of a job: under its lock, between its commands, and recorded. A dry run is the run alone.</summary>
/// <param name="job">The job.</param>
/// <param name="file">The file it is from.</param>
/// <param name="output">Where lines go.</param>
/// <param name="run">Does the run.</param>
internal sealed class JobRun(Job job, string file, IOutput output, Runner run)
{
    // Less than systemd waits before it kills (DefaultTimeoutStopSec).
    private static readonly TimeSpan s_patienceAfterSignal = TimeSpan.FromSeconds(60);

    private RunReports? _reports;

    /// <summary>What the job amounts to; null before that is known.</summary>
    public Invocation? Invocation { get; private set; }

    /// <summary>What the run did; null before it began.</summary>
    public RunSummary? Summary => _reports?.Summary;

    /// <summary>Runs.</summary>
    /// <param name="extra">Options that come after the job's own.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="CommandException">The job cannot be run, another run of it goes on, or its first command failed.</exception>
    public async Task<ExitCode> RunAsync(IReadOnlyList<string> extra, CancellationToken cancellation)
    {
        Invocation invocation;
        try
        {
            invocation = Invocation = JobInvocation.Create(job, extra);
        }
        catch (CommandException mistake) when (!extra.Any(static word => word is "--dry-run" or "-n"))
        {
            RecordMistake(mistake.Code);
            throw;
        }
        if (invocation.Options.DryRun) return await run(invocation, reports => _reports = reports, cancellation).ConfigureAwait(false);
        // The service has begun when it waits for another run: that may take longer than systemd gives to a beginning.
        await using ServiceStatus status = new(job.Name, () => _reports);
        ExitCode code = ExitCode.FileIo;
        try
        {
            using RunLock runLock = await DestinationLock.TakeAsync(
                LockFiles.OfJob(job.Name), invocation.Unattended.LockWait ?? TimeSpan.Zero, tells: invocation.Options.Verbosity > 0, output, cancellation).ConfigureAwait(false);
            // Not by the run: what is before it has to wait, too.
            using RunLock? wanted = await DestinationLock.AcquireAsync(invocation, output, cancellation).ConfigureAwait(false);
            // Another job's run would go on with the snapshot that this one makes.
            using RunLock? directory = job.Snapshots && invocation.Unattended.Lock != ""
                ? await DestinationLock.AcquireAsync(WithLock(invocation, ""), output, cancellation).ConfigureAwait(false)
                : null;
            return code = await RunLockedAsync(WithLock(invocation, null), cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            code = Failure.Of(e, cancellation).Code;
            if (_reports is null) await TellEndAsync(new RunReports(invocation, output, isShown: false), e, cancellation).ConfigureAwait(false);
            throw;
        }
        finally
        {
            Record(code);
            status.End(code);
        }
    }

    private static Invocation WithLock(Invocation invocation, string? file) => invocation with { Unattended = invocation.Unattended with { Lock = file } };

    /// <summary>Runs between the job's commands. The last one is a part of the run: whoever watches is told of the end when it ended.</summary>
    private async Task<ExitCode> RunLockedAsync(Invocation invocation, CancellationToken cancellation)
    {
        try
        {
            if (job.Before.Count > 0 && await HookCommand.RunAsync(job.Before, Variables(), output, cancellation).ConfigureAwait(false) is { } failure)
                throw new CommandException(ExitCode.JobCommand, $"job {job.Name}: before: {failure}; nothing was done");
            return await run(invocation, Begin, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (_reports is null)
        {
            RunReports reports = new(invocation, output, isShown: false);
            Begin(reports);
            await TellEndAsync(reports, e, cancellation).ConfigureAwait(false);
            throw;
        }

        void Begin(RunReports reports)
        {
            _reports = reports;
            reports.Ending = code => FinishAsync(code, reports.Output, cancellation);
        }
    }

    /// <summary>What did not come to the run is told to whoever watches, too.</summary>
    private static async Task TellEndAsync(RunReports reports, Exception reason, CancellationToken cancellation)
    {
        (ExitCode code, string? message) = Failure.Of(reason, cancellation);
        await reports.EndAsync(code, message).ConfigureAwait(false);
    }

    /// <summary>Runs the last command, also when the run was told to end: what was set up before has to be put away, and somebody told.</summary>
    /// <param name="code">The run's own exit code.</param>
    /// <param name="told">Where lines go.</param>
    /// <param name="cancellation">Was, or is, signalled to end.</param>
    /// <returns>The exit code of both.</returns>
    private async Task<ExitCode> FinishAsync(ExitCode code, IOutput told, CancellationToken cancellation)
    {
        if (job.After.Count == 0) return code;
        // It is not ended by the signal that ended the run, but a command that hangs is no reason to hang with it.
        using CancellationTokenSource patience = new();
        using CancellationTokenRegistration signal = cancellation.Register(() => patience.CancelAfter(s_patienceAfterSignal));
        string? failure;
        try
        {
            failure = await HookCommand.RunAsync(job.After, [.. Variables(), .. Outcome(code)], told, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            failure = $"{job.After[0]} was ended: it went on for {s_patienceAfterSignal.TotalSeconds:0} s after the signal";
        }
        if (failure is null) return code;
        SideConnector.WriteError(told, $"synchop: job {job.Name}: after: {failure}");
        // Files that vanished are nothing that went wrong; this is.
        return code is ExitCode.Ok or ExitCode.Vanished ? ExitCode.JobCommand : code;
    }

    /// <summary>A run that is not even one is told to whoever watches, too.</summary>
    private void RecordMistake(ExitCode code)
    {
        Record(code);
        if (job.MetricsFile is null) return;
        try
        {
            MetricsFile.Write(JobInvocation.ExpandHome(job.MetricsFile), new RunOutcome((int)code, RunSummary.Empty, DateTimeOffset.UtcNow, TimeSpan.Zero), job.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SideConnector.WriteError(output, $"synchop: cannot write the metrics file {job.MetricsFile}: {FileFailure.Reason(e)}");
        }
    }

    private void Record(ExitCode code)
    {
        RunSummary summary = Summary ?? RunSummary.Empty;
        EntryCounts deleted = summary.Deleted;
        long removed = deleted.Files + deleted.Directories + deleted.Symlinks + deleted.Devices + deleted.Specials;
        double seconds = Math.Round((_reports?.Elapsed ?? TimeSpan.Zero).TotalSeconds, 1);
        try
        {
            JobHistory.Add(job.Name, new JobRecord(DateTimeOffset.Now, (int)code, summary.TransferredFiles, summary.TransferredBytes, removed, seconds, _reports?.Snapshot));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SideConnector.WriteError(output, $"synchop: the run of the job {job.Name} cannot be recorded: {FileFailure.Reason(e)}");
        }
    }

    private Dictionary<string, string> Variables() => new()
    {
        ["SYNCHOP_JOB"] = job.Name,
        ["SYNCHOP_JOB_FILE"] = Path.GetFullPath(file),
        ["SYNCHOP_DESTINATION"] = job.Destination,
    };

    private Dictionary<string, string> Outcome(ExitCode code)
    {
        RunSummary summary = Summary ?? RunSummary.Empty;
        return new()
        {
            ["SYNCHOP_EXIT_CODE"] = Number((int)code),
            ["SYNCHOP_RESULT"] = ExitCodeText.Result(code),
            ["SYNCHOP_FILES"] = Number(summary.TransferredFiles),
            ["SYNCHOP_BYTES"] = Number(summary.TransferredBytes),
            ["SYNCHOP_SENT_BYTES"] = Number(summary.Wire.Sent),
            ["SYNCHOP_SNAPSHOT"] = _reports?.Snapshot ?? "",
            ["SYNCHOP_SECONDS"] = Number((long)(_reports?.Elapsed ?? TimeSpan.Zero).TotalSeconds),
        };
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
