using System.Diagnostics;
using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution;
using SyncHop.Engine.Execution.Delta;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Filters;
using SyncHop.Engine.Identities;
using SyncHop.Engine.Links;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine;

/// <summary>
/// One run: sources and destination are looked up, both trees are walked side by side, each directory is planned and the
/// plan carried out or, in a dry run, only told.
/// </summary>
public sealed class Synchronizer
{
    // Each listing is a chain of replies; with fewer at once a server on a fast link waits for us between them.
    private const int DirectoriesAtOnce = 256;
    private const int LocalItemsAtOnce = 8;

    // A small file that is sent takes three round trips and is open in two of them: enough to fill a channel's window (2 MiB) with files of
    // 4 KiB. What is fetched has larger windows of our own. More would only be more to remember.
    private const int FarFilesOfChannel = 1024;
    private const int FarFilesAtOnce = 2048;

    // On short links more would only be more to remember.
    private const int NearFilesAtOnce = 384;

    // Without --delete only directories that stand in the way of something else are looked into.
    private const int SubtreesAtOnce = 16;

    private readonly SyncRequest _request;
    private readonly SyncOptions _options;
    private readonly IOutput _output;
    private readonly NameEscaper _escaper;
    private readonly Problems _problems;
    private readonly Statistics _statistics;
    private readonly SourceNames _sourceNames;
    private readonly SourceLister _sources;
    private readonly OwnerMap _owners;
    private readonly ExtendedLoader _extended;
    private readonly AttributeComparison _attributes;
    private readonly Report _report;
    private long _listed;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <param name="request">What is to be synchronized.</param>
    /// <param name="output">Where text goes.</param>
    public Synchronizer(SyncRequest request, IOutput output)
    {
        _request = request;
        _options = request.Options.ListOnly ? request.Options with { Dirs = true } : request.Options;
        // SFTP has whole seconds: nanoseconds can only be compared where both sides are here.
        if (_options.ModifyWindow < 0 && !(request.SourceHost.Traits.IsLocal && request.DestinationHost.Traits.IsLocal))
            _options = _options with { ModifyWindow = 0 };
        _output = output;
        _escaper = new NameEscaper(_options.Utf8Locale, _options.EightBitOutput);
        _problems = new Problems(output, _escaper) { Pulls = !request.SourceHost.Traits.IsLocal && request.DestinationHost.Traits.IsLocal };
        _statistics = new Statistics(request.Resumption?.Counted);
        request.Resumption?.Begin(_options, _statistics);
        if (request.Resumption is { IsContinuation: true }) request.Progress?.Restart();
        bool sourceIsRemote = !request.SourceHost.Traits.IsLocal;
        _sourceNames = new SourceNames(sourceIsRemote);
        LinkMunge munge = !_options.MungeLinks ? LinkMunge.None : sourceIsRemote && request.DestinationHost.Traits.IsLocal ? LinkMunge.Add : LinkMunge.Remove;
        _sources = new SourceLister(_options, new LinkFollower(_options, munge));
        _owners = new OwnerMap(_options, request.SourceHost.Identities, request.DestinationHost.Identities);
        _extended = new ExtendedLoader(_options, () => _owners.IsSuperuser);
        _attributes = new AttributeComparison(_options, _owners, request.DestinationHost.Traits, _extended.Destination);
        bool sends = !request.DestinationHost.Traits.IsLocal && !_options.ListOnly;
        _report = new Report(_options, output, _escaper, sends, _attributes, _sourceNames, request.Log, request.Progress);
    }

    /// <summary>What has been done so far.</summary>
    public RunSummary Summary => new()
    {
        Entries = _statistics.Files.Counts,
        Created = _statistics.Created.Counts,
        Deleted = _statistics.Deleted.Counts,
        TransferredFiles = _statistics.Transferred,
        TransferredBytes = _statistics.TransferredSize,
        TotalBytes = _statistics.TotalSize,
        LiteralBytes = _statistics.Literal,
        MatchedBytes = _statistics.Matched,
        SignatureBytes = _statistics.Signatures,
        Wire = _request.WireBytes?.Invoke() ?? default,
    };

    /// <summary>Runs to the end.</summary>
    /// <param name="cancellation">Ends the run early; temporary files are removed.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="ReplicaLostException">A connection was lost.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public async Task<ExitCode> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await SynchronizeAsync(cancellation).ConfigureAwait(false);
            return _problems.ExitCode;
        }
        catch (SyncException failure)
        {
            _report.Drain();
            LineBuilder line = new LineBuilder(_escaper).Text(failure.Message);
            string quote = failure.IsQuoted ? "\"" : "";
            if (failure.Path is not null) line.Text(" " + quote).Bytes(failure.Path).Text($"{quote}{(failure.Reason.Length > 0 ? ErrorWords.Between(failure.Message) + failure.Reason : "")}");
            _output.WriteProblem(line.ToLine(), new Problem(Severity.Error) { Path = failure.Path, Reason = failure.Reason.Length > 0 ? failure.Reason : null });
            return failure.Code;
        }
        catch (FilterException failure)
        {
            _report.Drain();
            _output.WriteProblem(new LineBuilder(_escaper).Text(failure.IsNamed ? $"synchop: {failure.Message}" : failure.Message).ToLine(), new Problem(Severity.Error));
            return failure.Code;
        }
    }

    /// <summary>Tells what was done until the run was ended, where its end would have been told.</summary>
    public void TellInterrupted()
    {
        if (_options.Info(InfoFlag.Stats) > 0) WriteSummary();
    }

    private async Task SynchronizeAsync(CancellationToken cancellation)
    {
        if (_request.Resumption is not { IsContinuation: true }) _report.Start(receives: !_request.SourceHost.Traits.IsLocal && _request.DestinationHost.Traits.IsLocal || _options.ListOnly && _sourceNames.IsRemote);
        if (_options.OneFileSystem > 0 && !(_request.SourceHost.Traits.TellsFileSystems && (_request.DestinationHost.Traits.TellsFileSystems || !_options.EmptiesDirectories)))
            _problems.Warn("--one-file-system: the SFTP server has no statvfs@openssh.com; on its side all file systems count as one");
        if (_options.Checksum && !_options.ListOnly && _options.Info(InfoFlag.Misc) > 0 && !(_request.SourceHost.Traits.IsLocal && _request.DestinationHost.Traits.IsLocal))
            _problems.Warn("--checksum: SFTP cannot sum contents; files of the same size are read from the other host and compared here");
        if (_options.Fsync && !_request.DestinationHost.Traits.CanFlush && !_options.DryRun)
            _problems.Warn("--fsync: the SFTP server has no fsync@openssh.com; files are not flushed");
        if (_options.Preallocate && !_request.DestinationHost.Traits.CanAllocate && !_options.DryRun)
            _problems.Warn("--preallocate: SFTP cannot allocate; files grow as they are written");
        SourceResolver resolver = new(_options, _sources, _request.SourceHost, _request.WayHost ?? _request.SourceHost);
        DestinationResolver destinations = new(_options, _request.DestinationHost);
        byte[]? typed = _options.ListOnly ? null : _request.Destination;
        Task<(IReplica Replica, FileStat? Stat)>? lookUp = typed is null ? null : destinations.LookUpAsync(typed, cancellation);
        if (typed is not null) _owners.Load(cancellation);
        IReadOnlyList<byte[]> paths = await SourceGlob.ExpandAsync(_request.SourceHost, _request.Sources, cancellation).ConfigureAwait(false);
        ResolvedSources sources = await resolver.ResolveAsync(paths, _request.Names, cancellation).ConfigureAwait(false);
        foreach ((IReplica replica, byte[] root, bool isTop) in resolver.Opened) _sourceNames.Add(replica, root, isTop);
        _sourceNames.ShowsRoot = sources.ShowsRoot && (!_sourceNames.IsRemote || !_request.DestinationHost.Traits.IsLocal);
        foreach (ScanFailure failure in sources.Failures) ReportScan(failure);
        foreach (UnsafeLink link in sources.UnsafeLinks) _report.FollowedLink(link);
        foreach (FilterNote note in sources.FilterNotes) _report.FilterDecision(note);
        foreach (Notice notice in sources.Notices) NoticeReporter.Add(notice, _report, _problems);

        if (typed is not null) await _owners.LoadRulesAsync((text, name) => _problems.Notice(text, name), cancellation).ConfigureAwait(false);
        ResolvedDestination? destination = null;
        if (lookUp is not null)
        {
            (IReplica replica, FileStat? stat) = await lookUp.ConfigureAwait(false);
            // Into a directory that is there anything goes; otherwise it matters whether it is one entry.
            int entries = stat is { IsDirectory: true } ? sources.Count : await CountEntriesAsync(sources, cancellation).ConfigureAwait(false);
            // As rsync's receiver, which is told of nothing when there is nothing, while a sender tells the other side in any case.
            if (entries > 0 || _request.SourceHost.Traits.IsLocal || !_request.DestinationHost.Traits.IsLocal)
                destination = await destinations.ResolveAsync(typed!, replica, stat, sources, entries, _report, cancellation).ConfigureAwait(false);
        }
        using AlternateTrees alternates = await AlternateTrees.OpenAsync(_options, destination, _report, _problems, cancellation).ConfigureAwait(false);
        if (!_options.ListOnly) _report.Detail(DebugFlag.Flist, DeltaTransfer.Describe(_request));
        if (destination is not null || (_options.ListOnly && sources.Count > 0))
            await WalkAsync(sources, destination, alternates, cancellation).ConfigureAwait(false);
        _report.EndOfList();
        if (!_options.ListOnly) _report.Detail(DebugFlag.Deltasum, $"total: matches={_statistics.Matches}  hash_hits={_statistics.Matches}  false_alarms=0 data={_statistics.Literal}");
        WriteSummary();
        foreach ((IReplica replica, _, _) in resolver.Opened) replica.Dispose();
        destination?.Replica.Dispose();
    }

    private async Task WalkAsync(ResolvedSources sources, ResolvedDestination? destination, AlternateTrees alternates, CancellationToken cancellation)
    {
        bool local = _request.SourceHost.Traits.IsLocal && _request.DestinationHost.Traits.IsLocal;
        int openFiles = Math.Min(_request.SourceHost.Traits.OpenFiles, _request.DestinationHost.Traits.OpenFiles);
        // A dry run opens nothing but directories.
        int directoriesAtOnce = local ? Math.Max(2, Environment.ProcessorCount) : Math.Clamp(openFiles / (_options.DryRun ? 4 : 8), 1, DirectoriesAtOnce);
        int subtreesAtOnce = _options.Delete ? directoriesAtOnce : Math.Min(directoriesAtOnce, SubtreesAtOnce);
        IReplica there = destination?.Replica ?? (sources.Contents.Count > 0 ? sources.Contents[0] : sources.Lists[0].Directory).Replica;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using SubtreeLister subtrees = new(_options.OneFileSystem > 0, _options.TellsFilterDecisions, subtreesAtOnce);
        BufferBudget buffers = new(_options.BufferBytes);
        _request.Progress?.Watch(buffers);
        using ContentComparison contents = new(buffers);
        // Every backup would be renamed over the file itself, which would then be gone.
        if (alternates.Backups is { } backupRoot && _options.BackupSuffix.Length == 0 && await SamePlace.IsAsync(backupRoot, there, stop.Token).ConfigureAwait(false))
            throw new SyncException(ExitCode.Usage, "synchop: --suffix cannot be empty when --backup-dir is the same as the dest dir");
        BasisLister basis = new(alternates.Basis, _options.Links);
        NodeLoader loader = new(_options, _sources, there, _owners, subtrees, contents, basis, _extended, directoriesAtOnce, _request.Resumption);
        DirectoryNode top = await MakeTopAsync(sources, destination, loader, basis, stop.Token).ConfigureAwait(false);
        TreeScanner scanner = new(top, loader, directoriesAtOnce, stop.Token);
        if (_options.ListOnly)
        {
            await ListAsync(scanner).ConfigureAwait(false);
            return;
        }
        DirectoryPlanner planner = new(
            _options, _attributes, _request.DestinationHost.Traits, _owners.IsSuperuser, _report.ShowsUnchanged, _request.Resumption);
        FileCopier copier = new(
            _request.SourceHost, _request.DestinationHost, buffers,
            local && _options.BandwidthLimit > 0 ? new RateLimit(_options.BandwidthLimit) : null);
        // Listings, the look below extraneous directories and comparisons of contents take their share of the handles.
        int openForScan = (directoriesAtOnce * (1 + alternates.Basis.Count)) + subtreesAtOnce + (_options.Checksum ? ContentComparison.FilesAtOnce : 0);
        bool isFar = _request.SourceHost.Traits.IsFar || _request.DestinationHost.Traits.IsFar;
        int mostFiles = Math.Max(1, openFiles - openForScan);
        OpenFiles files = new(() => local ? LocalItemsAtOnce : Math.Min(mostFiles, isFar ? FarFiles() : NearFilesAtOnce));
        int itemsAtOnce = local ? LocalItemsAtOnce : Math.Min(mostFiles, isFar ? FarFilesAtOnce : NearFilesAtOnce) * 5 / 4;
        if (_options.DryRun)
        {
            await RunPlansAsync(scanner, loader, planner, new DryRunner(_report, _problems, _statistics, stop.Token), stop.Token).ConfigureAwait(false);
            return;
        }
        using DeltaTransfer delta = new(_request, there, buffers, _report, _statistics);
        BackupKeeper? backups = _options.Backup ? new BackupKeeper(
            _options, there, alternates.Backups, copier, _options.KeepsExtended ? _extended.Destination : null, _report, _problems, _request.Resumption) : null;
        using Executor executor = new(there, _options, backups, copier, delta, alternates.Temporaries, alternates.Partials, itemsAtOnce, files, _report, _problems, _statistics, _request.Resumption, BytesOnWire, stop.Token);
        try
        {
            await executor.PrepareAsync().ConfigureAwait(false);
            await RunPlansAsync(scanner, loader, planner, executor, stop.Token).ConfigureAwait(false);
            if (_request.Resumption is { } resumption) await resumption.RemoveRestAsync(there).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (failure is ReplicaLostException) _request.Resumption?.NoteLoss();
            await stop.CancelAsync().ConfigureAwait(false);
            await executor.AbandonAsync().ConfigureAwait(false);
            _report.Drain();
            throw;
        }
    }

    private int FarFiles() => _request.DestinationHost.Traits is { IsLocal: false, Connections: var channels }
        ? Math.Min(FarFilesAtOnce, FarFilesOfChannel * channels)
        : FarFilesAtOnce;

    private Task RunPlansAsync(TreeScanner scanner, NodeLoader loader, DirectoryPlanner planner, IPlanRunner runner, CancellationToken cancellation) =>
        new PlanFeeder(_options, planner, runner, _report, _problems, node => loader.LookAgainAsync(node, cancellation), ReportFindings).RunAsync(scanner, CountAndReport);

    private async Task ListAsync(TreeScanner scanner)
    {
        ListingLines lines = new(_options, _report);
        while (await scanner.NextAsync().ConfigureAwait(false) is { } node)
        {
            CountAndReport(node);
            if (node.IsItem) lines.Add(node.Path, node.Stat, []);
            foreach (ref readonly FileList.Entry entry in node.Source.Entries)
            {
                if (!entry.IsDirectory) lines.Add(node.Path.Join(node.Source.NameOf(entry)), entry.Stat, node.Source.TargetOf(entry));
            }
            node.Release();
        }
    }

    private void CountAndReport(DirectoryNode node)
    {
        foreach (UnsafeLink link in node.UnsafeLinks) _report.FollowedLink(link);
        ReportFindings(node);
        bool unknownLinks = _options is { HardLinks: true, ListOnly: false } && !_request.SourceHost.Traits.IsLocal;
        // Those on the way are in rsync's list all the same.
        if (node.IsItem || node.IsWay) _statistics.CountSource(node.Stat);
        foreach (FileStat duplicate in node.Duplicates) _statistics.CountSource(duplicate);
        int files = 0;
        // rsync has them in its list, and takes them for files, or for special files where they come from another host.
        FileStat missing = new() { Mode = FileStat.TypeBits(_request.SourceHost.Traits.IsLocal ? FileType.Regular : FileType.Fifo) };
        foreach (byte[] _ in node.MissingArguments) _statistics.CountSource(missing);
        foreach (ref readonly FileList.Entry entry in node.Source.Entries)
        {
            if (entry.IsDirectory) continue;
            files++;
            _statistics.CountSource(entry.Stat);
            if (unknownLinks && entry.Stat is { IsRegular: true, LinkCount: not 1 }) ReportUnknownLinks(node.Path.Join(node.Source.NameOf(entry)));
        }
        // In a whole list a directory stands before what is in it. Otherwise the top is an entry of its own list, and others of the list of the one above.
        bool whole = !_options.ListsIncrementally;
        int self = (node.Parent is null || whole) && (node.IsItem || node.IsWay) ? 1 : 0;
        node.FirstIndex = _listed + self;
        int entries = self + (whole ? files + node.Duplicates.Count : node.Source.Count);
        _listed += entries;
        _report.Listed = _listed;
        _report.Meter?.CountListed(entries, _statistics.TotalSize);
        _report.Progress?.CountListed(node, entries);
    }

    private void ReportFindings(DirectoryNode node)
    {
        foreach (FilterNote note in node.FilterNotes)
        {
            // Where nothing is deleted after an error, rsync does not ask what is protected.
            if (note.Side == FilterSides.Sender || _options.IgnoreErrors || !_problems.ScanFailed) _report.FilterDecision(note);
        }
        foreach (ScanFailure failure in node.Failures) ReportScan(failure);
    }

    private void ReportUnknownLinks(RelativePath path) => _problems.FailedOnce(
        "--hard-links: SFTP does not tell which names are those of one file; each becomes a file of its own, as does", path.Bytes);

    private void ReportScan(ScanFailure failure)
    {
        if (failure.OnSource && failure.Failure.Error == ReplicaError.NotFound && !failure.IsArgument)
        {
            _problems.Vanished(failure.FullPath);
            return;
        }
        if (failure.Failure.Operation == LinkFollower.NoReferent)
        {
            _problems.ScanIncomplete();
            _problems.Failed(LinkFollower.NoReferent + ": \"", failure.FullPath, "\"");
            return;
        }
        // A named entry that is not there hides nothing that could be deleted by mistake; a missing directory does.
        if (failure.OnSource && (failure.HidesEntries || failure.Failure.Error != ReplicaError.NotFound)) _problems.ScanIncomplete();
        _problems.Failed(failure.OnSource ? "sender" : "generator", failure.Failure.Operation, failure.FullPath, failure.Failure);
    }

    /// <summary>How many entries the transfer has, as far as it matters to the destination: none, one, or more.</summary>
    private async Task<int> CountEntriesAsync(ResolvedSources sources, CancellationToken cancellation)
    {
        int count = sources.Count;
        if (count != 1 || !_options.Recursive || sources.Lists is not [{ Files: { Count: 1 } files, Directory: var directory }]) return count;
        if (!files.Entries[0].IsDirectory) return count;
        if (directory.Below(files.NameOf(files.Entries[0])).LastOrDefault() is not { Replica: not null, Selection: null } inside) return count;
        try
        {
            SourceList list = await _sources.ListAsync(inside, inside.Path, [], cancellation).ConfigureAwait(false);
            return count + list.Files.Count;
        }
        catch (ReplicaException)
        {
            // The walk lists it again and reports it.
            return count;
        }
    }

    private async Task<DirectoryNode> MakeTopAsync(
        ResolvedSources sources, ResolvedDestination? destination, NodeLoader loader, BasisLister basis, CancellationToken cancellation)
    {
        bool isWhole = sources.Contents.Count > 0, isItem = isWhole || sources.SendsTop;
        FileStat stat = sources.TopStat ?? default;
        FileStat? there = destination?.RootStat;
        try
        {
            if (isWhole) stat = await _extended.OfSourceAsync(stat, sources.Contents[0], cancellation).ConfigureAwait(false);
            if (isItem && there is { IsDirectory: true } root)
                there = await _extended.OfDestinationAsync(root, destination!.Replica, RelativePath.Root, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            ReportScan(new ScanFailure(OnSource: isWhole, (isWhole ? sources.Contents[0].Replica : destination!.Replica).FullPath(RelativePath.Root), failure));
        }
        DirectoryNode top = new()
        {
            Parent = null,
            Index = 0,
            Path = RelativePath.Root,
            DestinationPath = RelativePath.Root,
            Origins = sources.Contents,
            Stat = stat,
            DestinationStat = there,
            IsItem = isItem,
            IsNamed = isWhole,
            WasCreated = isItem && destination is { IsNew: true },
            RenamedTo = destination?.RenamedTo,
            MissingArguments = [.. sources.Missing, .. sources.Lists.SelectMany(list => list.Directory.Selection?.Missing ?? [])],
            Basis = await basis.TopAsync(cancellation).ConfigureAwait(false),
        };
        top.Basis = await basis.ListAsync(top, cancellation).ConfigureAwait(false);
        for (int i = 1; i < sources.Contents.Count; i++) top.Duplicates.Add(top.Stat);
        foreach (SourceList list in sources.Lists) top.Duplicates.AddRange(list.Directory.Selection?.Duplicates ?? []);
        FileList? existing = null;
        if (destination is { IsNew: false } && !_options.ListOnly && top.ExistsOnDestination)
        {
            existing = isWhole
                ? await loader.ListDestinationAsync(top, cancellation).ConfigureAwait(false)
                : await new EntryLookup(destination.Replica, _options.Links, ReportScan).FindAsync(
                    RelativePath.Root,
                    sources.Lists.SelectMany(NamesOf).Concat(top.MissingArguments)
                        .Select(name => destination.RenamedTo ?? name),
                    cancellation).ConfigureAwait(false);
        }
        await loader.CompleteTopAsync(top, sources.Lists, existing, cancellation).ConfigureAwait(false);
        return top;
    }

    private static IEnumerable<byte[]> NamesOf(SourceList list)
    {
        for (int i = 0; i < list.Files.Count; i++) yield return list.Files.NameOf(list.Files.Entries[i]).ToArray();
    }

    private long BytesOnWire() => _request.WireBytes?.Invoke() is WireBytes wire ? wire.Sent + wire.Received : 0;

    private void WriteSummary()
    {
        WireBytes wire = _request.WireBytes?.Invoke() ?? new WireBytes(_statistics.Literal, 0);
        bool receives = !_request.SourceHost.Traits.IsLocal && _request.DestinationHost.Traits.IsLocal;
        bool isLogged = !receives || _problems.ExitCode == ExitCode.Ok;
        new Summary(_options, _statistics).Write(_report, wire, Stopwatch.GetElapsedTime(_started), isLogged);
    }
}
