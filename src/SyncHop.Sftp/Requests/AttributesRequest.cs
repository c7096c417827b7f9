namespace SyncHop.Sftp;

/// <summary>LSTAT, STAT and FSTAT.</summary>
internal sealed class AttributesRequest(RequestPool pool) : SftpRequest<SftpAttributes>
{
    public override PacketType ExpectedReply => PacketType.Attrs;

    protected override RequestPool Pool => pool;

    protected override Exception? OnReply(ref PacketReader reader)
    {
        StoreResult(reader.ReadAttributes());
        return null;
    }
}
