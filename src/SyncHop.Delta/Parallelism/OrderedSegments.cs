using System.Runtime.ExceptionServices;

namespace SyncHop.Delta;

/// <summary>
/// Works through segments on several threads and commits them in order. Segments are taken in order, so the thread that holds the
/// oldest one never waits, and there is no deadlock however few threads really run.
/// </summary>
internal sealed class OrderedSegments
{
    private readonly object _gate = new();
    private readonly int _count;
    private readonly CancellationToken _cancellation;
    private int _next;
    private int _committed;
    private ExceptionDispatchInfo? _fault;

    private OrderedSegments(int count, CancellationToken cancellation)
    {
        _count = count;
        _cancellation = cancellation;
    }

    /// <summary>Runs to the end on at most that many threads, the caller's among them.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two segments.</exception>
    public static void Run(int count, int workers, Func<ISegmentWorker> create, CancellationToken cancellation)
    {
        OrderedSegments run = new(count, cancellation);
        workers = Math.Min(workers, count);
        if (workers <= 1)
            run.Work(create());
        else
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, _ => run.Work(create()));
        run._fault?.Throw();
    }

    private void Work(ISegmentWorker worker)
    {
        try
        {
            while (TryTake(out int segment))
            {
                _cancellation.ThrowIfCancellationRequested();
                worker.Process(segment);
                if (!WaitForTurn(segment)) return;
                worker.Commit(segment);
                lock (_gate)
                {
                    _committed++;
                    Monitor.PulseAll(_gate);
                }
            }
        }
        // Not lost: the first fault is thrown by Run, on the caller's thread.
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _fault ??= ExceptionDispatchInfo.Capture(fault);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private bool TryTake(out int segment)
    {
        lock (_gate)
        {
            segment = _next;
            if (_fault is not null || _next == _count) return false;
            _next++;
            return true;
        }
    }

    private bool WaitForTurn(int segment)
    {
        // Neighbours take about as long: the turn is usually there at once, and sleeping costs more than a short spin.
        SpinWait spin = default;
        while (Volatile.Read(ref _committed) != segment && !spin.NextSpinWillYield) spin.SpinOnce();
        lock (_gate)
        {
            while (_committed != segment && _fault is null) Monitor.Wait(_gate);
            return _fault is null;
        }
    }
}
