using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>Between SFTP v3's attributes and the engine's.</summary>
internal static class SftpStat
{
    /// <summary>The stat that attributes tell; what the server leaves out is 0, and without a mode the type is unknown.</summary>
    public static FileStat ToStat(in SftpAttributes attributes) => new()
    {
        Mode = attributes.Permissions,
        Size = (long)Math.Min(attributes.Size, long.MaxValue),
        AtimeSeconds = attributes.AccessTime,
        MtimeSeconds = attributes.ModifyTime,
        Uid = attributes.UserId,
        Gid = attributes.GroupId,
        LinkCount = attributes.LinkCount,
    };

    /// <summary>Attributes with permissions alone.</summary>
    public static SftpAttributes OfPermissions(uint permissions) => default(SftpAttributes).WithPermissions(permissions);
}
