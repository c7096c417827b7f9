using SyncHop.Cli.Arguments;
using SyncHop.Cli.Jobs;
using SyncHop.Cli.Live;
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
        StandardOutput? shown = null;
        using Signals signals = new(
            beforeExit: () =>
            {
                prompt.Restore();
                shown?.AbandonStatus();
            },
            suspend: stop => prompt.Suspend(() =>
            {
                if (shown is null) stop();
                else shown.Suspend(stop);
            }));
        using StandardOutput output = shown = new();
        prompt.Hold = output.HoldStatus;
        CommandRunner runner = new(
            output,
            (invocation, cancellation) => RunAsync(invocation, null, cancellation),
            (check, cancellation) => AskedAsync(Composition.CheckAsync(check, output, prompt, cancellation)),
            (request, cancellation) => new JobCommands(output, RunAsync).ExecuteAsync(request, cancellation),
            (request, cancellation) => Composition.CompleteAsync(request, output, prompt, cancellation));
        return (int)runner.Execute(RawArguments.Read(arguments), signals.Token);

        async Task<ExitCode> RunAsync(Invocation invocation, Action<RunReports>? begun, CancellationToken cancellation)
        {
            OutputSettings.Apply(invocation.Options, output);
            bool isShown = LiveRule.IsShown(invocation, Posix.IsTerminal(1) == 1, Posix.IsTerminal(2) == 1, Environment.GetEnvironmentVariable);
            RunReports reports = new(invocation, output, isShown);
            begun?.Invoke(reports);
            await using LiveDisplay? display = LiveDisplay.Start(invocation, reports, output);
            return await AskedAsync(ReportedRun.RunAsync(reports, () => Composition.RunAsync(invocation, reports, output.Log, prompt, cancellation), cancellation)).ConfigureAwait(false);
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
