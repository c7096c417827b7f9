using SyncHop.Engine.Contract;
using SyncHop.Engine.Links;
using SyncHop.Engine.Planning;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// Looks up what was named below one directory to work in (<c>--relative</c>): the entries, and the directories on the way to
/// them, which are followed where they are symlinks, since the user named them.
/// </summary>
/// <param name="options">The options.</param>
/// <param name="lister">Decides what is hidden, and follows symlinks.</param>
/// <param name="root">The directory to work in.</param>
/// <param name="wayHost">Its host, which opens the directories that symlinks on the way lead to.</param>
internal sealed class SelectionResolver(SyncOptions options, SourceLister lister, IReplica root, IReplicaHost wayHost)
{
    private readonly Dictionary<RelativePath, Task<Place>> _places = [];
    private readonly List<IReplica> _opened = [];

    /// <summary>What was found.</summary>
    public Selection Selection { get; } = new();

    /// <summary>The trees that had to be opened where symlinks lead.</summary>
    public IReadOnlyList<IReplica> Opened => _opened;

    /// <summary>A directory, or why there is none.</summary>
    private sealed record Place(Origin Where, FileStat Stat, ReplicaException? Failure = null);

    /// <summary>What the lookup of one named entry came to.</summary>
    internal sealed class Finding
    {
        /// <summary>The directories on the way, from the top.</summary>
        public List<(RelativePath Path, Origin Where, FileStat Stat)> Way { get; } = [];

        /// <summary>The entry's stat; null when it is not there or not wanted.</summary>
        public FileStat? Stat { get; set; }

        /// <summary>Where it is.</summary>
        public Origin Where { get; set; }

        /// <summary>A symlink's target.</summary>
        public byte[] Target { get; set; } = [];

        /// <summary>Whether it is missing, and its counterpart is to be removed.</summary>
        public bool IsMissing { get; set; }

        /// <summary>What went wrong.</summary>
        public ScanFailure? Failure { get; set; }

        /// <summary>That it is passed over.</summary>
        public Notice? Notice { get; set; }

        /// <summary>What is said where it is an unsafe symlink that is followed.</summary>
        public IReadOnlyList<UnsafeLink> UnsafeLinks { get; set; } = [];

        /// <summary>What filter rules decided.</summary>
        public List<FilterNote> FilterNotes { get; } = [];
    }

    /// <summary>The stat of the root; null when it is not there.</summary>
    public async Task<FileStat?> FindRootStatAsync(CancellationToken cancellation)
    {
        Place place = await PlaceAsync(RelativePath.Root, cancellation).ConfigureAwait(false);
        return place.Failure is null ? place.Stat : null;
    }

    /// <summary>Looks up a named entry; the root itself is not one.</summary>
    public async Task<Finding> FindAsync(RelativeSource source, CancellationToken cancellation)
    {
        Finding finding = new();
        Place parent = await PlaceAsync(source.Path.Parent, cancellation).ConfigureAwait(false);
        FileStat? found = null;
        ReplicaException? failure = parent.Failure;
        Origin where = default;
        try
        {
            if (failure is null)
            {
                where = parent.Where.Join(source.Path.Name);
                found = await where.Replica.StatAsync(where.Path, followLink: options.CopyLinks, cancellation).ConfigureAwait(false);
                if (found is null) failure = NotFound();
            }
            if (found is { IsSymlink: true } && source.IsContents)
            {
                Place place = await PlaceAsync(source.Path, cancellation).ConfigureAwait(false);
                if (place.Failure is null) (found, where) = (place.Stat, place.Where);
                // What leads to no directory is taken as it is.
                else if (place.Failure.Error is not (ReplicaError.NotFound or ReplicaError.NotDirectory)) failure = place.Failure;
            }
            if (failure is null && found is { IsSymlink: true } link) (found, failure) = await FollowAsync(finding, source, where, link, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failed)
        {
            failure = failed;
        }
        if (failure is null) await AcceptAsync(finding, source, where, found!.Value, cancellation).ConfigureAwait(false);
        else await RefuseAsync(finding, source, failure, isEntry: parent.Failure is null, cancellation).ConfigureAwait(false);
        return finding;
    }

    /// <summary>Looks at a symlink's target, and at what it leads to where it is not copied as it is.</summary>
    private async Task<(FileStat? Stat, ReplicaException? Failure)> FollowAsync(
        Finding finding, RelativeSource source, Origin where, FileStat stat, CancellationToken cancellation)
    {
        FileList list = new();
        byte[] target = options.NeedsLinkTargets ? await where.Replica.ReadLinkAsync(where.Path, cancellation).ConfigureAwait(false) : [];
        list.Add(where.Path.Name, stat, target);
        finding.UnsafeLinks = await lister.FollowAsync(where.Replica, where.Path.Parent, source.Path.Parent, list, cancellation).ConfigureAwait(false);
        if (list.Count == 0) return (null, list.Problems[0].Failure);
        if (list.Entries[0].Stat.IsSymlink && options.Links) finding.Target = list.TargetOf(list.Entries[0]).ToArray();
        return (list.Entries[0].Stat, null);
    }

    /// <summary>Adds what was found to the selection.</summary>
    public void Add(RelativeSource source, Finding finding)
    {
        if (finding.Stat is null && !finding.IsMissing) return;
        Selection directory = Selection;
        foreach ((RelativePath path, Origin where, FileStat stat) in finding.Way)
            directory = directory.AddDirectory(path.Name, Changed(stat), where).Below!;
        ReadOnlySpan<byte> name = source.Path.Name;
        if (finding.Stat is not FileStat found)
        {
            directory.Missing.Add(name.ToArray());
            return;
        }
        if (!found.IsDirectory)
        {
            directory.Add(name, Changed(found), finding.Target);
            return;
        }
        Selection.Selected named = directory.AddDirectory(name, Changed(found), finding.Where);
        if (named.IsNamed) directory.Duplicates.Add(found);
        named.IsNamed = true;
        named.IsWhole |= options.Recursive || source.IsContents;
    }

    private async Task AcceptAsync(Finding finding, RelativeSource source, Origin where, FileStat stat, CancellationToken cancellation)
    {
        if (stat.IsDirectory && !options.Recursive && !options.Dirs)
        {
            finding.Notice = new Notice(NoticeKind.SkippedDirectory, source.Path, FileType.Directory);
            return;
        }
        if (lister.IsHidden(root, source.Path, stat.IsDirectory, finding.FilterNotes)) return;
        await TakeWayAsync(finding, source, cancellation).ConfigureAwait(false);
        finding.Stat = stat;
        finding.Where = where;
    }

    private async Task RefuseAsync(Finding finding, RelativeSource source, ReplicaException failure, bool isEntry, CancellationToken cancellation)
    {
        bool missing = failure.Error == ReplicaError.NotFound;
        if (missing && (options.IgnoreMissingArguments || options.DeleteMissingArguments))
        {
            if (!options.DeleteMissingArguments) return;
            finding.IsMissing = isEntry;
            if (isEntry) await TakeWayAsync(finding, source, cancellation).ConfigureAwait(false);
            // As for rsync, which looks at the directories on the way by themselves.
            else finding.Failure = new ScanFailure(OnSource: true, root.FullPath(source.Path.Parent), failure);
            return;
        }
        // That the directory to work in is missing is said of itself.
        Place top = await PlaceAsync(RelativePath.Root, cancellation).ConfigureAwait(false);
        bool changesDirectory = top.Failure is not null;
        finding.Failure = new ScanFailure(
            OnSource: true, root.FullPath(changesDirectory ? RelativePath.Root : source.Path),
            new ReplicaException(failure.Error, changesDirectory ? "change_dir" : "link_stat", failure.Reason),
            IsArgument: true, HidesEntries: changesDirectory);
    }

    private async Task TakeWayAsync(Finding finding, RelativeSource source, CancellationToken cancellation)
    {
        for (RelativePath path = source.Path.Parent; !path.IsRoot; path = path.Parent)
        {
            Place place = await PlaceAsync(path, cancellation).ConfigureAwait(false);
            finding.Way.Insert(0, (path, place.Where, place.Stat));
        }
    }

    private Task<Place> PlaceAsync(RelativePath path, CancellationToken cancellation)
    {
        lock (_places)
        {
            if (!_places.TryGetValue(path, out Task<Place>? place)) _places.Add(path, place = FindPlaceAsync(path, cancellation));
            return place;
        }
    }

    private async Task<Place> FindPlaceAsync(RelativePath path, CancellationToken cancellation)
    {
        try
        {
            if (path.IsRoot) return await FindRootAsync(cancellation).ConfigureAwait(false);
            Place parent = await PlaceAsync(path.Parent, cancellation).ConfigureAwait(false);
            if (parent.Failure is not null) return parent;
            Origin where = parent.Where.Join(path.Name);
            FileStat? found = await where.Replica.StatAsync(where.Path, followLink: false, cancellation).ConfigureAwait(false);
            if (found is { IsSymlink: true })
            {
                where = new Origin(Open(where.Replica.FullPath(where.Path)), RelativePath.Root);
                found = await where.Replica.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
            }
            if (found is not FileStat stat) return new Place(default, default, NotFound());
            return stat.IsDirectory ? new Place(where, stat) : new Place(default, default, NotDirectory());
        }
        catch (ReplicaException failure)
        {
            return new Place(default, default, failure);
        }
    }

    private async Task<Place> FindRootAsync(CancellationToken cancellation)
    {
        FileStat? stat = await root.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
        return stat switch
        {
            null => new Place(default, default, NotFound()),
            { IsDirectory: true } there => new Place(new Origin(root, RelativePath.Root), there),
            _ => new Place(default, default, NotDirectory()),
        };
    }

    private IReplica Open(byte[] path)
    {
        IReplica replica = wayHost.Open(path, options.SourceLinks);
        lock (_opened) _opened.Add(replica);
        return replica;
    }

    private FileStat Changed(in FileStat stat) =>
        options.Chmod is { } chmod ? stat with { Mode = chmod.Apply(stat.Mode, options.Umask) } : stat;

    private static ReplicaException NotFound() => new(ReplicaError.NotFound, "link_stat", "No such file or directory (2)");

    private static ReplicaException NotDirectory() => new(ReplicaError.NotDirectory, "link_stat", "Not a directory (20)");
}
