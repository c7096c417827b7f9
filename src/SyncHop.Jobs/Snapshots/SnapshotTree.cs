using System.Text;
using SyncHop.Engine.Contract;

namespace SyncHop.Jobs.Snapshots;

/// <summary>What a directory of snapshots holds.</summary>
/// <param name="Exists">Whether there is such a directory.</param>
/// <param name="Complete">The complete snapshots, oldest first.</param>
/// <param name="Partial">The names of snapshots that were begun and not completed, oldest first.</param>
/// <param name="Removing">The names of snapshots whose removal was begun, oldest first.</param>
public sealed record SnapshotListing(
    bool Exists, IReadOnlyList<SnapshotName> Complete, IReadOnlyList<SnapshotName> Partial, IReadOnlyList<SnapshotName> Removing)
{
    /// <summary>The newest complete snapshot; null for none.</summary>
    public SnapshotName? Newest => Complete.Count > 0 ? Complete[^1] : null;
}

/// <summary>
/// A directory of snapshots on either kind of host. A snapshot has its name only while it is complete: it is made as <c>NAME.partial</c>,
/// and is <c>NAME.removing</c> before the first of its files goes, so that nothing half is ever taken for a backup. Other names in the
/// directory are left alone. Methods throw what those of <see cref="IReplica"/> do.
/// </summary>
/// <param name="tree">The directory.</param>
public sealed class SnapshotTree(IReplica tree)
{
    private static readonly byte[] s_latest = "latest"u8.ToArray();
    private static readonly byte[] s_newLatest = ".latest.new"u8.ToArray();

    /// <summary>Lists the snapshots.</summary>
    public async Task<SnapshotListing> ListAsync(CancellationToken cancellation)
    {
        if (await tree.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false) is null) return new SnapshotListing(false, [], [], []);
        FileList list = await tree.ListAsync(RelativePath.Root, linkTargets: false, cancellation).ConfigureAwait(false);
        return new SnapshotListing(true, Named(list, ""), Named(list, SnapshotName.PartialSuffix), Named(list, SnapshotName.RemovingSuffix));
    }

    /// <summary>Makes the snapshot that an earlier run could not complete the one that is being made now.</summary>
    public ValueTask ContinueAsync(SnapshotName former, SnapshotName now, CancellationToken cancellation) =>
        tree.RenameAsync(PathOf(former, SnapshotName.PartialSuffix), PathOf(now, SnapshotName.PartialSuffix), cancellation);

    /// <summary>Gives a snapshot that is complete its name.</summary>
    public ValueTask CompleteAsync(SnapshotName name, CancellationToken cancellation) =>
        tree.RenameAsync(PathOf(name, SnapshotName.PartialSuffix), PathOf(name), cancellation);

    /// <summary>Has <c>latest</c> point to a snapshot.</summary>
    /// <returns>false where something else has that name: what somebody else put there stays.</returns>
    public async Task<bool> LinkLatestAsync(SnapshotName name, CancellationToken cancellation)
    {
        RelativePath latest = new(s_latest), temporary = new(s_newLatest);
        FileStat? there = await tree.StatAsync(latest, followLink: false, cancellation).ConfigureAwait(false);
        if (there is { IsSymlink: false }) return false;
        if (await tree.StatAsync(temporary, followLink: false, cancellation).ConfigureAwait(false) is { IsSymlink: true })
            await tree.RemoveFileAsync(temporary, cancellation).ConfigureAwait(false);
        await tree.CreateSymlinkAsync(temporary, Encoding.ASCII.GetBytes(name.ToString()), cancellation).ConfigureAwait(false);
        await tree.RenameAsync(temporary, latest, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Removes a snapshot, complete or not.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="suffix">What the name ends with now.</param>
    /// <param name="cancellation">Ends it; the next run goes on.</param>
    public async Task RemoveAsync(SnapshotName name, string suffix, CancellationToken cancellation)
    {
        RelativePath going = PathOf(name, SnapshotName.RemovingSuffix);
        if (suffix != SnapshotName.RemovingSuffix) await tree.RenameAsync(PathOf(name, suffix), going, cancellation).ConfigureAwait(false);
        using TreeRemover remover = new(tree);
        await remover.RemoveAsync(going, cancellation).ConfigureAwait(false);
    }

    private static RelativePath PathOf(SnapshotName name, string suffix = "") => new(Encoding.ASCII.GetBytes(name + suffix));

    private static List<SnapshotName> Named(FileList list, string suffix)
    {
        List<SnapshotName> names = [];
        foreach (ref readonly FileList.Entry entry in list.Entries)
        {
            if (entry.Stat.IsDirectory && SnapshotName.Parse(list.NameOf(entry), suffix) is { } name) names.Add(name);
        }
        names.Sort(static (x, y) => x.Time.CompareTo(y.Time));
        return names;
    }
}
