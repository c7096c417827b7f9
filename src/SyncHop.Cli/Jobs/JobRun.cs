using System.Globalization;
using SyncHop.Cli.Reporting;
using SyncHop.Cli.Running;
using SyncHop.Engine;
using SyncHop.Jobs.Configuration;
using SyncHop.Jobs.History;
using SyncHop.Jobs.Locking;

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
        Invocation invocation = Invocation = JobInvocation.Create(job, extra);
        if (invocation.Options.DryRun) return await run(invocation, reports => _reports = reports, cancellation).ConfigureAwait(false);
        try
        {
            using RunLock runLock = await DestinationLock.TakeAsync(
                LockFiles.OfJob(job.Name), invocation.Unattended.LockWait ?? TimeSpan.Zero, tells: invocation.Options.Verbosity > 0, output, cancellation).ConfigureAwait(false);
            return await RunAloneAsync(invocation, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (_reports is null)
        {
            await TellEndAsync(new RunReports(invocation, output, isShown: false), e, cancellation).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs and records, while no other run of the job does.</summary>
    private async Task<ExitCode> RunAloneAsync(Invocation invocation, CancellationToken cancellation)
    {
        await using ServiceStatus status = new(job.Name, () => _reports);
        ExitCode code = ExitCode.FileIo;
        try
        {
            // Not by the run: what is before it has to wait, too.
            using RunLock? destinationLock = await DestinationLock.AcquireAsync(invocation, output, cancellation).ConfigureAwait(false);
            return code = await RunLockedAsync(invocation with { Unattended = invocation.Unattended with { Lock = null } }, cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            code = Failure.Of(e, cancellation).Code;
            throw;
        }
        finally
        {
            Record(code);
            status.End(code);
        }
    }

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
            reports.Ending = code => FinishAsync(code, reports.Output);
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
    /// <returns>The exit code of both.</returns>
    private async Task<ExitCode> FinishAsync(ExitCode code, IOutput told)
    {
        if (job.After.Count == 0
            || await HookCommand.RunAsync(job.After, [.. Variables(), .. Outcome(code)], told, CancellationToken.None).ConfigureAwait(false) is not { } failure)
        {
            return code;
        }
        SideConnector.WriteError(told, $"synchop: job {job.Name}: after: {failure}");
        // Files that vanished are nothing that went wrong; this is.
        return code is ExitCode.Ok or ExitCode.Vanished ? ExitCode.JobCommand : code;
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
