namespace SyncHop.Sftp;

/// <summary>
/// CLOSE. It goes before the contents of other files where nothing else about its own waits, so that no more is open than is used. If
/// the caller cancels before it was sent, the handle is closed all the same: nobody else could.
/// </summary>
internal sealed class CloseRequest(RequestPool pool, Action<ReadOnlySpan<byte>> closeOrphan) : StatusRequest(pool)
{
    private bool _follows;

    public override bool IsAboutOpenFile => _follows;

    /// <summary>Whether it has to stay behind the requests about open files that wait.</summary>
    public void SetFollows(bool follows) => _follows = follows;

    protected override void OnDropped() => closeOrphan(Packet.Bytes[(PacketBounds.Header + sizeof(uint))..]);
}
