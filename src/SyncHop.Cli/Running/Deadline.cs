namespace SyncHop.Cli.Running;

/// <summary>Ends a run at a point in time (<c>--stop-after</c>, <c>--stop-at</c>).</summary>
internal sealed class Deadline : IAsyncDisposable
{
    // The clock is looked at: a timer alone would not notice that it was set, or that the machine slept.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop;
    private readonly DateTimeOffset _time;
    private readonly Timer? _timer;

    /// <param name="time">When; null for never.</param>
    /// <param name="cancellation">Ends the run for other reasons.</param>
    public Deadline(DateTimeOffset? time, CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _time = time ?? DateTimeOffset.MaxValue;
        if (time is not null) _timer = new Timer(_ => Look(), null, s_interval, s_interval);
    }

    /// <summary>Cancelled when the run is to end.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether it was this that ended the run.</summary>
    public bool HasPassed { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Waits for a look under way, which may be about to cancel.
        if (_timer is not null) await _timer.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Look()
    {
        if (HasPassed || DateTimeOffset.UtcNow < _time) return;
        HasPassed = true;
        _stop.Cancel();
    }
}
