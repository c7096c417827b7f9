namespace SyncHop.Sftp;

/// <summary>READ. The receive loop copies the data of the reply straight into the caller's buffer, as they arrive.</summary>
internal sealed class ReadRequest(RequestPool pool) : SftpRequest<int>
{
    private Memory<byte> _buffer;

    public override PacketType ExpectedReply => PacketType.Data;

    /// <summary>The most data the reply may hold.</summary>
    public int MaxData { get; private set; }

    protected override RequestPool Pool => pool;

    public void SetBuffer(Memory<byte> buffer)
    {
        _buffer = buffer;
        MaxData = buffer.Length;
    }

    /// <summary>
    /// Copies a part of the reply's data to <paramref name="offset"/> of the caller's buffer,
    /// or nothing if the caller has cancelled and taken the buffer back.
    /// </summary>
    public void CopyPart(int offset, in System.Buffers.ReadOnlySequence<byte> part)
    {
        if (!TryBeginReceive())
            return;
        System.Buffers.BuffersExtensions.CopyTo(part, _buffer.Span[offset..]);
        PauseReceive();
    }

    /// <summary>All data have arrived. Gives up the receiver's ownership.</summary>
    public void Finish(int length)
    {
        if (TryBeginReceive())
        {
            StoreResult(length);
            FinishReceive(null);
        }
        ReleaseOwner();
    }

    protected override Exception? OnStatus(in StatusReply status)
    {
        if (status.Code != SftpStatusCode.Eof)
            return base.OnStatus(status);
        StoreResult(0);
        return null;
    }

    protected override Exception? OnReply(ref PacketReader reader) =>
        throw new InvalidOperationException("The receive loop handles DATA itself.");

    protected override void DropBuffer() => _buffer = default;

    protected override void Recycle()
    {
        base.Recycle();
        _buffer = default;
    }
}
