using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Links;

/// <summary>A symlink that is copied as what it leads to because it is unsafe.</summary>
/// <param name="Path">Its path in the transfer.</param>
/// <param name="Target">Its target.</param>
internal sealed record UnsafeLink(RelativePath Path, byte[] Target);

/// <summary>Puts what a source's symlinks lead to in their place, as <c>-L</c>, <c>-k</c> and <c>--copy-unsafe-links</c> want.</summary>
/// <param name="options">The options.</param>
/// <param name="munge">What is done to the targets of symlinks that stay.</param>
internal sealed class LinkFollower(SyncOptions options, LinkMunge munge)
{
    /// <summary>The operation that a symlink that leads nowhere failed with.</summary>
    public const string NoReferent = "symlink has no referent";

    /// <summary>Follows the symlinks in a listing; those that lead nowhere become problems.</summary>
    /// <param name="replica">The tree.</param>
    /// <param name="directory">The directory listed.</param>
    /// <param name="transferPath">Its path in the transfer.</param>
    /// <param name="list">Its entries.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The unsafe ones that were followed.</returns>
    public async ValueTask<IReadOnlyList<UnsafeLink>> FollowAsync(
        IReplica replica, RelativePath directory, RelativePath transferPath, FileList list, CancellationToken cancellation)
    {
        if (!options.FollowsLinks && munge == LinkMunge.None) return [];
        List<(int Index, Task<Referent?> Lookup)> lookups = [];
        for (int i = 0; i < list.Count; i++)
        {
            if (!list.Entries[i].Stat.IsSymlink) continue;
            byte[] name = list.NameOf(list.Entries[i]).ToArray(), target = list.TargetOf(list.Entries[i]).ToArray();
            lookups.Add((i, FollowAsync(replica, directory.Join(name), transferPath.Join(name), target, cancellation)));
        }
        List<UnsafeLink> followed = [];
        for (int n = lookups.Count - 1; n >= 0; n--)
        {
            (int index, Task<Referent?> lookup) = lookups[n];
            if (await lookup.ConfigureAwait(false) is not Referent referent)
            {
                Munge(list, index);
                continue;
            }
            if (referent.Unsafe is not null) followed.Add(referent.Unsafe);
            if (referent.Stat is FileStat stat)
            {
                list.Follow(index, stat);
                continue;
            }
            list.AddProblem(new ListProblem(list.NameOf(list.Entries[index]).ToArray(), referent.Failure!));
            list.RemoveAt(index);
        }
        followed.Reverse();
        return followed;
    }

    /// <summary>What is known of a symlink that is followed: a stat, or why there is none.</summary>
    private sealed record Referent(FileStat? Stat, ReplicaException? Failure, UnsafeLink? Unsafe);

    /// <returns>null when the symlink stays one.</returns>
    private async Task<Referent?> FollowAsync(
        IReplica replica, RelativePath path, RelativePath transferPath, byte[] target, CancellationToken cancellation)
    {
        bool isUnsafe = options is { CopyUnsafeLinks: true, CopyLinks: false } && LinkSafety.IsUnsafe(transferPath.Bytes, target);
        if (!isUnsafe && !options.CopyLinks && !options.CopyDirectoryLinks) return null;
        FileStat? found = null;
        ReplicaException? failure = null;
        try
        {
            found = await replica.StatAsync(path, followLink: true, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException thrown)
        {
            failure = new ReplicaException(thrown.Error, "readlink_stat", thrown.Reason);
        }
        if (options is { CopyDirectoryLinks: true, CopyLinks: false })
        {
            if (found is { IsDirectory: true }) return new Referent(found, null, null);
            if (!isUnsafe) return null;
        }
        if (found is null) failure ??= new ReplicaException(ReplicaError.Other, NoReferent, "");
        return new Referent(found, failure, isUnsafe ? new UnsafeLink(transferPath, target) : null);
    }

    private void Munge(FileList list, int index)
    {
        ReadOnlySpan<byte> target = list.TargetOf(list.Entries[index]);
        if (target.IsEmpty || munge == LinkMunge.None) return;
        if (munge == LinkMunge.Add) list.SetTarget(index, LinkMunging.Add(target));
        else if (LinkMunging.Remove(target) is var plain && plain.Length < target.Length) list.SetTarget(index, plain.ToArray());
    }
}
