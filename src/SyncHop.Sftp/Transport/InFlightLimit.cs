namespace SyncHop.Sftp;

/// <summary>
/// Bounds what has been sent and not been answered: requests, and bytes of WRITE data. Only the sender acquires;
/// it does so in the queue's order, so the wait is fair.
/// </summary>
internal sealed class InFlightLimit(int maxRequests, long maxBytes, AsyncSignal signal)
{
    private int _requests;
    private long _bytes;
    private int _senderWaits;

    /// <summary>Takes room for one request; false: wait for the signal and try again.</summary>
    public bool TryAcquire(int bytes)
    {
        if (HasRoom(bytes))
        {
            Take(bytes);
            return true;
        }
        // Announce the wait before the second look, so that a release in between is not missed.
        Interlocked.Exchange(ref _senderWaits, 1);
        if (!HasRoom(bytes))
            return false;
        Volatile.Write(ref _senderWaits, 0);
        Take(bytes);
        return true;
    }

    /// <summary>Gives the room of an answered request back.</summary>
    public void Release(int bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Decrement(ref _requests);
        if (Volatile.Read(ref _senderWaits) != 0 && Interlocked.Exchange(ref _senderWaits, 0) != 0)
            signal.Set();
    }

    // A single write larger than the bound passes when nothing else is outstanding.
    private bool HasRoom(int bytes)
    {
        long outstanding = Volatile.Read(ref _bytes);
        return Volatile.Read(ref _requests) < maxRequests
            && (bytes == 0 || outstanding == 0 || outstanding + bytes <= maxBytes);
    }

    private void Take(int bytes)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytes, bytes);
    }
}
