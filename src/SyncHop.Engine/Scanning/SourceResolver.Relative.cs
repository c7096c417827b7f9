using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;

namespace SyncHop.Engine.Scanning;

// The arguments of --relative: one selection for each directory to work in.
internal sealed partial class SourceResolver
{
    /// <summary>What has names below it must be a directory, or nothing can be done.</summary>
    private async Task VerifyDirectoryAsync(byte[] typed, CancellationToken cancellation)
    {
        IReplica directory = Open(typed is [] ? "."u8.ToArray() : typed, isTop: true);
        string? reason = null;
        try
        {
            FileStat? stat = await directory.StatAsync(RelativePath.Root, followLink: true, cancellation).ConfigureAwait(false);
            if (stat is not { IsDirectory: true }) reason = stat is null ? "No such file or directory (2)" : "Not a directory (20)";
        }
        catch (ReplicaException failure)
        {
            reason = failure.Reason;
        }
        if (reason is not null)
            throw new SyncException(ExitCode.FileSelection, "synchop: [sender] change_dir", directory.FullPath(RelativePath.Root), reason);
    }

    private async Task SelectAsync(IEnumerable<RelativeSource> arguments, ResolvedSources resolved, CancellationToken cancellation)
    {
        Dictionary<IReplica, SelectionResolver> selections = [];
        resolved.ShowsRoot = true;
        foreach (RelativeSource[] sources in arguments.Chunk(LookupsAtOnce))
        {
            Task<Argument>?[] contents = new Task<Argument>?[sources.Length];
            Task<SelectionResolver.Finding>?[] entries = new Task<SelectionResolver.Finding>?[sources.Length];
            for (int i = 0; i < sources.Length; i++)
            {
                IReplica root = Open(sources[i].Root, isTop: true);
                if (!selections.TryGetValue(root, out SelectionResolver? selection)) selections.Add(root, selection = new(options, lister, root, wayHost));
                if (sources[i].Path.IsRoot) contents[i] = LookUpAsync(root, new SourcePath(sources[i].Root, []), cancellation);
                else entries[i] = selection.FindAsync(sources[i], cancellation);
            }
            for (int i = 0; i < sources.Length; i++)
            {
                resolved.ShowsRoot &= sources[i].IsAbsolute;
                if (contents[i] is { } lookup) Take(await lookup.ConfigureAwait(false), resolved);
                else await TakeAsync(sources[i], await entries[i]!.ConfigureAwait(false), selections[Open(sources[i].Root, isTop: true)], resolved, cancellation).ConfigureAwait(false);
            }
        }
        foreach ((IReplica root, SelectionResolver selection) in selections)
        {
            byte[] typed = _opened.Find(known => known.Replica == root).Root;
            foreach (IReplica opened in selection.Opened) _opened.Add((opened, typed, IsTop: false));
            if (selection.Selection.TotalCount == 0) continue;
            Origin directory = new(root, RelativePath.Root, lister.Above, selection.Selection);
            resolved.Lists.Add(new SourceList(selection.Selection.ToList(), directory));
        }
    }

    private async Task TakeAsync(
        RelativeSource source, SelectionResolver.Finding finding, SelectionResolver selection, ResolvedSources resolved, CancellationToken cancellation)
    {
        bool sendsRoot = source.SendsRoot && options.ImpliedDirs, transfersDirectories = options.Recursive || options.Dirs;
        if (sendsRoot && !transfersDirectories && !resolved.Notices.Exists(notice => notice.Path.IsRoot))
            resolved.Notices.Add(new Notice(NoticeKind.SkippedDirectory, RelativePath.Root, FileType.Directory));
        if (finding.Failure is not null) resolved.Failures.Add(finding.Failure);
        if (finding.Notice is { } notice) resolved.Notices.Add(notice);
        resolved.FilterNotes.AddRange(finding.FilterNotes);
        resolved.UnsafeLinks.AddRange(finding.UnsafeLinks);
        selection.Add(source, finding);
        // Also where what is below it cannot be sent.
        if (!sendsRoot || !transfersDirectories || await selection.FindRootStatAsync(cancellation).ConfigureAwait(false) is not FileStat top) return;
        resolved.SendsTop = true;
        resolved.TopStat ??= Changed(top);
    }
}
