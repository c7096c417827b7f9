namespace SyncHop.Sftp;

/// <summary>Which fields of <see cref="SftpAttributes"/> are present (draft-ietf-secsh-filexfer-02 section 5).</summary>
[Flags]
public enum SftpAttributeParts : uint
{
    /// <summary>No field: "leave everything as it is", or "the server tells nothing".</summary>
    None = 0,

    /// <summary>The size in bytes.</summary>
    Size = 1,

    /// <summary>User and group id.</summary>
    Owner = 2,

    /// <summary>File type and permission bits.</summary>
    Permissions = 4,

    /// <summary>Times of last access and modification.</summary>
    Times = 8,

    /// <summary>Every field that version 3 knows.</summary>
    All = Size | Owner | Permissions | Times,
}

/// <summary>
/// A file's attributes as protocol version 3 has them (draft-ietf-secsh-filexfer-02 section 5). A field whose
/// <see cref="Parts"/> bit is not set is zero and means nothing. Extended pairs of the server are skipped.
/// </summary>
/// <remarks>
/// Times are whole seconds since 1970-01-01 UTC in an unsigned 32-bit integer, so they reach from 1970 to 2106-02-07.
/// OpenSSH's server truncates a time outside that range to its lowest 32 bits: 1969-12-31 23:59:59 arrives as
/// 4294967295 and cannot be told from 2106. This type does not guess; it hands on the wire's value.
/// To send a time use <see cref="TryGetTime"/>, which says when a value had to be clamped.
/// </remarks>
public readonly struct SftpAttributes : IEquatable<SftpAttributes>
{
    private const uint TypeMask = 0xF000;

    internal SftpAttributes(
        SftpAttributeParts parts, ulong size, uint userId, uint groupId, uint permissions, uint accessTime, uint modifyTime)
    {
        Parts = parts;
        Size = size;
        UserId = userId;
        GroupId = groupId;
        Permissions = permissions;
        AccessTime = accessTime;
        ModifyTime = modifyTime;
    }

    /// <summary>Which fields are present.</summary>
    public SftpAttributeParts Parts { get; }

    /// <summary>Size in bytes. In a request it truncates or extends the file.</summary>
    public ulong Size { get; }

    /// <summary>Numeric owner.</summary>
    public uint UserId { get; }

    /// <summary>Numeric group.</summary>
    public uint GroupId { get; }

    /// <summary>POSIX <c>st_mode</c>: the file type in the bits 0xF000, permissions in the bits 0xFFF.</summary>
    public uint Permissions { get; }

    /// <summary>Last access, seconds since 1970 UTC.</summary>
    public uint AccessTime { get; }

    /// <summary>Last modification, seconds since 1970 UTC.</summary>
    public uint ModifyTime { get; }

    /// <summary>
    /// How many names the file has, from the "long name" of a listing, where that looks like OpenSSH's; 0 where it is not
    /// known. The protocol has no such attribute, and it is not sent.
    /// </summary>
    public uint LinkCount { get; init; }

    /// <summary><see cref="Size"/> is present.</summary>
    public bool HasSize => (Parts & SftpAttributeParts.Size) != 0;

    /// <summary><see cref="UserId"/> and <see cref="GroupId"/> are present.</summary>
    public bool HasOwner => (Parts & SftpAttributeParts.Owner) != 0;

    /// <summary><see cref="Permissions"/> is present.</summary>
    public bool HasPermissions => (Parts & SftpAttributeParts.Permissions) != 0;

    /// <summary><see cref="AccessTime"/> and <see cref="ModifyTime"/> are present.</summary>
    public bool HasTimes => (Parts & SftpAttributeParts.Times) != 0;

    /// <summary>The file type; <see cref="SftpFileType.Unknown"/> if the server does not tell.</summary>
    public SftpFileType FileType => HasPermissions ? (SftpFileType)(Permissions & TypeMask) : SftpFileType.Unknown;

    /// <summary>A copy with the size set.</summary>
    public SftpAttributes WithSize(ulong size) =>
        new(Parts | SftpAttributeParts.Size, size, UserId, GroupId, Permissions, AccessTime, ModifyTime);

    /// <summary>A copy with user and group id set; the protocol has no way to send one of them alone.</summary>
    public SftpAttributes WithOwner(uint userId, uint groupId) =>
        new(Parts | SftpAttributeParts.Owner, Size, userId, groupId, Permissions, AccessTime, ModifyTime);

    /// <summary>A copy with the permission bits set.</summary>
    public SftpAttributes WithPermissions(uint permissions) =>
        new(Parts | SftpAttributeParts.Permissions, Size, UserId, GroupId, permissions, AccessTime, ModifyTime);

    /// <summary>A copy with both times set; the protocol has no way to send one of them alone.</summary>
    public SftpAttributes WithTimes(uint accessTime, uint modifyTime) =>
        new(Parts | SftpAttributeParts.Times, Size, UserId, GroupId, Permissions, accessTime, modifyTime);

    /// <summary>
    /// Converts seconds since 1970 UTC to the protocol's range. Before 1970 gives 0, after 2106-02-07 the last second.
    /// </summary>
    /// <returns>False if the time had to be clamped: the server cannot hold it.</returns>
    public static bool TryGetTime(long unixSeconds, out uint time)
    {
        time = (uint)Math.Clamp(unixSeconds, uint.MinValue, uint.MaxValue);
        return time == unixSeconds;
    }

    /// <inheritdoc/>
    public bool Equals(SftpAttributes other) =>
        Parts == other.Parts && Size == other.Size && UserId == other.UserId && GroupId == other.GroupId
        && Permissions == other.Permissions && AccessTime == other.AccessTime && ModifyTime == other.ModifyTime;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SftpAttributes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Parts, Size, UserId, GroupId, Permissions, AccessTime, ModifyTime);

    /// <summary>All fields are equal.</summary>
    public static bool operator ==(SftpAttributes left, SftpAttributes right) => left.Equals(right);

    /// <summary>A field differs.</summary>
    public static bool operator !=(SftpAttributes left, SftpAttributes right) => !left.Equals(right);
}
