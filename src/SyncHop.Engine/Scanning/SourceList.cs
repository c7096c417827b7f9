using SyncHop.Engine.Contract;
using SyncHop.Engine.Links;

namespace SyncHop.Engine.Scanning;

/// <summary>What one source directory contributes to a directory of the transfer.</summary>
/// <param name="Files">Its entries, or the named ones of them.</param>
/// <param name="Directory">The directory they are in.</param>
internal sealed record SourceList(FileList Files, Origin Directory)
{
    /// <summary>Unsafe symlinks that were followed.</summary>
    public IReadOnlyList<UnsafeLink> Unsafe { get; init; } = [];

    /// <summary>
    /// Merges the lists as rsync does when arguments overlap: of entries with one name the first counts, but a directory
    /// wins over what is none, and directories of one name become one with the contents of all.
    /// </summary>
    /// <param name="sources">The lists.</param>
    /// <param name="node">The directory they make up.</param>
    /// <param name="isIncremental">
    /// Whether what was named twice is looked at once: where rsync makes the whole list first, it has everything below it twice, and counts it so.
    /// </param>
    public static FileList Merge(IReadOnlyList<SourceList> sources, DirectoryNode node, bool isIncremental)
    {
        if (sources.Count == 1 && node.Origins.Count == 1) return sources[0].Files;
        Dictionary<RelativePath, Merged> byName = [];
        List<Merged> order = [];
        foreach (SourceList source in sources)
        {
            for (int i = 0; i < source.Files.Count; i++)
            {
                FileList.Entry entry = source.Files.Entries[i];
                RelativePath name = RelativePath.Root.Join(source.Files.NameOf(entry));
                // Of a file and a directory the directory stays.
                if (byName.TryGetValue(name, out Merged? merged))
                    node.Duplicates.Add(entry.IsDirectory && !merged.Entry.IsDirectory ? merged.Entry.Stat : entry.Stat);
                if (merged is null)
                {
                    byName.Add(name, merged = new Merged(source.Files, entry));
                    order.Add(merged);
                }
                else if (entry.IsDirectory != merged.Entry.IsDirectory)
                {
                    if (!entry.IsDirectory) continue;
                    merged.Replace(source.Files, entry);
                }
                if (entry.IsDirectory && isIncremental) merged.AddDirectory(source.Directory);
                else merged.Directories.Add(source.Directory);
            }
        }
        FileList files = new();
        List<IReadOnlyList<Origin>> origins = new(order.Count);
        foreach (Merged merged in order)
        {
            files.Add(merged.Files.NameOf(merged.Entry), merged.Entry.Stat, merged.Files.TargetOf(merged.Entry), origins.Count);
            origins.Add(merged.Directories);
        }
        node.OriginSets = origins;
        return files;
    }

    private sealed class Merged(FileList files, FileList.Entry entry)
    {
        public FileList Files { get; private set; } = files;

        public FileList.Entry Entry { get; private set; } = entry;

        public List<Origin> Directories { get; } = [];

        /// <summary>Adds a directory unless the same one was named twice.</summary>
        public void AddDirectory(Origin directory)
        {
            byte[] path = directory.Replica.FullPath(directory.Path);
            if (!Directories.Exists(other => other.Selection == directory.Selection && other.Replica.FullPath(other.Path).AsSpan().SequenceEqual(path)))
                Directories.Add(directory);
        }

        public void Replace(FileList files, FileList.Entry entry)
        {
            Files = files;
            Entry = entry;
            Directories.Clear();
        }
    }
}
