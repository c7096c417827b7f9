namespace SyncHop.Sftp;

/// <summary>OPEN and OPENDIR. A handle that comes after the request was cancelled is closed at once.</summary>
internal sealed class HandleRequest(RequestPool pool, Action<ReadOnlySpan<byte>> closeOrphan) : SftpRequest<SftpHandle>
{
    public override PacketType ExpectedReply => PacketType.Handle;

    protected override RequestPool Pool => pool;

    protected override Exception? OnReply(ref PacketReader reader)
    {
        StoreResult(new SftpHandle(ReadHandle(ref reader).ToArray()));
        return null;
    }

    protected override void OnLateReply(ref PacketReader reader) => closeOrphan(ReadHandle(ref reader));

    private static ReadOnlySpan<byte> ReadHandle(ref PacketReader reader)
    {
        ReadOnlySpan<byte> handle = reader.ReadString();
        if (handle.Length > PacketBounds.MaxHandle)
            throw new SftpProtocolException($"the server sent a handle of {handle.Length} bytes");
        return handle;
    }
}
