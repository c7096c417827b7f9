using System.Diagnostics;
using System.Text;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Options;
using SyncHop.Cli.Running;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;
using SyncHop.Engine.Reporting.Json;
using SyncHop.Jobs.Metrics;

namespace SyncHop.Cli.Reporting;

/// <summary>What programs are told of a run: <c>--json</c> and <c>--metrics-file</c>.</summary>
internal sealed class RunReports : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Invocation _invocation;
    private readonly IOutput _standard;
    private readonly Timer? _ticks;

    /// <param name="invocation">The run.</param>
    /// <param name="output">Standard output and error.</param>
    /// <param name="isShown">Whether somebody watches the run on a terminal.</param>
    public RunReports(Invocation invocation, IOutput output, bool isShown)
    {
        IsShown = isShown;
        (_invocation, _standard) = (invocation, output);
        Output = invocation.Options.Json ? new JsonOutput(output) : output;
        if (isShown || invocation.Options.Json || invocation.Unattended.Job is not null) Progress = new RunProgress();
        if (!invocation.Options.Json) return;
        output.Write(StartLine(invocation));
        _ticks = new Timer(_ => output.Write(JsonReport.Progress(Progress!, Stopwatch.GetElapsedTime(_started))), null, s_interval, s_interval);
    }

    /// <summary>Where the run's text goes.</summary>
    public IOutput Output { get; }

    /// <summary>Whether somebody watches the run on a terminal.</summary>
    public bool IsShown { get; }

    /// <summary>The remote hosts; null before they are reached.</summary>
    public RemoteSides? Sides { get; set; }

    /// <summary>Counts how far the run is; null when nobody looks.</summary>
    public RunProgress? Progress { get; }

    /// <summary>How long the run took, once it ended.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>The snapshot that the run completed; null for none.</summary>
    public string? Snapshot { get; set; }

    /// <summary>What still belongs to the run when its work is done, or failed: is given its exit code and says what that is then; null for nothing.</summary>
    public Func<ExitCode, Task<ExitCode>>? Ending { get; set; }

    /// <summary>What the run did.</summary>
    public RunSummary Summary { get; set; } = RunSummary.Empty;

    /// <summary>Tells how the run ended.</summary>
    /// <param name="code">Its exit code so far.</param>
    /// <param name="message">Why it ended early; null when it did not, or was told to.</param>
    /// <returns>The exit code: another one where the run succeeded, but not its <see cref="Ending"/>, or that cannot be written where it was asked to be.</returns>
    public async Task<ExitCode> EndAsync(ExitCode code, string? message)
    {
        await DisposeAsync().ConfigureAwait(false);
        TimeSpan elapsed = Elapsed = Stopwatch.GetElapsedTime(_started);
        bool dryRun = _invocation.Options.DryRun;
        if (Ending is { } ending) code = await ending(code).ConfigureAwait(false);
        if (_invocation.Unattended.MetricsFile is { } file && !dryRun
            && !TryWriteMetrics(file, new RunOutcome((int)code, Summary, DateTimeOffset.UtcNow, elapsed)) && code == ExitCode.Ok)
        {
            // Whoever watches the file does not learn of this run: something has to tell that.
            code = ExitCode.Partial;
        }
        if (_invocation.Options.Json)
        {
            if (message is not null) _standard.Write(JsonReport.Message(Encoding.UTF8.GetBytes(message), new Problem(Severity.Error)));
            _standard.Write(JsonReport.Summary(Summary, code, ExitCodeText.Result(code), dryRun, elapsed));
        }
        return code;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Waits for a tick under way, so that the summary is the last line.
        if (_ticks is not null) await _ticks.DisposeAsync().ConfigureAwait(false);
    }

    private bool TryWriteMetrics(string file, RunOutcome outcome)
    {
        try
        {
            MetricsFile.Write(file, outcome, _invocation.Unattended.Job);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string text = TerminalText.Escape($"synchop: cannot write the metrics file {file}: {FileFailure.Reason(e)}");
            Output.WriteError(Encoding.UTF8.GetBytes(text + "\n"));
            return false;
        }
    }

    private static byte[] StartLine(Invocation invocation)
    {
        Operands operands = invocation.Operands;
        string? from = Host(operands.SourceHops), to = Host(operands.DestinationHops);
        return JsonReport.Start(
            VersionText.Number, invocation.Options.DryRun, operands.Sources.Select(path => (from, path)),
            operands.Destination is { } path ? (to, path) : null);
    }

    private static string? Host(IReadOnlyList<HopAddress> hops) => hops.Count == 0 ? null : string.Join(',', hops);
}
