using System.Diagnostics;
using System.Text;
using SyncHop.Cli.Arguments;
using SyncHop.Cli.Endpoints;
using SyncHop.Cli.Reporting;
using SyncHop.Cli.Running;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;

namespace SyncHop.Cli.Live;

/// <summary>Shows a run on a terminal while it goes on; when it is disposed of nothing of that is left.</summary>
internal sealed class LiveDisplay : IAsyncDisposable
{
    private const int StandardError = 2;
    private const int MostNames = 4;

    // What is over sooner needs no display.
    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(0.7);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(0.2);

    private readonly StandardOutput _output;
    private readonly RunReports _reports;
    private readonly RunProgress _progress;
    private readonly string? _hosts;
    private readonly LiveView _view = new(LiveRule.HasColours(Environment.GetEnvironmentVariable), Locale.IsUtf8);
    private readonly RateWindow _rate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Task _loop;

    private LiveDisplay(Invocation invocation, RunReports reports, RunProgress progress, StandardOutput output)
    {
        (_output, _reports, _progress) = (output, reports, progress);
        string[] hosts = [.. ((IReadOnlyList<HopAddress>[])[invocation.Operands.SourceHops, invocation.Operands.DestinationHops])
            .Where(static hops => hops.Count > 0).Select(static hops => TerminalText.Escape(string.Join(',', hops)))];
        _hosts = hosts.Length == 0 ? null : string.Join(" and ", hosts);
        _loop = Task.Run(ShowAsync);
    }

    /// <summary>Begins to show a run.</summary>
    /// <returns>The display; null where the run is not to be shown.</returns>
    public static LiveDisplay? Start(Invocation invocation, RunReports reports, StandardOutput output) =>
        reports is { IsShown: true, Progress: { } progress } ? new LiveDisplay(invocation, reports, progress, output) : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        try
        {
            await _loop.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
        finally
        {
            _end.Dispose();
            _output.ShowStatus([]);
        }
    }

    private async Task ShowAsync()
    {
        await Task.Delay(s_delay, _end.Token).ConfigureAwait(false);
        while (true)
        {
            (int columns, int rows) = Posix.WindowSize(StandardError);
            _output.ShowStatus([.. _view.Render(Look(), columns, rows).Select(Encoding.UTF8.GetBytes)]);
            await Task.Delay(s_interval, _end.Token).ConfigureAwait(false);
        }
    }

    private LiveFigures Look()
    {
        RemoteSides? sides = _reports.Sides;
        // What is sent is read well ahead of the link: it is done when the server has it.
        long ahead = sides?.Destination is null ? 0 : sides.Source is null ? Math.Max(_progress.BytesHeld, sides.BytesUnacknowledged) : sides.BytesUnacknowledged;
        return new()
        {
            Connecting = sides is null ? _hosts : null,
            Connections = sides?.Connections ?? 0,
            Entries = _progress.EntriesListed,
            IsListComplete = _progress.IsListComplete,
            Bytes = _progress.BytesListed,
            BytesDone = Math.Max(0, _progress.BytesDone - ahead),
            FilesSent = _progress.FilesTransferred,
            Rate = _rate.Add(Stopwatch.GetElapsedTime(_started), Math.Max(0, _progress.BytesRead - ahead)),
            Current = [.. _progress.Current(MostNames).Select(static name => TerminalText.Escape(ByteString.Decode(name)))],
        };
    }
}
