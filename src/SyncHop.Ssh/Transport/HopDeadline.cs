using System.Diagnostics;

namespace SyncHop.Ssh.Transport;

/// <summary>The time one hop may take. It stands still while the user is being asked.</summary>
internal sealed class HopDeadline : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly Lock _lock = new();
    private readonly Stopwatch _running = Stopwatch.StartNew();
    private readonly TimeSpan _limit;

    /// <param name="limit">Zero for none.</param>
    public HopDeadline(TimeSpan limit)
    {
        _limit = limit;
        if (limit > TimeSpan.Zero) _source.CancelAfter(limit);
    }

    public CancellationToken Token => _source.Token;

    public bool IsOver => _source.IsCancellationRequested;

    public TimeSpan Limit => _limit;

    public T Suspend<T>(Func<T> question)
    {
        lock (_lock)
        {
            _running.Stop();
            _source.CancelAfter(Timeout.InfiniteTimeSpan);
            try
            {
                return question();
            }
            finally
            {
                _running.Start();
                if (_limit > TimeSpan.Zero)
                    _source.CancelAfter(_limit > _running.Elapsed ? _limit - _running.Elapsed : TimeSpan.Zero);
            }
        }
    }

    public void Dispose() => _source.Dispose();
}
