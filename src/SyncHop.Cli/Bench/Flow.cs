using System.Diagnostics;

namespace SyncHop.Cli.Bench;

/// <summary>
/// Moves pieces of a file again and again, as many at once as the way holds: it starts with few and doubles them while what is
/// under way is no more than what the rate so far needs, so that a slow link has no long queue.
/// </summary>
/// <param name="move">Moves the piece at an offset; completes when it has arrived.</param>
/// <param name="piece">A piece's length in bytes.</param>
/// <param name="length">The length in bytes of the region that is moved again and again.</param>
/// <param name="roundTrip">How long an answer takes.</param>
internal sealed class Flow(Func<long, Task> move, int piece, long length, TimeSpan roundTrip) : IDisposable
{
    private const int FirstPieces = 2;
    private const int MostBytes = 8 << 20;

    /// <summary>What a server needs besides the way: with less under way it would wait for us.</summary>
    private static readonly TimeSpan ServerTime = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly SemaphoreSlim _room = new(FirstPieces);
    private int _pieces = FirstPieces;
    private int _underWay = 1;
    private Exception? _failure;
    private long _bytes;

    /// <summary>How much has arrived so far, in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Moves until it is told to stop, and then waits for what is under way.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        long offset = 0;
        while (_failure is null)
        {
            await ((Task)_room.WaitAsync(stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) break;
            Interlocked.Increment(ref _underWay);
            _ = MoveAsync(offset);
            offset = offset + (2L * piece) <= length ? offset + piece : 0;
        }
        End();
        await _drained.Task.ConfigureAwait(false);
        if (_failure is not null) throw _failure;
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    private async Task MoveAsync(long offset)
    {
        try
        {
            await move(offset).ConfigureAwait(false);
            Interlocked.Add(ref _bytes, piece);
            Grow();
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
        }
        _room.Release();
        End();
    }

    private void Grow()
    {
        double needed = 2 * Bytes / Stopwatch.GetElapsedTime(_started).TotalSeconds * (roundTrip + ServerTime).TotalSeconds;
        int more;
        lock (_lock)
        {
            if (needed < (long)_pieces * piece || (long)_pieces * piece >= MostBytes) return;
            more = _pieces;
            _pieces *= 2;
        }
        _room.Release(more);
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _underWay) == 0) _drained.TrySetResult();
    }
}
