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

    /// <summary>The stat of the first directory in <see cref="Contents"/>.</summary>
    public FileStat? TopStat { get; set; }

    /// <summary>What could not be found or listed.</summary>
    public List<ScanFailure> Failures { get; } = [];

    /// <summary>What filter rules decided, for <c>-vv</c>.</summary>
    public List<FilterNote> FilterNotes { get; } = [];

    /// <summary>Unsafe symlinks that are followed.</summary>
    public List<UnsafeLink> UnsafeLinks { get; } = [];

    /// <summary>Whether filter rules hide an argument: what then is left, if only nothing, is transferred.</summary>
    public bool HidesArguments { get; set; }

    /// <summary>Names of arguments that do not exist, with <c>--delete-missing-args</c>.</summary>
    public List<byte[]> Missing { get; } = [];

    /// <summary>Arguments that are passed over.</summary>
    public List<Notice> Notices { get; } = [];

    /// <summary>How many entries the top has, the directory itself included when its contents are transferred.</summary>
    public int Count
    {
        get
        {
            int count = Missing.Count + (Contents.Count > 0 ? 1 : 0);
            foreach (SourceList list in Lists) count += list.Files.Count;
            return count;
        }
    }
}

/// <summary>Looks the source arguments up, all at once.</summary>
internal sealed class SourceResolver(SyncOptions options, SourceLister lister, IReplicaHost host)
{
    /// <summary>The replicas opened for the arguments, with what was typed for their roots.</summary>
    public List<(IReplica Replica, SourcePath Typed)> Opened { get; } = [];

    /// <summary>Looks up all arguments.</summary>
    public async Task<ResolvedSources> ResolveAsync(IReadOnlyList<byte[]> arguments, CancellationToken cancellation)
    {
        List<Task<Argument>> lookups = [];
        foreach (byte[] argument in arguments)
        {
            SourcePath path = SourcePath.Parse(argument);
            IReplica replica = host.Open(path.Root, options.SourceLinks);
            Opened.Add((replica, path));
            lookups.Add(LookUpAsync(replica, path, cancellation));
        }
        ResolvedSources resolved = new();
        foreach (Task<Argument> lookup in lookups)
        {
            Argument argument = await lookup.ConfigureAwait(false);
            resolved.Failures.AddRange(argument.Failures);
            resolved.FilterNotes.AddRange(argument.FilterNotes);
            resolved.UnsafeLinks.AddRange(argument.UnsafeLinks);
            resolved.HidesArguments |= argument.IsHidden;
            if (argument.Missing is not null) resolved.Missing.Add(argument.Missing);
            if (argument.Notice is Notice notice) resolved.Notices.Add(notice);
            if (argument.Contents is Origin contents)
            {
                resolved.Contents.Add(contents);
                resolved.TopStat ??= argument.Stat is FileStat top && options.Chmod is { } chmod
                    ? top with { Mode = chmod.Apply(top.Mode, options.Umask) }
                    : argument.Stat;
            }
            if (argument.List is null) continue;
            argument.List.Files.ChangeModes(options);
            resolved.Lists.Add(argument.List);
        }
        return resolved;
    }

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

        public bool IsHidden { get; set; }
    }

    private async Task<Argument> LookUpAsync(IReplica replica, SourcePath path, CancellationToken cancellation)
    {
        Argument argument = new();
        RelativePath name = path.IsContents ? RelativePath.Root : RelativePath.Root.Join(path.Name);
        bool changesDirectory = path.IsContents;
        try
        {
            FileStat? found = await replica.StatAsync(name, followLink: path.IsContents || options.CopyLinks, cancellation).ConfigureAwait(false);
            if (found is null && !path.IsContents && await replica.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false) is null)
            {
                // The directory that was to hold the entry is missing: nobody knows what it would have held.
                changesDirectory = true;
                name = RelativePath.Root;
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
            argument.Failures.Add(new ScanFailure(
                OnSource: true, replica.FullPath(RelativePath.Root), failure, IsArgument: true, HidesEntries: true));
        }
    }

    private async Task TakeEntryAsync(
        Argument argument, IReplica replica, RelativePath path, byte[] name, FileStat stat, CancellationToken cancellation)
    {
        FileList list = new();
        byte[] target = stat.IsSymlink && options.NeedsLinkTargets ? await replica.ReadLinkAsync(path, cancellation).ConfigureAwait(false) : [];
        list.Add(name, stat, target);
        argument.UnsafeLinks.AddRange(await lister.FollowAsync(replica, list, cancellation).ConfigureAwait(false));
        foreach (ListProblem problem in list.Problems) argument.Failures.Add(new ScanFailure(OnSource: true, replica.FullPath(path), problem.Failure));
        if (list.Count == 0) return;
        stat = list.Entries[0].Stat;
        if (stat.IsDirectory && !options.Recursive && !options.Dirs)
        {
            argument.Notice = new Notice(NoticeKind.SkippedDirectory, path, FileType.Directory);
            return;
        }
        argument.IsHidden = lister.IsHidden(replica, name, stat.IsDirectory, argument.FilterNotes);
        if (argument.IsHidden) return;
        argument.List = new SourceList(list, new Origin(replica, RelativePath.Root, lister.Above));
    }
}
