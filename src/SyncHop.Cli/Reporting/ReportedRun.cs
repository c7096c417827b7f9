using SyncHop.Engine;

namespace SyncHop.Cli.Reporting;

/// <summary>A run whose end is reported, however it ends.</summary>
internal static class ReportedRun
{
    /// <summary>Runs.</summary>
    /// <param name="reports">What is reported.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellation">Whether the run was told to end.</param>
    public static async Task<ExitCode> RunAsync(RunReports reports, Func<Task<ExitCode>> run, CancellationToken cancellation)
    {
        ExitCode code;
        try
        {
            code = await run().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            (ExitCode failed, string? message) = Failure.Of(e, cancellation);
            await reports.EndAsync(failed, message).ConfigureAwait(false);
            throw;
        }
        return await reports.EndAsync(code, null).ConfigureAwait(false);
    }
}
