using System.Threading.Tasks.Sources;

namespace SyncHop.Sftp;

/// <summary>
/// WRITE with two awaits: the data have been copied into the channel (the caller may use the buffer again),
/// and the server has acknowledged them.
/// </summary>
internal sealed class WriteRequest : StatusRequest, IValueTaskSource<SftpPendingWrite>
{
    private ManualResetValueTaskSourceCore<SftpPendingWrite> _accepted;
    private bool _isAccepted;
    private Exception? _acceptError;

    public WriteRequest(RequestPool pool)
        : base(pool)
    {
        // The sender signals it, which must not run the caller's code on the send loop.
        _accepted.RunContinuationsAsynchronously = true;
    }

    /// <summary>The caller's first await.</summary>
    public ValueTask<SftpPendingWrite> Accepted => new(this, _accepted.Version);

    /// <summary>Whether the caller awaits the acceptance, too.</summary>
    public bool AwaitsAcceptance { get; set; }

    protected override int Awaits => AwaitsAcceptance ? 2 : 1;

    public void SetPayload(ReadOnlyMemory<byte> data) => Payload = data;

    SftpPendingWrite IValueTaskSource<SftpPendingWrite>.GetResult(short token)
    {
        if (_accepted.GetStatus(token) == ValueTaskSourceStatus.Pending)
            throw new InvalidOperationException("The write has not been accepted yet.");
        bool failed = _acceptError is not null;
        try
        {
            return _accepted.GetResult(token);
        }
        finally
        {
            _accepted.Reset();
            // A write that was never accepted gives the caller nothing to await the acknowledgement with.
            if (failed)
                ReleaseOwner();
            ReleaseOwner();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<SftpPendingWrite>.GetStatus(short token) => _accepted.GetStatus(token);

    void IValueTaskSource<SftpPendingWrite>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _accepted.OnCompleted(continuation, state, token, flags);

    protected override void OnSent()
    {
        _isAccepted = true;
        if (AwaitsAcceptance)
            _accepted.SetResult(new SftpPendingWrite(Done));
    }

    protected override void StoreError(Exception error)
    {
        base.StoreError(error);
        if (!_isAccepted)
            _acceptError = error;
    }

    protected override void Publish()
    {
        base.Publish();
        if (AwaitsAcceptance && _acceptError is not null)
            _accepted.SetException(_acceptError);
    }

    protected override void Recycle()
    {
        base.Recycle();
        if (_acceptError is not null)
            InvalidateReply();
        _acceptError = null;
        _isAccepted = false;
    }
}
