using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>Reads a file once, in segments and in order, with some of them on the way at any time.</summary>
internal sealed class SegmentReader : IAsyncDisposable
{
    /// <summary>Bytes on the way from a remote side, about: what fills its channel's window (2 MiB) several times over.</summary>
    private const int RemoteBytesAhead = 8 << 20;

    private readonly ISourceFile _from;
    private readonly long _size;
    private readonly int _segmentLength;
    private readonly int _lookAhead;
    private readonly int _ahead;
    private readonly CancellationTokenSource _stop;
    private readonly Queue<(Segment Segment, Task Read)> _reading = new();
    private readonly long _count;
    private long _next;

    /// <param name="from">The file.</param>
    /// <param name="size">Its length in bytes: that much is read.</param>
    /// <param name="segmentLength">Bytes of a segment; the last has the remainder too.</param>
    /// <param name="lookAhead">Bytes behind each segment that are wanted with it, at most a segment.</param>
    /// <param name="isLocal">Whether reading takes no round trips.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public SegmentReader(ISourceFile from, long size, int segmentLength, int lookAhead, bool isLocal, CancellationToken cancellation)
    {
        _from = from;
        _size = size;
        _segmentLength = segmentLength;
        _lookAhead = lookAhead;
        _ahead = AheadOf(segmentLength, isLocal);
        _count = Math.Max(1, size / segmentLength);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    /// <summary>Bytes of buffers that reading a file in such segments takes, those that its reader still holds included.</summary>
    public static int Footprint(int segmentLength, int lookAhead, bool isLocal) =>
        (AheadOf(segmentLength, isLocal) + SegmentsHeld) * (segmentLength + lookAhead);

    /// <summary>Segments that are scanned or written while the next are read, the last one counted twice.</summary>
    private const int SegmentsHeld = 4;

    /// <summary>The next segment; null after the last.</summary>
    /// <exception cref="ReplicaException">Reading failed, or the file became shorter.</exception>
    public async ValueTask<Segment?> NextAsync()
    {
        while (_next < _count && _reading.Count < _ahead)
        {
            long start = _next * _segmentLength;
            bool isLast = ++_next == _count;
            int length = (int)(isLast ? _size - start : _segmentLength);
            Segment segment = new(start, length, isLast ? 0 : (int)Math.Min(_lookAhead, _size - start - length), isLast);
            _reading.Enqueue((segment, ReadAsync(segment)));
        }
        if (!_reading.TryDequeue(out (Segment Segment, Task Read) first)) return null;
        try
        {
            await first.Read.ConfigureAwait(false);
        }
        catch
        {
            first.Segment.Release();
            throw;
        }
        return first.Segment;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        while (_reading.TryDequeue(out (Segment Segment, Task Read) rest))
        {
            await rest.Read.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            rest.Segment.Release();
        }
        _stop.Dispose();
    }

    private static int AheadOf(int segmentLength, bool isLocal) => isLocal ? 1 : Math.Clamp(RemoteBytesAhead / segmentLength, 2, 32);

    private async Task ReadAsync(Segment segment)
    {
        int read = await _from.ReadAsync(segment.Start, segment.Own, _stop.Token).ConfigureAwait(false);
        if (read < segment.Length) throw new ReplicaException(ReplicaError.Other, "read", "the file became shorter while it was read");
    }
}
