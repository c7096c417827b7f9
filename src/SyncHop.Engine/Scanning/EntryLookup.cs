using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Scanning;

/// <summary>Looks for entries of a directory by name, where listing all of it would be too much or is not permitted.</summary>
/// <param name="replica">The tree.</param>
/// <param name="linkTargets">Whether the targets of symlinks are wanted.</param>
/// <param name="failed">Told of each entry that could not be looked at.</param>
internal sealed class EntryLookup(IReplica replica, bool linkTargets, Action<ScanFailure> failed)
{
    /// <summary>The entries of <paramref name="directory"/> that have one of the names.</summary>
    public async Task<FileList> FindAsync(RelativePath directory, IEnumerable<byte[]> names, CancellationToken cancellation)
    {
        Dictionary<RelativePath, Task<(FileStat? Stat, byte[] Target)>> lookups = [];
        foreach (byte[] name in names)
        {
            RelativePath path = directory.Join(name);
            if (!lookups.ContainsKey(path)) lookups.Add(path, FindAsync(path, cancellation));
        }
        FileList found = new();
        foreach ((RelativePath path, Task<(FileStat? Stat, byte[] Target)> lookup) in lookups)
        {
            (FileStat? stat, byte[] target) = await lookup.ConfigureAwait(false);
            if (stat is FileStat there) found.Add(path.Name, there, target);
        }
        return found;
    }

    private async Task<(FileStat?, byte[])> FindAsync(RelativePath path, CancellationToken cancellation)
    {
        try
        {
            FileStat? stat = await replica.StatAsync(path, followLink: false, cancellation).ConfigureAwait(false);
            if (stat is not { IsSymlink: true } || !linkTargets) return (stat, []);
            return (stat, await replica.ReadLinkAsync(path, cancellation).ConfigureAwait(false));
        }
        catch (ReplicaException failure)
        {
            failed(new ScanFailure(OnSource: false, replica.FullPath(path), failure));
            return (null, []);
        }
    }
}
