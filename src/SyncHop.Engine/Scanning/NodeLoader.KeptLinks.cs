using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;

namespace SyncHop.Engine.Scanning;

// Symlinks of the destination that stand for directories (--keep-dirlinks).
internal sealed partial class NodeLoader
{
    /// <summary>Takes symlinks of the destination for the directories they lead to where the source has a directory.</summary>
    private async Task KeepLinksAsync(DirectoryNode node, CancellationToken cancellation)
    {
        List<(int Index, RelativePath Path, Task<FileStat?> Lookup)> lookups = [];
        foreach (ref readonly FileList.Entry entry in node.Source.Entries)
        {
            if (!entry.Stat.IsDirectory) continue;
            int found = FileListOrder.Find(node.Destination, node.DestinationNameOf(entry));
            if (found < 0 || !node.Destination.Entries[found].Stat.IsSymlink) continue;
            RelativePath path = node.DestinationPath.Join(node.DestinationNameOf(entry));
            lookups.Add((found, path, destination.StatAsync(path, followLink: true, cancellation).AsTask()));
        }
        foreach ((int index, RelativePath path, Task<FileStat?> lookup) in lookups)
        {
            try
            {
                if (await lookup.ConfigureAwait(false) is { IsDirectory: true } stat && !await GoesAsync(node, path, cancellation).ConfigureAwait(false))
                    node.Destination.Follow(index, stat);
            }
            catch (ReplicaException failure)
            {
                // Neither is anything written to where it leads, nor is it replaced.
                node.DeadEnds.Add(index);
                if (options.Recursive || options.Relative) Note(node, new ScanFailure(OnSource: false, destination.FullPath(path), failure));
            }
        }
    }

    /// <summary>
    /// Whether the directory that a symlink leads to is beside it, or below something beside it, and is removed before anything is put into
    /// it: then the symlink leads nowhere by the time, and is replaced, as by rsync.
    /// </summary>
    private async Task<bool> GoesAsync(DirectoryNode node, RelativePath link, CancellationToken cancellation)
    {
        if (!Deletes(node) || options.DryRun || options.MaxDelete is not null || options.DeleteTime is not (DeleteTime.Before or DeleteTime.During)) return false;
        if (await LinkedDirectory.FindAsync(destination, link, cancellation).ConfigureAwait(false) is not var (target, _)) return false;
        while (!target.IsRoot && target.Parent != node.DestinationPath) target = target.Parent;
        if (target.IsRoot) return false;
        foreach (ref readonly FileList.Entry entry in node.Source.Entries)
        {
            if (node.DestinationNameOf(entry).SequenceEqual(target.Name)) return false;
        }
        Origin directory = new(destination, node.DestinationPath);
        if ((node.Parent is null ? _above : node.Parent.DestinationFilter ?? _above) is { } above)
        {
            DirectoryFilter rules = await above
                .EnterAsync(new MergeFileDirectory(destination, node.DestinationPath), node.Destination, cancellation).ConfigureAwait(false);
            if (_protection.IsExcluded(rules, directory, node.DestinationPath, target.Name, isDirectory: true, [])) return false;
            directory = directory with { Filter = rules };
        }
        List<Deletion> contents = await subtrees.ListAsync(
            directory.Join(target.Name), node.DestinationStat?.Device ?? 0, recursive: true, _ => { }, [], cancellation).ConfigureAwait(false);
        bool keepsBackups = options is { Backup: true, BackupDirectory: null };
        return contents.TrueForAll(deletion => !deletion.IsKept && (!keepsBackups || deletion.IsDirectory || deletion.Path.Name.EndsWith(options.BackupSuffix)));
    }
}
