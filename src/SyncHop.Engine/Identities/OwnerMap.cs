using System.Collections.Concurrent;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Identities;

/// <summary>
/// Maps the source's owners and groups to the destination's, by name unless <c>--numeric-ids</c>; id 0 and ids without a
/// name on either side keep their number, as rsync does.
/// </summary>
internal sealed class OwnerMap(SyncOptions options, IIdentities source, IIdentities destination)
{
    private readonly ConcurrentDictionary<uint, uint> _users = new() { [0] = 0 };
    private readonly ConcurrentDictionary<uint, uint> _groups = new() { [0] = 0 };

    private IdRules? _userRules, _groupRules;
    private Task _loading = Task.CompletedTask;

    /// <summary>Whether the receiving side acts as the superuser: <c>--super</c> and <c>--no-super</c> say so, or else it is.</summary>
    public bool IsSuperuser => options.Super ?? destination.IsSuperuser;

    /// <summary>Whether owners are compared and set at all: only the superuser gives files away.</summary>
    public bool SetsOwner => options.Owner && IsSuperuser;

    /// <summary>Begins to load the destination's identities. <see cref="PrepareAsync"/> waits for them, so that the first listings need not.</summary>
    public void Load(CancellationToken cancellation) => _loading = destination.LoadAsync(cancellation).AsTask();

    /// <summary>Reads <c>--usermap</c> and <c>--groupmap</c>, where there are any.</summary>
    /// <param name="warn">Told in one line of names that the receiving side does not know.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SyncException">A map is not valid.</exception>
    public async ValueTask LoadRulesAsync(Action<string, byte[]> warn, CancellationToken cancellation)
    {
        if (options.UserMap is null && options.GroupMap is null) return;
        await _loading.ConfigureAwait(false);
        if (options.UserMap is not null)
        {
            _userRules = new IdRules("usermap", options.UserMap, name => destination.FindUser(name), name => warn("Unknown --usermap name on receiver: ", name));
        }
        if (options.GroupMap is not null)
        {
            _groupRules = new IdRules("groupmap", options.GroupMap, name => destination.FindGroup(name), name => warn("Unknown --groupmap name on receiver: ", name));
        }
        // The sender does not tell the name of id 0, so it counts under the one it has on the receiving side.
        IdentityNames zero = options.NumericIds ? NoNames : await destination.NamesAsync([0], [0], cancellation).ConfigureAwait(false);
        _users[0] = _userRules?.Map(0, zero.Users.GetValueOrDefault(0u)) ?? 0;
        _groups[0] = _groupRules?.Map(0, zero.Groups.GetValueOrDefault(0u)) ?? 0;
    }

    private static IdentityNames NoNames { get; } = new(new Dictionary<uint, byte[]>(), new Dictionary<uint, byte[]>());

    /// <summary>Waits for the destination's identities, and looks up the ids of a directory and of the entries in it that were not seen before.</summary>
    public async ValueTask PrepareAsync(FileStat directory, FileList list, CancellationToken cancellation)
    {
        await _loading.ConfigureAwait(false);
        bool keepsNumbers = ReferenceEquals(source, destination) || options.NumericIds;
        if ((keepsNumbers && _userRules is null && _groupRules is null) || !(SetsOwner || options.Group)) return;
        HashSet<uint> uids = [], gids = [];
        Note(directory);
        foreach (ref readonly FileList.Entry entry in list.Entries) Note(entry.Stat);
        if (uids.Count == 0 && gids.Count == 0) return;
        IdentityNames names = options.NumericIds ? NoNames : await source.NamesAsync(uids, gids, cancellation).ConfigureAwait(false);
        foreach (uint uid in uids)
        {
            byte[]? name = names.Users.GetValueOrDefault(uid);
            _users[uid] = _userRules?.Map(uid, name) ?? (keepsNumbers || name is null ? null : destination.FindUser(name)) ?? uid;
        }
        foreach (uint gid in gids)
        {
            byte[]? name = names.Groups.GetValueOrDefault(gid);
            _groups[gid] = _groupRules?.Map(gid, name) ?? (keepsNumbers || name is null ? null : destination.FindGroup(name)) ?? gid;
        }

        void Note(in FileStat stat)
        {
            if (SetsOwner && !_users.ContainsKey(stat.Uid)) uids.Add(stat.Uid);
            if (options.Group && !_groups.ContainsKey(stat.Gid)) gids.Add(stat.Gid);
            foreach (AccessControlList? list in (ReadOnlySpan<AccessControlList?>)[stat.Extended?.Access, stat.Extended?.Default])
            {
                foreach (AccessControlList.Entry named in list?.Entries ?? [])
                {
                    if (named.For == AccessControlList.Tag.User && !_users.ContainsKey(named.Id)) uids.Add(named.Id);
                    if (named.For == AccessControlList.Tag.Group && !_groups.ContainsKey(named.Id)) gids.Add(named.Id);
                }
            }
        }
    }

    /// <summary>The user that an access control list names on the destination.</summary>
    /// <remarks>As in rsync, with <c>--numeric-ids</c> not even <c>--usermap</c> changes it.</remarks>
    public uint UserFor(uint uid) => options.NumericIds ? uid : _users.GetValueOrDefault(uid, uid);

    /// <summary>The same for a group.</summary>
    public uint GroupFor(uint gid) => options.NumericIds ? gid : _groups.GetValueOrDefault(gid, gid);

    /// <summary>The owner's number on the destination, whether it may be set there or not.</summary>
    public uint NumberFor(in FileStat stat) => _users.GetValueOrDefault(stat.Uid, stat.Uid);

    /// <summary>The owner an entry should have on the destination; null when it is not to be set.</summary>
    public uint? OwnerFor(in FileStat stat) => SetsOwner ? _users.GetValueOrDefault(stat.Uid, stat.Uid) : null;

    /// <summary>The group an entry should have on the destination; null when it is not to be set or this side may not.</summary>
    public uint? GroupFor(in FileStat stat)
    {
        if (!options.Group) return null;
        uint gid = _groups.GetValueOrDefault(stat.Gid, stat.Gid);
        return IsSuperuser || destination.IsMember(gid) ? gid : null;
    }
}
