namespace SyncHop.Sftp;

/// <summary>
/// One request from its encoding to its reply. Objects are pooled: one is free again when all its owners
/// (the caller's await, the send queue or pending table, the delivery of the result) have let go of it.
/// </summary>
/// <remarks>
/// The state is the arbiter between sender, receiver, cancellation and failure of the connection; whoever moves it
/// out of a state owns what that state protects. A cancelled request stays in the pending table until its late
/// reply arrives, so that a late handle is closed and late data never reach a buffer that was given back.
/// </remarks>
internal abstract class SftpRequest : IThreadPoolWorkItem
{
    private const int Queued = 0;     // not sent yet; may be dropped
    private const int Sending = 1;    // the sender reads packet and payload, never for longer than a copy
    private const int Waiting = 2;    // sent, the reply is outstanding
    private const int Receiving = 3;  // the receiver works on the reply, never for longer than one buffer
    private const int Abandoned = 4;  // cancelled after it was sent
    private const int Finished = 5;

    private int _state;
    private int _owners;
    private bool _detached;
    private bool _cancelRequested;
    private CancellationToken _cancellation;
    private CancellationTokenRegistration _registration;
    private SftpHandle? _handle;
    private SftpHandle? _otherHandle;

    /// <summary>The encoded packet, without <see cref="Payload"/>.</summary>
    public PacketBuilder Packet { get; } = new();

    /// <summary>Caller's bytes that follow the encoded ones (WRITE). Not touched after the request left <c>Sending</c>.</summary>
    public ReadOnlyMemory<byte> Payload { get; protected set; }

    /// <summary>It must not overtake other requests about open files. A directory's handle has no such order.</summary>
    public virtual bool IsAboutOpenFile => _handle is not null;

    /// <summary>Length of <see cref="Payload"/>, also when that is gone.</summary>
    public int PayloadLength { get; private set; }

    /// <summary>Link of the send queue.</summary>
    public SftpRequest? Next { get; set; }

    /// <summary>The id under which it was sent.</summary>
    public uint Id { get; set; }

    /// <summary>What is asked, for error messages.</summary>
    public string Operation { get; private set; } = "";

    /// <summary>The reply that means success; <see cref="PacketType.Status"/> is always possible.</summary>
    public abstract PacketType ExpectedReply { get; }

    /// <summary>Number of the caller's awaits, each an owner.</summary>
    protected virtual int Awaits => 1;

    protected abstract RequestPool Pool { get; }

    /// <summary>Makes a new or pooled object ready.</summary>
    public void Prepare(string operation)
    {
        Operation = operation;
        _state = Queued;
        _detached = false;
        _cancelRequested = false;
        Next = null;
        _handle = _otherHandle = null;
    }

    /// <summary>Encodes the handle of an open file, which then knows of the request until it is sent.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public void WriteHandle(SftpHandle handle)
    {
        Packet.WriteString(handle.Bytes);
        handle.NoteQueued();
        if (_handle is null) _handle = handle;
        else _otherHandle = handle;
    }

    /// <summary>Gives it to its owners and watches <paramref name="cancellation"/>; the next step is the send queue.</summary>
    public void Start(bool detached, CancellationToken cancellation)
    {
        PayloadLength = Payload.Length;
        Packet.End(PayloadLength);
        _detached = detached;
        _owners = detached ? 1 : 2 + Awaits;
        if (cancellation.CanBeCanceled)
        {
            _cancellation = cancellation;
            _registration = cancellation.UnsafeRegister(static request => ((SftpRequest)request!).Cancel(), this);
        }
    }

    /// <summary>The sender takes it out of the queue; false if it was dropped meanwhile.</summary>
    public bool TryBeginSend() => Interlocked.CompareExchange(ref _state, Sending, Queued) == Queued;

    /// <summary>Packet and payload have been copied; the reply may come. The sender does not touch it afterwards.</summary>
    public void EndSend()
    {
        _handle?.NoteSent();
        _otherHandle?.NoteSent();
        OnSent();
        Volatile.Write(ref _state, Waiting);
    }

    /// <summary>The receiver claims it to work on its reply; false if it was abandoned.</summary>
    public bool TryBeginReceive() => Claim(Receiving, Waiting) == Waiting;

    /// <summary>The receiver used up what has arrived so far of a reply.</summary>
    public void PauseReceive()
    {
        Interlocked.Exchange(ref _state, Waiting);
        // A cancellation that found the receiver at work left it to the receiver.
        if (Volatile.Read(ref _cancelRequested))
            Cancel();
    }

    /// <summary>Hands a complete reply to the request and gives up the pending table's ownership.</summary>
    /// <exception cref="SftpProtocolException">The reply is not one to this request, or malformed.</exception>
    public void HandleReply(PacketType type, ref PacketReader reader)
    {
        bool wanted = TryBeginReceive();
        Exception? error = null;
        try
        {
            if (type == PacketType.Status)
                error = OnStatus(StatusReply.Read(ref reader));
            else if (type != ExpectedReply)
                throw new SftpProtocolException($"the server answered {Operation} with packet type {(byte)type}");
            else if (wanted)
                error = OnReply(ref reader);
            else
                OnLateReply(ref reader);
        }
        catch (SftpProtocolException e)
        {
            error = e;
            throw;
        }
        finally
        {
            if (wanted)
                FinishReceive(error);
            ReleaseOwner();
        }
    }

    /// <summary>Ends a request the receiver has claimed. The result, if any, has been stored.</summary>
    public void FinishReceive(Exception? error)
    {
        Volatile.Write(ref _state, Finished);
        Deliver(error);
    }

    /// <summary>The connection is gone; also gives up the ownership of the queue or table it was in.</summary>
    public void FailAndRelease(Exception error)
    {
        int before = Claim(Finished, Queued, Waiting);
        if (before is Queued or Waiting)
            Deliver(error);
        ReleaseOwner();
    }

    /// <summary>The connection is gone while the sender holds the request.</summary>
    public void FailSend(Exception error)
    {
        FinishReceive(error);
        ReleaseOwner();
    }

    /// <summary>Runs the caller's continuation on a pool thread, never on the receive loop.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Publish();
        ReleaseOwner();
    }

    /// <summary>One owner lets go.</summary>
    public void ReleaseOwner()
    {
        if (Interlocked.Decrement(ref _owners) != 0)
            return;
        // Waits for a cancellation callback that is running now: it must not meet the object's next use.
        _registration.Dispose();
        _registration = default;
        _cancellation = default;
        Payload = default;
        Recycle();
        Pool.Return(this);
    }

    /// <summary>An exception for a STATUS reply to this request.</summary>
    public SftpException Refusal(in StatusReply status) => Refusal(status.Code, status.Message);

    /// <summary>An exception for this request.</summary>
    public SftpException Refusal(SftpStatusCode code, string message) => new(code, message, Operation, Packet.Path.ToArray());

    /// <summary>A STATUS reply: the failure it means, or null and the result has been stored.</summary>
    protected virtual Exception? OnStatus(in StatusReply status) => status.Code == SftpStatusCode.Ok
        ? throw new SftpProtocolException($"the server answered {Operation} with OK instead of a result")
        : Refusal(status);

    /// <summary>The expected reply: stores the result, or returns a failure of this request alone.</summary>
    protected abstract Exception? OnReply(ref PacketReader reader);

    /// <summary>The expected reply to a request that was cancelled.</summary>
    protected virtual void OnLateReply(ref PacketReader reader)
    {
    }

    /// <summary>The packet has been copied into the channel.</summary>
    protected virtual void OnSent()
    {
    }

    /// <summary>Stores how the request failed, to be published later.</summary>
    protected abstract void StoreError(Exception error);

    /// <summary>Completes the caller's await(s) with the stored result or failure.</summary>
    protected abstract void Publish();

    /// <summary>Forgets everything of this use.</summary>
    protected abstract void Recycle();

    /// <summary>It was cancelled before it was sent, and will not be.</summary>
    protected virtual void OnDropped()
    {
    }

    /// <summary>The caller's buffer must not be touched any more.</summary>
    protected virtual void DropBuffer()
    {
    }

    private void Cancel()
    {
        Volatile.Write(ref _cancelRequested, true);
        Interlocked.MemoryBarrier();
        int before = Claim(Abandoned, Waiting, Queued);
        if (before is not (Waiting or Queued))
            return;
        DropBuffer();
        if (before == Queued)
            OnDropped();
        Deliver(new OperationCanceledException(_cancellation));
    }

    /// <summary>
    /// Moves the state to <paramref name="to"/> if it is one of the others; waits while the sender holds the request.
    /// </summary>
    /// <returns>The state before.</returns>
    private int Claim(int to, int from, int orFrom = -1)
    {
        var spin = new SpinWait();
        while (true)
        {
            int state = Volatile.Read(ref _state);
            if (state == Sending)
            {
                spin.SpinOnce();
                continue;
            }
            if (state != from && state != orFrom)
                return state;
            if (Interlocked.CompareExchange(ref _state, to, state) == state)
                return state;
        }
    }

    private void Deliver(Exception? error)
    {
        if (_detached)
            return;
        if (error is not null)
            StoreError(error);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
