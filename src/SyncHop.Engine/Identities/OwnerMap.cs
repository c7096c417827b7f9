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

    /// <summary>Whether owners are compared and set at all: only the superuser gives files away.</summary>
    public bool SetsOwner => options.Owner && destination.IsSuperuser;

    /// <summary>Looks up the ids of a directory and of the entries in it that were not seen before.</summary>
    public async ValueTask PrepareAsync(FileStat directory, FileList list, CancellationToken cancellation)
    {
        if (ReferenceEquals(source, destination) || options.NumericIds || !(SetsOwner || options.Group)) return;
        HashSet<uint> uids = [], gids = [];
        Note(directory);
        foreach (ref readonly FileList.Entry entry in list.Entries) Note(entry.Stat);
        if (uids.Count == 0 && gids.Count == 0) return;
        IdentityNames names = await source.NamesAsync(uids, gids, cancellation).ConfigureAwait(false);
        foreach (uint uid in uids)
            _users[uid] = (names.Users.TryGetValue(uid, out byte[]? name) ? destination.FindUser(name) : null) ?? uid;
        foreach (uint gid in gids)
            _groups[gid] = (names.Groups.TryGetValue(gid, out byte[]? name) ? destination.FindGroup(name) : null) ?? gid;

        void Note(in FileStat stat)
        {
            if (SetsOwner && !_users.ContainsKey(stat.Uid)) uids.Add(stat.Uid);
            if (options.Group && !_groups.ContainsKey(stat.Gid)) gids.Add(stat.Gid);
        }
    }

    /// <summary>The owner an entry should have on the destination; null when it is not to be set.</summary>
    public uint? OwnerFor(in FileStat stat) => SetsOwner ? _users.GetValueOrDefault(stat.Uid, stat.Uid) : null;

    /// <summary>The group an entry should have on the destination; null when it is not to be set or this side may not.</summary>
    public uint? GroupFor(in FileStat stat)
    {
        if (!options.Group) return null;
        uint gid = _groups.GetValueOrDefault(stat.Gid, stat.Gid);
        return destination.MayChangeGroupTo(gid) ? gid : null;
    }
}
