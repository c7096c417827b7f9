namespace SyncHop.Sftp;

/// <summary>READDIR. Hands the entries to a sink; false means the end of the directory.</summary>
internal sealed class ReadDirectoryRequest(RequestPool pool) : SftpRequest<bool>
{
    private ISftpDirectorySink? _sink;

    public override PacketType ExpectedReply => PacketType.Name;

    protected override RequestPool Pool => pool;

    public void SetSink(ISftpDirectorySink sink) => _sink = sink;

    protected override Exception? OnStatus(in StatusReply status)
    {
        if (status.Code != SftpStatusCode.Eof)
            return base.OnStatus(status);
        StoreResult(false);
        return null;
    }

    protected override Exception? OnReply(ref PacketReader reader)
    {
        int count = reader.ReadCount(NameEntry.MinimumSize);
        Exception? sinkError = null;
        for (int i = 0; i < count; i++)
        {
            NameEntry entry = NameEntry.Read(ref reader);
            if (sinkError is null)
                sinkError = HandOver(entry);
        }
        StoreResult(count > 0); // No name at all is the end, as for OpenSSH's client.
        return sinkError;
    }

    protected override void DropBuffer() => _sink = null;

    protected override void Recycle()
    {
        base.Recycle();
        _sink = null;
    }

    /// <summary>What the caller's code throws is the caller's failure, not the connection's.</summary>
    private Exception? HandOver(in NameEntry entry)
    {
        try
        {
            if (entry.Name.IsEmpty || entry.Name.ContainsAny((byte)'/', (byte)0))
                _sink!.OnRefusedName(entry.Name);
            else if (!entry.Name.SequenceEqual("."u8) && !entry.Name.SequenceEqual(".."u8))
                _sink!.OnEntry(entry.Name, entry.Attributes);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the caller, who gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }
}
