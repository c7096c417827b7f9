using SyncHop.Engine.Contract;
using SyncHop.Engine.Links;
using SyncHop.Engine.Planning;

namespace SyncHop.Engine.Scanning;

/// <summary>What the source arguments come to.</summary>
internal sealed class ResolvedSources
{
    /// <summary>The directories whose contents are transferred as they are (arguments with a trailing slash).</summary>
    public List<Origin> Contents { get; } = [];

    /// <summary>The entries of the top of the transfer, in the order of the arguments.</summary>
    public List<SourceList> Lists { get; } = [];

    /// <summary>Whether the top takes part although its contents may not (<c>--relative</c> and <c>./x</c>).</summary>
    public bool SendsTop { get; set; }

    /// <summary>The stat of the first directory in <see cref="Contents"/>, or of the top where it takes part by itself.</summary>
    public FileStat? TopStat { get; set; }

    /// <summary>What could not be found or listed.</summary>
    public List<ScanFailure> Failures { get; } = [];

    /// <summary>What filter rules decided, for <c>-vv</c>.</summary>
    public List<FilterNote> FilterNotes { get; } = [];

    /// <summary>Unsafe symlinks that are followed.</summary>
    public List<UnsafeLink> UnsafeLinks { get; } = [];

    /// <summary>Names of arguments that do not exist, with <c>--delete-missing-args</c>.</summary>
    public List<byte[]> Missing { get; } = [];

    /// <summary>Whether rsync shows names with a slash at their beginning: all arguments of <c>--relative</c> are absolute.</summary>
    public bool ShowsRoot { get; set; }

    /// <summary>Arguments that are passed over.</summary>
    public List<Notice> Notices { get; } = [];

    /// <summary>How many entries the top has, with what is selected below and the directory itself where it takes part.</summary>
    public int Count
    {
        get
        {
            int count = Missing.Count + (Contents.Count > 0 || SendsTop ? 1 : 0);
            foreach (SourceList list in Lists) count += list.Directory.Selection?.TotalCount ?? list.Files.Count;
            return count;
        }
    }
}

/// <summary>Looks the source arguments up, all at once.</summary>
/// <param name="options">The options.</param>
/// <param name="lister">Lists what is found.</param>
/// <param name="host">The host they are on.</param>
/// <param name="wayHost">The same host where it follows symlinks on the way to named entries.</param>
internal sealed partial class SourceResolver(SyncOptions options, SourceLister lister, IReplicaHost host, IReplicaHost wayHost)
{
    private readonly Dictionary<RelativePath, int> _roots = [];
    private readonly List<(IReplica Replica, byte[] Root, bool IsTop)> _opened = [];

    /// <summary>The replicas opened for the arguments, with what was typed for their roots, and whether a root is the top of the transfer.</summary>
    public IReadOnlyList<(IReplica Replica, byte[] Root, bool IsTop)> Opened => _opened;

    /// <summary>Looks up all arguments.</summary>
    /// <param name="arguments">The sources as typed.</param>
    /// <param name="names">The names of <c>--files-from</c>, below the first; null where there are none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SyncException">An argument cannot be used with <c>--relative</c>, or names are below no directory.</exception>
    public async Task<ResolvedSources> ResolveAsync(IReadOnlyList<byte[]> arguments, IReadOnlyList<byte[]>? names, CancellationToken cancellation)
    {
        ResolvedSources resolved = new();
        if (names is not null) await VerifyDirectoryAsync(arguments[0], cancellation).ConfigureAwait(false);
        if (options.Relative)
        {
            IEnumerable<RelativeSource> sources = names is null
                ? arguments.Select(argument => RelativeSource.Parse(argument))
                : names.Select(name => RelativeSource.Parse(name).Below(arguments[0]));
            await SelectAsync(sources, resolved, cancellation).ConfigureAwait(false);
            return resolved;
        }
        if (names is not null) arguments = [.. names.Select(name => (byte[])[.. arguments[0] is [] ? "."u8 : arguments[0], (byte)'/', .. name])];
        foreach (byte[][] chunk in arguments.Chunk(LookupsAtOnce))
        {
            List<Task<Argument>> lookups = [];
            foreach (byte[] argument in chunk)
            {
                SourcePath path = SourcePath.Parse(argument);
                lookups.Add(LookUpAsync(Open(path.Root, path.IsContents), path, cancellation));
            }
            foreach (Task<Argument> lookup in lookups) Take(await lookup.ConfigureAwait(false), resolved);
        }
        return resolved;
    }

    private const int LookupsAtOnce = 1024;

    private IReplica Open(byte[] root, bool isTop)
    {
        RelativePath key = new(root);
        if (!_roots.TryGetValue(key, out int index))
        {
            _roots.Add(key, index = _opened.Count);
            _opened.Add((host.Open(root, options.SourceLinks), root, isTop));
        }
        if (isTop) _opened[index] = _opened[index] with { IsTop = true };
        return _opened[index].Replica;
    }

    private void Take(Argument argument, ResolvedSources resolved)
    {
        resolved.Failures.AddRange(argument.Failures);
        resolved.FilterNotes.AddRange(argument.FilterNotes);
        resolved.UnsafeLinks.AddRange(argument.UnsafeLinks);
        if (argument.Missing is not null) resolved.Missing.Add(argument.Missing);
        if (argument.Notice is Notice notice) resolved.Notices.Add(notice);
        if (argument.Contents is Origin contents)
        {
            resolved.Contents.Add(contents);
            resolved.TopStat ??= Changed(argument.Stat);
        }
        if (argument.List is null) return;
        argument.List.Files.ChangeModes(options);
        resolved.Lists.Add(argument.List);
    }

    private FileStat? Changed(FileStat? stat) =>
        stat is FileStat top && options.Chmod is { } chmod ? top with { Mode = chmod.Apply(top.Mode, options.Umask) } : stat;

    private sealed class Argument
    {
        public FileStat? Stat { get; set; }

        public Origin? Contents { get; set; }

        public SourceList? List { get; set; }

        public Notice? Notice { get; set; }

        public byte[]? Missing { get; set; }

        public List<ScanFailure> Failures { get; } = [];

        public List<FilterNote> FilterNotes { get; } = [];

        public List<UnsafeLink> UnsafeLinks { get; } = [];
    }

    private async Task<Argument> LookUpAsync(IReplica replica, SourcePath path, CancellationToken cancellation)
    {
        Argument argument = new();
        RelativePath name = path.IsContents ? RelativePath.Root : RelativePath.Root.Join(path.Name);
        bool changesDirectory = path.IsContents;
        try
        {
            FileStat? found = await replica.StatAsync(name, followLink: path.IsContents || options.CopyLinks, cancellation).ConfigureAwait(false);
            if (found is null && !path.IsContents)
            {
                FileStat? above = await replica.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
                if (above is not { IsDirectory: true })
                {
                    // The directory that was to hold the entry is missing: nobody knows what it would have held.
                    changesDirectory = true;
                    name = RelativePath.Root;
                }
                if (above is { IsDirectory: false }) throw new ReplicaException(ReplicaError.NotDirectory, "change_dir", "Not a directory (20)");
            }
            if (found is null && !changesDirectory && (options.IgnoreMissingArguments || options.DeleteMissingArguments))
            {
                if (options.DeleteMissingArguments) argument.Missing = path.Name;
                return argument;
            }
            if (found is not FileStat stat) throw new ReplicaException(ReplicaError.NotFound, "link_stat", "No such file or directory (2)");
            argument.Stat = stat;
            if (path.IsContents) await TakeContentsAsync(argument, replica, stat, cancellation).ConfigureAwait(false);
            else await TakeEntryAsync(argument, replica, name, path.Name, stat, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            ReplicaException named = new(failure.Error, changesDirectory ? "change_dir" : "link_stat", failure.Reason);
            argument.Failures.Add(new ScanFailure(OnSource: true, replica.FullPath(name), named, IsArgument: true, HidesEntries: changesDirectory));
        }
        return argument;
    }

    private async Task TakeContentsAsync(Argument argument, IReplica replica, FileStat stat, CancellationToken cancellation)
    {
        if (!stat.IsDirectory) throw new ReplicaException(ReplicaError.NotDirectory, "change_dir", "Not a directory (20)");
        if (!options.Recursive && !options.Dirs)
        {
            argument.Notice = new Notice(NoticeKind.SkippedDirectory, RelativePath.Root, FileType.Directory);
            return;
        }
        Origin origin = new(replica, RelativePath.Root, lister.Above);
        argument.Contents = origin;
        try
        {
            SourceList list = await lister.ListAsync(origin, RelativePath.Root, argument.FilterNotes, cancellation).ConfigureAwait(false);
            foreach (ListProblem problem in list.Files.Problems)
                argument.Failures.Add(new ScanFailure(OnSource: true, replica.FullPath(RelativePath.Root.Join(problem.Name)), problem.Failure));
            argument.UnsafeLinks.AddRange(list.Unsafe);
            argument.List = list;
            argument.Contents = list.Directory;
        }
        catch (ReplicaException failure)
        {
            // rsync works from inside it: of one that it may not enter the destination gets nothing, not even its permissions.
            if (failure.Error == ReplicaError.PermissionDenied && !await CanEnterAsync(replica, cancellation).ConfigureAwait(false))
            {
                argument.Contents = null;
                throw;
            }
            argument.Failures.Add(new ScanFailure(
                OnSource: true, replica.FullPath(RelativePath.Root), failure, IsArgument: true, HidesEntries: true));
        }
    }

    private static async Task<bool> CanEnterAsync(IReplica replica, CancellationToken cancellation)
    {
        try
        {
            // Any name does: whether there is such an entry is only said of one that may be entered.
            _ = await replica.StatAsync(RelativePath.Root.Join("a"u8), followLink: false, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (ReplicaException)
        {
            return false;
        }
    }

    private async Task TakeEntryAsync(
        Argument argument, IReplica replica, RelativePath path, byte[] name, FileStat stat, CancellationToken cancellation)
    {
        FileList list = new();
        byte[] target = stat.IsSymlink && options.NeedsLinkTargets ? await replica.ReadLinkAsync(path, cancellation).ConfigureAwait(false) : [];
        list.Add(name, stat, target);
        argument.UnsafeLinks.AddRange(await lister.FollowAsync(replica, RelativePath.Root, RelativePath.Root, list, cancellation).ConfigureAwait(false));
        foreach (ListProblem problem in list.Problems) argument.Failures.Add(new ScanFailure(OnSource: true, replica.FullPath(path), problem.Failure));
        if (list.Count == 0) return;
        stat = list.Entries[0].Stat;
        if (stat.IsDirectory && !options.Recursive && !options.Dirs)
        {
            argument.Notice = new Notice(NoticeKind.SkippedDirectory, path, FileType.Directory);
            return;
        }
        if (lister.IsHidden(replica, path, stat.IsDirectory, argument.FilterNotes)) return;
        argument.List = new SourceList(list, new Origin(replica, RelativePath.Root, lister.Above));
    }
}
