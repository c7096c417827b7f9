using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// An attribute change in the two requests that carry it, or in one: OpenSSH's server applies owner last in one request, which
/// would clear setuid and setgid again.
/// </summary>
internal readonly struct SftpChange
{
    private const uint SpecialBits = 0xE00; // setuid, setgid, sticky

    private SftpChange(SftpAttributes? owner, SftpAttributes? rest, ReplicaException? unholdable)
    {
        Owner = owner;
        Rest = rest;
        Unholdable = unholdable;
    }

    /// <summary>Owner and group; null when they stay.</summary>
    public SftpAttributes? Owner { get; }

    /// <summary>Permissions and times; null when they stay.</summary>
    public SftpAttributes? Rest { get; }

    /// <summary>All of it in one request; null when it takes two, or one of the two is not needed.</summary>
    public SftpAttributes? Together => Owner is { } owner && Rest is { } rest && !(rest.HasPermissions && (rest.Permissions & SpecialBits) != 0)
        ? rest.WithOwner(owner.UserId, owner.GroupId)
        : null;

    /// <summary>What SFTP v3 cannot express; null when all can be.</summary>
    public ReplicaException? Unholdable { get; }

    /// <summary>Whether the change has only one half of the owner, while the protocol wants both.</summary>
    public static bool NeedsOwner(in AttributeChange change) => change.Uid is null != change.Gid is null;

    /// <summary>Encodes a change.</summary>
    /// <param name="change">The change; with <see cref="NeedsOwner"/>, <paramref name="current"/> must be given.</param>
    /// <param name="type">The entry's kind: a symlink has no permissions of its own.</param>
    /// <param name="current">The entry as it is.</param>
    public static SftpChange Of(in AttributeChange change, FileType type, in FileStat? current = null)
    {
        SftpAttributes? owner = change.Uid is null && change.Gid is null
            ? null
            : default(SftpAttributes).WithOwner(change.Uid ?? current!.Value.Uid, change.Gid ?? current!.Value.Gid);
        SftpAttributes? rest = null;
        ReplicaException? unholdable = null;
        if (change.Permissions is uint permissions && type != FileType.Symlink) rest = SftpStat.OfPermissions(permissions);
        if (change.Mtime is not null || change.Atime is not null)
        {
            // The protocol sets both times together; what is not to be set is "now", as after a write or a read.
            long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            bool holdsMtime = SftpAttributes.TryGetTime(change.Mtime?.Seconds ?? now, out uint seconds);
            bool holdsAtime = SftpAttributes.TryGetTime(change.Atime?.Seconds ?? now, out uint accessed);
            if (!holdsMtime || !holdsAtime)
                unholdable = new ReplicaException(ReplicaError.NotSupported, "set times", "SFTP has only times from 1970 to 2106");
            rest = (rest ?? default(SftpAttributes)).WithTimes(accessed, seconds);
        }
        return new SftpChange(owner, rest, unholdable);
    }
}
