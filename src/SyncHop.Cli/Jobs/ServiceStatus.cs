using System.Globalization;
using SyncHop.Cli.Reporting;
using SyncHop.Engine;
using SyncHop.Jobs.Units;

namespace SyncHop.Cli.Jobs;

/// <summary>Keeps the service manager told of a job's progress, where one started it.</summary>
internal sealed class ServiceStatus : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly ServiceNotifier? _notifier;
    private readonly Timer? _ticks;
    private readonly Func<RunReports?> _reports;

    /// <param name="job">The job's name.</param>
    /// <param name="reports">The run's reports; null until it began.</param>
    public ServiceStatus(string job, Func<RunReports?> reports)
    {
        _reports = reports;
        _notifier = ServiceNotifier.FromEnvironment();
        if (_notifier is null) return;
        _notifier.Ready($"job {job} begins");
        _ticks = new Timer(_ => Tell(), null, s_interval, s_interval);
    }

    /// <summary>Tells how the job ended.</summary>
    public void End(ExitCode code) => _notifier?.Stopping(ExitCodeText.Result(code));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ticks is not null) await _ticks.DisposeAsync().ConfigureAwait(false);
        _notifier?.Dispose();
    }

    private void Tell()
    {
        if (_reports()?.Progress is not { } progress) return;
        string total = progress.IsListComplete ? "" : " so far";
        _notifier!.Status(string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.BytesDone:N0} of {progress.BytesListed:N0} bytes{total}, {progress.FilesTransferred:N0} files sent"));
    }
}
