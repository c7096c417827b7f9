namespace SyncHop.LinkEmulator;

/// <summary>One direction of a link: what all connections on it share, which is its rate.</summary>
internal sealed class LinkDirection(LinkSettings settings)
{
    private readonly long _delay = MonotonicClock.Nanoseconds(settings.Delay);
    private readonly long _queue = MonotonicClock.Nanoseconds(settings.Queue);
    private readonly Lock _lock = new();
    private long _free;
    private long _bytes;

    /// <summary>Payload bytes carried.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Sends <paramref name="length"/> bytes that were there at <paramref name="ready"/>.</summary>
    /// <returns>When the last of them arrives at the other end, in nanoseconds of the clock.</returns>
    public long Send(int length, long ready)
    {
        Interlocked.Add(ref _bytes, length);
        if (settings.BytesPerSecond == 0) return ready + _delay;
        lock (_lock)
        {
            _free = Math.Max(_free, ready) + (long)(length * 1e9 / settings.BytesPerSecond);
            return _free + _delay;
        }
    }

    /// <summary>When the queue in front of the link has room again.</summary>
    public long HasRoomAt()
    {
        lock (_lock) return _free - _queue;
    }
}
