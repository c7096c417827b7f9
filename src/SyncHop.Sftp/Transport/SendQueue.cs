namespace SyncHop.Sftp;

/// <summary>
/// Encoded requests waiting for the one sender. Those about names and directories go before those about open files: they are small,
/// each of them is the first or the last step of a file, and behind megabytes of content it would wait for the link. Each
/// of the two kinds keeps the order of its calls.
/// </summary>
internal sealed class SendQueue(AsyncSignal signal)
{
    private readonly Lock _lock = new();
    private Line _names;
    private Line _contents;
    private bool _closed;

    /// <summary>Appends; false if the connection has failed.</summary>
    public bool TryEnqueue(SftpRequest request)
    {
        bool wasEmpty;
        lock (_lock)
        {
            if (_closed)
                return false;
            wasEmpty = _names.IsEmpty && _contents.IsEmpty;
            if (request.IsAboutOpenFile)
                _contents.Append(request);
            else
                _names.Append(request);
        }
        if (wasEmpty)
            signal.Set();
        return true;
    }

    /// <summary>Takes the next; null if there is none.</summary>
    public SftpRequest? Dequeue()
    {
        lock (_lock)
            return _names.Take() ?? _contents.Take();
    }

    /// <summary>Admits no more; what is in it can still be taken.</summary>
    public void Close()
    {
        lock (_lock)
            _closed = true;
    }

    /// <summary>Requests in the order of their calls.</summary>
    private struct Line
    {
        private SftpRequest? _first;
        private SftpRequest? _last;

        public readonly bool IsEmpty => _first is null;

        public void Append(SftpRequest request)
        {
            if (_last is null)
                _first = request;
            else
                _last.Next = request;
            _last = request;
        }

        public SftpRequest? Take()
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
}
