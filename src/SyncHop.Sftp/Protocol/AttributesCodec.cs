namespace SyncHop.Sftp;

/// <summary>Reads and writes the ATTRS structure (draft-ietf-secsh-filexfer-02 section 5).</summary>
internal static class AttributesCodec
{
    private const uint Extended = 0x80000000;

    /// <summary>An extended pair is two strings, at least their lengths.</summary>
    private const int MinimumPair = 8;

    public static SftpAttributes ReadAttributes(this ref PacketReader reader)
    {
        uint flags = reader.ReadUInt32();
        var parts = (SftpAttributeParts)flags & SftpAttributeParts.All;
        ulong size = parts.HasFlag(SftpAttributeParts.Size) ? reader.ReadUInt64() : 0;
        uint uid = 0, gid = 0, permissions = 0, accessTime = 0, modifyTime = 0;
        if (parts.HasFlag(SftpAttributeParts.Owner))
        {
            uid = reader.ReadUInt32();
            gid = reader.ReadUInt32();
        }
        if (parts.HasFlag(SftpAttributeParts.Permissions))
            permissions = reader.ReadUInt32();
        if (parts.HasFlag(SftpAttributeParts.Times))
        {
            accessTime = reader.ReadUInt32();
            modifyTime = reader.ReadUInt32();
        }
        if ((flags & Extended) != 0)
            SkipExtended(ref reader);
        return new SftpAttributes(parts, size, uid, gid, permissions, accessTime, modifyTime);
    }

    public static void WriteAttributes(this PacketBuilder packet, in SftpAttributes attributes)
    {
        packet.WriteUInt32((uint)attributes.Parts);
        if (attributes.HasSize)
            packet.WriteUInt64(attributes.Size);
        if (attributes.HasOwner)
        {
            packet.WriteUInt32(attributes.UserId);
            packet.WriteUInt32(attributes.GroupId);
        }
        if (attributes.HasPermissions)
            packet.WriteUInt32(attributes.Permissions);
        if (attributes.HasTimes)
        {
            packet.WriteUInt32(attributes.AccessTime);
            packet.WriteUInt32(attributes.ModifyTime);
        }
    }

    private static void SkipExtended(ref PacketReader reader)
    {
        int count = reader.ReadCount(MinimumPair);
        for (int i = 0; i < count; i++)
        {
            reader.ReadString();
            reader.ReadString();
        }
    }
}
