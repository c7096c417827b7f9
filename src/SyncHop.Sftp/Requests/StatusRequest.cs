namespace SyncHop.Sftp;

/// <summary>A request that is answered by a STATUS alone.</summary>
internal class StatusRequest(RequestPool pool) : SftpRequest<bool>
{
    public override PacketType ExpectedReply => PacketType.Status;

    protected override RequestPool Pool => pool;

    protected override Exception? OnStatus(in StatusReply status) =>
        status.Code == SftpStatusCode.Ok ? null : Refusal(status);

    protected override Exception? OnReply(ref PacketReader reader) => null;
}
