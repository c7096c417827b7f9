using System.Collections.Concurrent;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Filters;
using SyncHop.Engine.Identities;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Scanning;

/// <summary>Lists one directory on both sides at once and finds its children.</summary>
internal sealed partial class NodeLoader(
    SyncOptions options, SourceLister sources, IReplica destination, OwnerMap owners, SubtreeLister subtrees, ContentComparison contents,
    BasisLister basis, ExtendedLoader extended, int parallel, Resumption? resumption)
{
    private readonly EntryFilter _protection = new(FilterSides.Receiver, options.TellsFilterDecisions);
    private readonly DirectoryFilter? _above = DirectoryFilter.Above(options.Filters, FilterSides.Receiver);

    private EmptyDirectoryPruner? _pruner;

    private const uint OwnerAccess = 0x1C0; // 0700
    private const int ComparisonsAtOnce = 10_000;

    /// <summary>Fills in the node's lists, children and failures.</summary>
    public async Task LoadAsync(DirectoryNode node, CancellationToken cancellation)
    {
        Task<FileList?> onDestination = node.ExistsOnDestination && node.IsWhole && !node.IsSkipped && !options.ListOnly
            ? Task.Run(() => ListDestinationAsync(node, cancellation), cancellation)
            : Task.FromResult<FileList?>(null);
        Task<IReadOnlyList<BasisDirectory>> earlier = basis.ListAsync(node, cancellation);

        if (_pruner?.TryLoad(node) != true) await ListSourcesAsync(node, cancellation).ConfigureAwait(false);
        FileList? existing = await onDestination.ConfigureAwait(false);
        node.Basis = await earlier.ConfigureAwait(false);
        await CompleteAsync(node, existing, cancellation).ConfigureAwait(false);
    }

    /// <summary>Loads the top, whose lists are there.</summary>
    public async Task CompleteTopAsync(DirectoryNode top, IReadOnlyList<SourceList> lists, FileList? existing, CancellationToken cancellation)
    {
        Merge(top, lists);
        if (options.PruneEmptyDirectories)
        {
            _pruner = new EmptyDirectoryPruner(options.Filters, destination, parallel, ListSourcesAsync, ChildrenOf);
            await _pruner.PruneAsync(top, cancellation).ConfigureAwait(false);
        }
        await CompleteAsync(top, existing, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes the child nodes and looks at what the destination has.</summary>
    private async Task CompleteAsync(DirectoryNode node, FileList? existing, CancellationToken cancellation)
    {
        bool isListable = node.ExistsOnDestination && !node.WasCreated && node.Origins.Count > 0 && !node.IsSkipped && !options.ListOnly;
        if (existing is null && isListable) existing = await LookUpAsync(node, cancellation).ConfigureAwait(false);
        if (existing is not null)
        {
            node.Leftovers = Leftovers.TakeFrom(existing, node.Source, node.DestinationPath, resumption);
            FileListOrder.SortByName(existing);
            node.Destination = existing;
            if (options.KeepDirectoryLinks) await KeepLinksAsync(node, cancellation).ConfigureAwait(false);
        }
        if (!node.IsSkipped) await extended.LoadAsync(node, destination, failure => Note(node, failure), cancellation).ConfigureAwait(false);
        await owners.PrepareAsync(node.Stat, node.Source, cancellation).ConfigureAwait(false);
        List<DirectoryNode> children = ChildrenOf(node);
        foreach (DirectoryNode child in children)
        {
            if (child.IsWay && child.DestinationStat is { IsSymlink: true }) await FollowAsync(child, cancellation).ConfigureAwait(false);
        }
        node.SetChildren(children);
        if ((node.Destination.Count == 0 && node.Basis.Count == 0) || node.IsSkipped) return;
        if (options.Checksum) await CompareContentsAsync(node, cancellation).ConfigureAwait(false);
        if (Deletes(node)) await ProtectAsync(node, cancellation).ConfigureAwait(false);
        await ListSubtreesAsync(node, Deletes(node) && !options.DeletesByFinalRules, cancellation).ConfigureAwait(false);
        if (options.DeletesByFinalRules) node.FilterNotes.RemoveAll(note => note.Side == FilterSides.Receiver);
    }

    private bool Deletes(DirectoryNode node) => options.Delete && node.IsWhole && !node.IsOnOtherFileSystem;

    /// <summary>Asks the destination's rules, as rsync does wherever it deletes; mount points stay with <c>-x</c>.</summary>
    private async Task ProtectAsync(DirectoryNode node, CancellationToken cancellation)
    {
        await AskRulesAsync(node, cancellation).ConfigureAwait(false);
        ulong device = node.DestinationStat?.Device ?? 0;
        for (int i = 0; options.OneFileSystem > 0 && i < node.Destination.Count; i++)
        {
            FileList.Entry entry = node.Destination.Entries[i];
            if (entry.IsDirectory && entry.Stat.Device != device) node.Protected.Add(i);
        }
    }

    private async Task AskRulesAsync(DirectoryNode node, CancellationToken cancellation)
    {
        DirectoryFilter? above = node.Parent is null ? _above : node.Parent.DestinationFilter ?? _above;
        if (above is null) return;
        Origin directory = new(destination, node.DestinationPath);
        node.DestinationFilter = await above
            .EnterAsync(new MergeFileDirectory(destination, node.DestinationPath), node.Destination, cancellation).ConfigureAwait(false);
        node.Protected = _protection.Find(node.DestinationFilter, directory, node.DestinationPath, node.Destination, node.FilterNotes);
    }

    /// <summary>Looks below the destination's directories that have no directory on the source.</summary>
    private async Task ListSubtreesAsync(DirectoryNode node, bool deletes, CancellationToken cancellation)
    {
        HashSet<int> wanted = [];
        bool hasDirectories = false;
        for (int i = 0; i < node.Destination.Count; i++)
        {
            if (!node.Destination.Entries[i].IsDirectory) continue;
            hasDirectories = true;
            if (deletes && !node.Protected.Contains(i)) wanted.Add(i);
        }
        if (!hasDirectories) return;
        int next = 0;
        foreach (ref readonly FileList.Entry entry in node.Source.Entries)
        {
            int found = FileListOrder.Find(node.Destination, node.DestinationNameOf(entry), ref next);
            if (found < 0 || !node.Destination.Entries[found].IsDirectory) continue;
            if (entry.IsDirectory) wanted.Remove(found);
            else wanted.Add(found);
        }
        foreach (byte[] name in node.MissingArguments)
        {
            int found = FileListOrder.Find(node.Destination, node.RenamedTo ?? name);
            if (found >= 0 && node.Destination.Entries[found].IsDirectory) wanted.Add(found);
        }
        if (wanted.Count == 0) return;
        ulong device = node.DestinationStat?.Device ?? 0;
        ConcurrentBag<FilterNote> notes = [];
        Dictionary<int, Task<List<Deletion>>> listings = [];
        foreach (int index in wanted)
        {
            FileList.Entry entry = node.Destination.Entries[index];
            RelativePath path = node.DestinationPath.Join(node.Destination.NameOf(entry));
            if (options.OneFileSystem > 0 && entry.Stat.Device != device)
            {
                // It cannot make way for anything: rsync finds that out when it has removed the files in it.
                node.Subtrees.Add(index, [new Deletion(path, FileType.Unknown, IsKept: true)]);
                continue;
            }
            Origin directory = new(destination, path, node.DestinationFilter);
            listings.Add(index, subtrees.ListAsync(directory, device, options.EmptiesDirectories, failure => Note(node, failure), notes, cancellation));
        }
        foreach ((int index, Task<List<Deletion>> listing) in listings)
            node.Subtrees.Add(index, await listing.ConfigureAwait(false));
        node.FilterNotes.AddRange(notes);
    }

    private async Task CompareContentsAsync(DirectoryNode node, CancellationToken cancellation)
    {
        List<Task> comparisons = [];
        int next = 0;
        for (int i = 0; i < node.Source.Count; i++)
        {
            FileList.Entry entry = node.Source.Entries[i];
            int found = FileListOrder.Find(node.Destination, node.DestinationNameOf(entry), ref next);
            if (entry.Type != FileType.Regular) continue;
            if (comparisons.Count >= ComparisonsAtOnce)
            {
                await Task.WhenAll(comparisons).ConfigureAwait(false);
                comparisons.Clear();
            }
            int index = i;
            if (found >= 0 && node.Destination.Entries[found].Stat is { IsRegular: true } there && there.Size == entry.Stat.Size)
                comparisons.Add(CompareAsync(entry, destination, () => node.EqualContents.Add(index)));
            foreach (BasisDirectory directory in node.Basis)
            {
                int earlier = FileListOrder.Find(directory.Files, node.DestinationNameOf(entry));
                if (earlier >= 0 && directory.Files.Entries[earlier].Stat is { IsRegular: true } copy && copy.Size == entry.Stat.Size)
                    comparisons.Add(CompareAsync(entry, directory.Tree, () => node.EqualEarlier.Add((index, directory.Index))));
            }
        }
        await Task.WhenAll(comparisons).ConfigureAwait(false);

        async Task CompareAsync(FileList.Entry entry, IReplica tree, Action equal)
        {
            try
            {
                Origin source = node.OriginsOf(entry)[0].Join(node.Source.NameOf(entry));
                Origin there = new(tree, node.DestinationPath.Join(node.DestinationNameOf(entry)));
                if (await contents.AreEqualAsync(source, there, entry.Stat.Size, cancellation).ConfigureAwait(false))
                {
                    lock (node.EqualContents) equal();
                }
            }
            catch (ReplicaException)
            {
                // Unreadable counts as different: the transfer then reports what is wrong.
            }
        }
    }

    private List<DirectoryNode> ChildrenOf(DirectoryNode node)
    {
        List<DirectoryNode> children = [];
        HashSet<int> omitted = [];
        ulong? device = DestinationDeviceOf(node);
        int next = 0;
        foreach (ref readonly FileList.Entry entry in node.Source.Entries)
        {
            if (!entry.IsDirectory) continue;
            ReadOnlySpan<byte> name = node.Source.NameOf(entry);
            IReadOnlyList<Origin> holders = node.OriginsOf(entry);
            bool isSelected = false, isImplied = true, isNamed = false;
            foreach (Origin holder in holders)
            {
                isSelected |= holder.Selection is not null;
                // At the top, what is not in one of the directories whose contents were named was named itself.
                isNamed |= holder.Selection is not null || (node.Parent is null && !node.Origins.Contains(holder));
                isImplied &= holder.Selection is { } selection && selection.IsImplied(name);
            }
            bool otherFileSystem = options.OneFileSystem > 0 && node.IsItem && !isSelected && entry.Stat.Device != node.Stat.Device;
            if (otherFileSystem && options.OneFileSystem > 1)
            {
                omitted.Add(entry.Record);
                continue;
            }
            int found = FileListOrder.Find(node.Destination, node.DestinationNameOf(entry), ref next);
            FileStat? there = found < 0 ? null : node.Destination.Entries[found].Stat;
            bool deadEnd = found >= 0 && node.DeadEnds.Contains(found);
            bool blocked = !deadEnd && options.IgnoreExisting && there is { IsDirectory: false };
            children.Add(new DirectoryNode
            {
                Parent = node,
                Index = children.Count,
                Depth = node.Depth + 1,
                Path = node.Path.Join(name),
                DestinationPath = node.DestinationPath.Join(node.DestinationNameOf(entry)),
                Origins = Below(holders, name, !otherFileSystem),
                Stat = entry.Stat,
                DestinationStat = there,
                Basis = BasisLister.Below(node.Basis, node.DestinationNameOf(entry)),
                IsDeadEnd = deadEnd,
                IsSkipped = node.IsSkipped || blocked || deadEnd || (options.Existing && there is null),
                IsBlocked = blocked && !node.IsSkipped,
                IsOnOtherFileSystem = options.OneFileSystem > 0 && !isNamed && device is not null && there is { IsDirectory: true } && there.Value.Device != device,
                IsItem = options.ImpliedDirs || !isImplied,
                IsNamed = isNamed,
                MissingArguments = MissingBelow(holders, name),
            });
        }
        if (omitted.Count > 0) node.Source.RemoveWhere((in FileList.Entry entry) => omitted.Contains(entry.Record));
        return children;
    }

    /// <summary>The file system of the destination on which what was named, and holds a directory, is; null where there is none.</summary>
    private static ulong? DestinationDeviceOf(DirectoryNode node)
    {
        while (node is { IsNamed: false, Parent: { } above }) node = above;
        return node.DestinationStat?.Device;
    }

    private List<Origin> Below(IReadOnlyList<Origin> directories, ReadOnlySpan<byte> name, bool recurses)
    {
        List<Origin> below = new(directories.Count);
        foreach (Origin directory in directories)
        {
            // What is selected was named; its contents need no recursion.
            if (directory.Selection is { } selection) below.AddRange(selection.Below(name, directory.Filter));
            else if (options.Recursive && recurses) below.Add(directory.Join(name));
        }
        return below;
    }

    private static List<byte[]> MissingBelow(IReadOnlyList<Origin> directories, ReadOnlySpan<byte> name)
    {
        List<byte[]> missing = [];
        foreach (Origin directory in directories)
        {
            if (directory.Selection is not { } selection) continue;
            foreach (Origin below in selection.Below(name, null)) missing.AddRange(below.Selection?.Missing ?? []);
        }
        return missing;
    }

    /// <summary>
    /// On the way to what takes part <c>--no-implied-dirs</c> follows the destination's symlinks to directories, but not out
    /// of the tree.
    /// </summary>
    private async Task FollowAsync(DirectoryNode way, CancellationToken cancellation)
    {
        try
        {
            if (await LinkedDirectory.FindAsync(destination, way.DestinationPath, cancellation).ConfigureAwait(false) is not var (path, stat)) return;
            way.DestinationPath = path;
            way.DestinationStat = stat;
        }
        catch (ReplicaException failure)
        {
            Note(way, new ScanFailure(OnSource: false, destination.FullPath(way.DestinationPath), failure));
        }
    }

    /// <summary>Finds what the source has in a destination directory that may be entered but not listed.</summary>
    private Task<FileList> LookUpAsync(DirectoryNode node, CancellationToken cancellation)
    {
        List<byte[]> names = new(node.Source.Count);
        foreach (ref readonly FileList.Entry entry in node.Source.Entries) names.Add(node.DestinationNameOf(entry).ToArray());
        names.AddRange(node.MissingArguments);
        if (options.UsesHoldingDirectories)
            names.Add(options.HoldingDirectory.AsSpan().IndexOf((byte)'/') is >= 0 and int slash ? options.HoldingDirectory[..slash] : options.HoldingDirectory);
        return new EntryLookup(destination, options.Links, failure => Note(node, failure)).FindAsync(node.DestinationPath, names, cancellation);
    }

    /// <summary>Lists the destination's directory of a node; what goes wrong is noted with the node.</summary>
    public async Task<FileList?> ListDestinationAsync(DirectoryNode node, CancellationToken cancellation)
    {
        try
        {
            FileList list = await ListOpenedAsync(node, cancellation).ConfigureAwait(false);
            NoteProblems(node, list, destination, node.DestinationPath, onSource: false);
            return list;
        }
        catch (ReplicaException failure)
        {
            // On the destination rsync lists a directory only to remove what is extraneous.
            if (options.Delete || failure.Error != ReplicaError.PermissionDenied)
                Note(node, new ScanFailure(OnSource: false, destination.FullPath(node.DestinationPath), failure));
            return null;
        }
    }

    private static void NoteProblems(DirectoryNode node, FileList list, IReplica replica, RelativePath path, bool onSource)
    {
        foreach (ListProblem problem in list.Problems)
            Note(node, new ScanFailure(onSource, replica.FullPath(path.Join(problem.Name)), problem.Failure));
    }

    /// <summary>
    /// Lists a directory of the destination. One that is closed to its owner is opened, as rsync does; the plan gives it
    /// its final permissions.
    /// </summary>
    private async Task<FileList> ListOpenedAsync(DirectoryNode node, CancellationToken cancellation)
    {
        RelativePath path = node.DestinationPath;
        uint permissions = node.DestinationStat?.Permissions ?? OwnerAccess;
        bool isClosed = (permissions & OwnerAccess) != OwnerAccess && node.IsItem && !options.DryRun;
        try
        {
            FileList list = await destination.ListAsync(path, options.Links, cancellation).ConfigureAwait(false);
            if (!isClosed || list.Problems.All(problem => problem.Failure.Error != ReplicaError.PermissionDenied)) return list;
        }
        catch (ReplicaException failure) when (isClosed && failure.Error == ReplicaError.PermissionDenied)
        {
        }
        AttributeChange open = new() { Permissions = permissions | OwnerAccess };
        await destination.SetAttributesAsync(path, FileType.Directory, open, cancellation).ConfigureAwait(false);
        return await destination.ListAsync(path, options.Links, cancellation).ConfigureAwait(false);
    }

    private static void Note(DirectoryNode node, ScanFailure failure)
    {
        lock (node.Failures) node.Failures.Add(failure);
    }
}
