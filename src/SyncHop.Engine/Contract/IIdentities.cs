namespace SyncHop.Engine.Contract;

/// <summary>Users and groups of one host, for mapping owners by name as rsync does unless <c>--numeric-ids</c>.</summary>
public interface IIdentities
{
    /// <summary>Makes the answers below available, except <see cref="NamesAsync"/>, which needs no loading. What the host does not tell stays unknown.</summary>
    ValueTask LoadAsync(CancellationToken cancellation);

    /// <summary>Whether this side acts as the superuser, who alone may give files away.</summary>
    bool IsSuperuser { get; }

    /// <summary>Whether the user is a member of <paramref name="gid"/>, and so may give its own files to it.</summary>
    bool IsMember(uint gid);

    /// <summary>The owner that entries this side creates get.</summary>
    uint Uid { get; }

    /// <summary>The names of users and groups by id; an id without a name is left out.</summary>
    ValueTask<IdentityNames> NamesAsync(IReadOnlyCollection<uint> uids, IReadOnlyCollection<uint> gids, CancellationToken cancellation);

    /// <summary>The id of a user; null when there is none of that name.</summary>
    uint? FindUser(ReadOnlySpan<byte> name);

    /// <summary>The id of a group; null when there is none of that name.</summary>
    uint? FindGroup(ReadOnlySpan<byte> name);
}

/// <summary>Names of users and groups by id.</summary>
/// <param name="Users">User names by uid.</param>
/// <param name="Groups">Group names by gid.</param>
public sealed record IdentityNames(IReadOnlyDictionary<uint, byte[]> Users, IReadOnlyDictionary<uint, byte[]> Groups);
