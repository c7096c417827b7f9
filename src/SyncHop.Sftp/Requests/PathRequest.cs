namespace SyncHop.Sftp;

/// <summary>Requests that are answered by a NAME packet with one name: REALPATH, READLINK and their relatives.</summary>
internal sealed class PathRequest(RequestPool pool) : SftpRequest<byte[]>
{
    public override PacketType ExpectedReply => PacketType.Name;

    protected override RequestPool Pool => pool;

    protected override Exception? OnReply(ref PacketReader reader)
    {
        int count = reader.ReadCount(NameEntry.MinimumSize);
        if (count != 1)
            throw new SftpProtocolException($"the server answered {Operation} with {count} names");
        ReadOnlySpan<byte> name = NameEntry.Read(ref reader).Name;
        // As a C string it would be another path.
        if (name.Contains((byte)0))
            return Refusal(SftpStatusCode.BadMessage, "the server returned a path with a NUL byte");
        StoreResult(name.ToArray());
        return null;
    }
}
