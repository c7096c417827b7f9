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

    /// <summary>What the run did; null before it began.</summary>
    public RunSummary? Summary => _reports?.Summary;

    /// <summary>Runs.</summary>
    /// <param name="extra">Options that come after the job's own.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="CommandException">The job cannot be run, another run of it goes on, or its first command failed.</exception>
    public async Task<ExitCode> RunAsync(IReadOnlyList<string> extra, CancellationToken cancellation)
    {
        Invocation invocation = JobInvocation.Create(job, extra);
        if (invocation.Options.DryRun) return await run(invocation, reports => _reports = reports, cancellation).ConfigureAwait(false);
        try
        {
            return await RunLockedAsync(invocation, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (_reports is null)
        {
            // It did not come to the run: whoever watches is told of that too.
            (ExitCode code, string? message) = Failure.Of(e, cancellation);
            await new RunReports(invocation, output, isShown: false).EndAsync(code, message).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<ExitCode> RunLockedAsync(Invocation invocation, CancellationToken cancellation)
    {
        using RunLock runLock = await DestinationLock.TakeAsync(
            LockFiles.OfJob(job.Name), job.LockWait, tells: invocation.Options.Verbosity > 0, output, cancellation).ConfigureAwait(false);
        await using ServiceStatus status = new(job.Name, () => _reports);
        ExitCode code = ExitCode.FileIo;
        try
        {
            if (job.Before.Count > 0 && await HookCommand.RunAsync(job.Before, Variables(), output, cancellation).ConfigureAwait(false) is { } failure)
                throw new CommandException(ExitCode.JobCommand, $"job {job.Name}: before: {failure}; nothing was done");
            code = await run(invocation, reports => _reports = reports, cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            code = Failure.Of(e, cancellation).Code;
            throw;
        }
        finally
        {
            Record(code);
            // Also when the run was told to end: what was set up before has to be put away, and somebody told.
            string? late = job.After.Count == 0 ? null : await HookCommand.RunAsync(job.After, [.. Variables(), .. Outcome(code)], output, CancellationToken.None).ConfigureAwait(false);
            if (late is not null)
            {
                SideConnector.WriteError(output, $"synchop: job {job.Name}: after: {late}");
                if (code == ExitCode.Ok) code = ExitCode.JobCommand;
            }
            status.End(code);
        }
        return code;
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
            ["SYNCHOP_RESULT"] = code == ExitCode.Ok ? "success" : ExitCodeText.Describe(code),
            ["SYNCHOP_FILES"] = Number(summary.TransferredFiles),
            ["SYNCHOP_BYTES"] = Number(summary.TransferredBytes),
            ["SYNCHOP_SENT_BYTES"] = Number(summary.Wire.Sent),
            ["SYNCHOP_SNAPSHOT"] = _reports?.Snapshot ?? "",
            ["SYNCHOP_SECONDS"] = Number((long)(_reports?.Elapsed ?? TimeSpan.Zero).TotalSeconds),
        };
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
