using SyncHop.Engine;
using SyncHop.Engine.Execution.Resuming;

namespace SyncHop.Cli.Running;

/// <summary>Ends a run in which nothing came from the remote sides for too long (<c>--timeout</c>).</summary>
internal sealed class StallWatch : IAsyncDisposable
{
    private const int LooksPerTimeout = 10;

    private readonly CancellationTokenSource _stop;
    private readonly RemoteSides _sides;
    private readonly Resumption? _resumption;
    private readonly Timer? _timer;
    private WireBytes _last;
    private int _quietLooks;

    /// <param name="sides">What is watched.</param>
    /// <param name="limit">The longest silence; zero for no limit.</param>
    /// <param name="resumption">Is told before the run is ended, since it will go on; null when it will not.</param>
    /// <param name="cancellation">Ends the run for other reasons.</param>
    public StallWatch(RemoteSides sides, TimeSpan limit, Resumption? resumption, CancellationToken cancellation)
    {
        _sides = sides;
        _resumption = resumption;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit <= TimeSpan.Zero || !sides.Any) return;
        _last = sides.WireBytes();
        TimeSpan interval = limit / LooksPerTimeout;
        _timer = new Timer(_ => Look(), null, interval, interval);
    }

    /// <summary>Cancelled when the run is to end.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether it was silence that ended the run.</summary>
    public bool HasStalled { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Waits for a look under way, which may be about to cancel.
        if (_timer is not null) await _timer.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Look()
    {
        WireBytes now = _sides.WireBytes();
        _quietLooks = now == _last && _sides.AwaitsReplies ? _quietLooks + 1 : 0;
        _last = now;
        if (_quietLooks < LooksPerTimeout) return;
        HasStalled = true;
        _resumption?.NoteLoss();
        _stop.Cancel();
    }
}
