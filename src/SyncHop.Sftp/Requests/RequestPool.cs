namespace SyncHop.Sftp;

/// <summary>Takes back requests that nobody owns any more.</summary>
internal abstract class RequestPool
{
    public abstract void Return(SftpRequest request);
}

/// <summary>A bounded stack of requests of one kind.</summary>
internal sealed class RequestPool<TRequest>(Func<RequestPool, TRequest> create) : RequestPool
    where TRequest : SftpRequest
{
    private const int MaxKept = 1024;

    private readonly Lock _lock = new();
    private readonly Stack<TRequest> _free = new();

    public TRequest Rent(string operation)
    {
        TRequest? request;
        lock (_lock)
            _free.TryPop(out request);
        request ??= create(this);
        request.Prepare(operation);
        return request;
    }

    public override void Return(SftpRequest request)
    {
        lock (_lock)
        {
            if (_free.Count < MaxKept)
                _free.Push((TRequest)request);
        }
    }
}
