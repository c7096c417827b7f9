namespace SyncHop.Sftp;

/// <summary>limits@openssh.com (OpenSSH's PROTOCOL section 4.8).</summary>
internal sealed class LimitsRequest(RequestPool pool, Action<SftpLimits> store) : SftpRequest<SftpLimits>
{
    public override PacketType ExpectedReply => PacketType.ExtendedReply;

    protected override RequestPool Pool => pool;

    protected override Exception? OnReply(ref PacketReader reader)
    {
        SftpLimits limits = SftpLimits.FromServer(
            packet: reader.ReadUInt64(), read: reader.ReadUInt64(), write: reader.ReadUInt64(), handles: reader.ReadUInt64());
        // On the receive loop, so that they are known before the next reply is handled.
        store(limits);
        StoreResult(limits);
        return null;
    }
}

/// <summary>statvfs@openssh.com and fstatvfs@openssh.com (OpenSSH's PROTOCOL section 4.4).</summary>
internal sealed class FileSystemRequest(RequestPool pool) : SftpRequest<SftpFileSystemInfo>
{
    public override PacketType ExpectedReply => PacketType.ExtendedReply;

    protected override RequestPool Pool => pool;

    protected override Exception? OnReply(ref PacketReader reader)
    {
        StoreResult(new SftpFileSystemInfo(
            BlockSize: reader.ReadUInt64(),
            FragmentSize: reader.ReadUInt64(),
            Blocks: reader.ReadUInt64(),
            FreeBlocks: reader.ReadUInt64(),
            AvailableBlocks: reader.ReadUInt64(),
            Files: reader.ReadUInt64(),
            FreeFiles: reader.ReadUInt64(),
            AvailableFiles: reader.ReadUInt64(),
            FileSystemId: reader.ReadUInt64(),
            Flags: reader.ReadUInt64(),
            MaxNameLength: reader.ReadUInt64()));
        return null;
    }
}

/// <summary>users-groups-by-id@openssh.com (OpenSSH's PROTOCOL section 4.12): as many names as ids were asked.</summary>
internal sealed class NamesByIdRequest(RequestPool pool) : SftpRequest<SftpNamesById>
{
    private int _users;
    private int _groups;

    public override PacketType ExpectedReply => PacketType.ExtendedReply;

    protected override RequestPool Pool => pool;

    public void SetCounts(int users, int groups) => (_users, _groups) = (users, groups);

    protected override Exception? OnReply(ref PacketReader reader)
    {
        byte[][] users = ReadNames(reader.ReadString(), _users);
        StoreResult(new SftpNamesById(users, ReadNames(reader.ReadString(), _groups)));
        return null;
    }

    private static byte[][] ReadNames(ReadOnlySpan<byte> list, int asked)
    {
        var reader = new PacketReader(list);
        var names = new byte[asked][];
        for (int i = 0; i < asked; i++)
            names[i] = reader.ReadString().ToArray();
        if (reader.Remaining > 0)
            throw new SftpProtocolException($"the server returned names for more than the {asked} ids asked");
        return names;
    }
}
