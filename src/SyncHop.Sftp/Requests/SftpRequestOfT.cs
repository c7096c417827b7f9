using System.Threading.Tasks.Sources;

namespace SyncHop.Sftp;

/// <summary>A request whose reply gives the caller a <typeparamref name="TResult"/>, awaited without a Task.</summary>
internal abstract class SftpRequest<TResult> : SftpRequest, IValueTaskSource<TResult>, IValueTaskSource
{
    // Continuations run inside Execute(), which is on a pool thread already.
    private ManualResetValueTaskSourceCore<TResult> _completion;
    private TResult _result = default!;
    private Exception? _error;

    /// <summary>The caller's await. To be taken before the request is queued.</summary>
    public ValueTask<TResult> Reply => new(this, _completion.Version);

    /// <summary>The same for a caller that wants no result.</summary>
    public ValueTask Done => new(this, _completion.Version);

    public ValueTaskSourceStatus GetStatus(short token) => _completion.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    public TResult GetResult(short token)
    {
        // A second await of the same operation must fail here, before it lets go of what it does not own.
        if (_completion.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("The request has not been answered yet.");
        try
        {
            return _completion.GetResult(token);
        }
        finally
        {
            // Invalidates the token at once: whoever awaits it again gets an exception, not another request's reply.
            _completion.Reset();
            ReleaseOwner();
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>Makes the completion usable again when nobody will await it.</summary>
    protected void InvalidateReply() => _completion.Reset();

    protected void StoreResult(TResult result) => _result = result;

    protected override void StoreError(Exception error) => _error = error;

    protected override void Publish()
    {
        if (_error is null)
            _completion.SetResult(_result);
        else
            _completion.SetException(_error);
    }

    protected override void Recycle()
    {
        _result = default!;
        _error = null;
    }
}
