namespace SyncHop.Sftp;

/// <summary>Encoded requests in the order of their calls, waiting for the one sender.</summary>
internal sealed class SendQueue(AsyncSignal signal)
{
    private readonly Lock _lock = new();
    private SftpRequest? _first;
    private SftpRequest? _last;
    private bool _closed;

    /// <summary>Appends; false if the connection has failed.</summary>
    public bool TryEnqueue(SftpRequest request)
    {
        bool wasEmpty;
        lock (_lock)
        {
            if (_closed)
                return false;
            wasEmpty = _last is null;
            if (wasEmpty)
                _first = request;
            else
                _last!.Next = request;
            _last = request;
        }
        if (wasEmpty)
            signal.Set();
        return true;
    }

    /// <summary>Takes the first; null if it is empty.</summary>
    public SftpRequest? Dequeue()
    {
        lock (_lock)
        {
            SftpRequest? request = _first;
            if (request is null)
                return null;
            _first = request.Next;
            request.Next = null;
            if (_first is null)
                _last = null;
            return request;
        }
    }

    /// <summary>Admits no more; what is in it can still be taken.</summary>
    public void Close()
    {
        lock (_lock)
            _closed = true;
    }
}
