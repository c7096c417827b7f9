namespace SyncHop.Cli.Running;

/// <summary>Ends a run at a point in time (<c>--stop-at</c>), or after some time (<c>--stop-after</c>).</summary>
internal sealed class Deadline : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop;
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _time;
    private readonly TimeSpan _limit;
    private readonly long _started;
    private readonly ITimer? _timer;

    /// <param name="time">When by the clock, whoever sets it meanwhile; null for never.</param>
    /// <param name="limit">After how long, whatever happens to the clock; null for never.</param>
    /// <param name="cancellation">Ends the run for other reasons.</param>
    /// <param name="clock">Tells the time; null for the system's.</param>
    public Deadline(DateTimeOffset? time, TimeSpan? limit, CancellationToken cancellation, TimeProvider? clock = null)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _clock = clock ?? TimeProvider.System;
        _started = _clock.GetTimestamp();
        _time = time ?? DateTimeOffset.MaxValue;
        _limit = limit ?? TimeSpan.MaxValue;
        // The clock is looked at: a timer alone would not notice that it was set, or that the machine slept.
        if (time is not null || limit is not null) _timer = _clock.CreateTimer(_ => Look(), null, s_interval, s_interval);
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
        if (HasPassed || (_clock.GetUtcNow() < _time && _clock.GetElapsedTime(_started) < _limit)) return;
        HasPassed = true;
        _stop.Cancel();
    }
}
