namespace SyncHop.Sftp;

/// <summary>CLOSE. If the caller cancels before it was sent, the handle is closed all the same: nobody else could.</summary>
internal sealed class CloseRequest(RequestPool pool, Action<ReadOnlySpan<byte>> closeOrphan) : StatusRequest(pool)
{
    protected override void OnDropped() => closeOrphan(Packet.Bytes[(PacketBounds.Header + sizeof(uint))..]);
}
