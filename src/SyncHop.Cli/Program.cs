using SyncHop.Cli.Arguments;
using SyncHop.Cli.Jobs;
using SyncHop.Cli.Reporting;
using SyncHop.Cli.Running;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;

namespace SyncHop.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        Posix.FillStandardDescriptors();
        Posix.ForbidCoreFiles();
        Posix.SurviveFileSizeLimit();
        TerminalPrompt prompt = new();
        using Signals signals = new(beforeExit: prompt.Restore);
        using StandardOutput output = new(onFailure: signals.Cancel);
        CommandRunner runner = new(
            output,
            (invocation, cancellation) => RunAsync(invocation, null, cancellation),
            (check, cancellation) => AskedAsync(Composition.CheckAsync(check, output, prompt, cancellation)),
            (request, cancellation) => new JobCommands(output, RunAsync).ExecuteAsync(request, cancellation),
            (request, cancellation) => Composition.CompleteAsync(request, output, prompt, cancellation));
        return (int)runner.Execute(RawArguments.Read(arguments), signals.Token);

        Task<ExitCode> RunAsync(Invocation invocation, Action<RunReports>? begun, CancellationToken cancellation)
        {
            OutputSettings.Apply(invocation.Options, output);
            RunReports reports = new(invocation, output);
            begun?.Invoke(reports);
            return AskedAsync(ReportedRun.RunAsync(reports, () => Composition.RunAsync(invocation, reports, output.Log, prompt, cancellation), cancellation));
        }

        // The terminal is as it was before anything is said about how the run ended.
        async Task<ExitCode> AskedAsync(Task<ExitCode> run)
        {
            try
            {
                return await run.ConfigureAwait(false);
            }
            finally
            {
                prompt.Finish();
            }
        }
    }
}
