using System.Globalization;
using System.Text;
using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;
using SyncHop.Engine.Hashing;
using SyncHop.Engine.Links;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting.Json;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Reporting;

/// <summary>Says what a run does, in rsync's words and order: items and notices to standard output.</summary>
internal sealed class Report
{
    private readonly SyncOptions _options;
    private readonly NameEscaper _escaper;
    private readonly OrderedLines _lines;
    private readonly OutFormat? _format;
    private readonly OutFormat? _logFormat;
    private readonly bool _logs;
    private readonly JsonItems? _json;
    private readonly bool _sends;
    private readonly AttributeComparison _attributes;
    private readonly SourceNames _sourceNames;
    private OrderedLines.Place? _listEnd;
    private bool _receives; // rsync tells a receiver on another host, and a local one, of -v and not of --info=symsafe

    /// <param name="options">The run's options.</param>
    /// <param name="output">Where text goes.</param>
    /// <param name="escaper">How names are shown.</param>
    /// <param name="sends">Whether content goes to another host.</param>
    /// <param name="attributes">Says which times are kept.</param>
    /// <param name="sourceNames">The names of sources as typed.</param>
    /// <param name="log">Where the lines of <c>--log-file</c> go; null for none.</param>
    /// <param name="progress">Counts how far the run is; null when nobody looks.</param>
    public Report(
        SyncOptions options, IOutput output, NameEscaper escaper, bool sends, AttributeComparison attributes, SourceNames sourceNames,
        Action<ReadOnlyMemory<byte>>? log = null, RunProgress? progress = null)
    {
        _json = options.Json ? new JsonItems(options.DryRun) : null;
        Progress = progress;
        _options = options;
        _escaper = escaper;
        _lines = new OrderedLines(output, log, options.Quiet && !options.Json);
        _sends = sends;
        _attributes = attributes;
        _sourceNames = sourceNames;
        bool names = options.Info(InfoFlag.Name) > 0;
        ReadOnlySpan<byte> format = options.OutFormat ?? (options.ItemizeChanges > 0 ? "%i %n%L"u8 : names ? "%n%L"u8 : default);
        _logs = log is not null;
        // An empty format means empty lines. With --quiet it still says what the log tells.
        if ((!format.IsEmpty || options.OutFormat is not null) && (!options.Quiet || _logs)) _format = new OutFormat(format);
        ReadOnlySpan<byte> logged = options.LogFileFormat ?? "%i %n%L"u8;
        if (_logs && !logged.IsEmpty) _logFormat = new OutFormat(logged);
        int shown = options.DryRun && options.Info(InfoFlag.Progress) < 2 ? 0 : options.Info(InfoFlag.Progress);
        if (shown > 0 && !options.Quiet && !options.ListOnly && !options.Json) Meter = new ProgressMeter(shown > 1, options.HumanReadable);
    }

    /// <summary>Whether unchanged entries get a line too.</summary>
    public bool ShowsUnchanged => ShowsChanges && (_options.ItemizeChanges > 1 || _options.Info(InfoFlag.Name) > 1);

    /// <summary>Whether an item's line needs the outcome of its transfer.</summary>
    public bool NeedsTransferResult => _format is { NeedsTransferResult: true } || _logFormat is { NeedsTransferResult: true } || Meter is not null || _json is not null;

    /// <summary>Counts for <c>--progress</c>; null when no progress is shown.</summary>
    public ProgressMeter? Meter { get; }

    /// <summary>Counts how far the run is; null when nobody looks.</summary>
    public RunProgress? Progress { get; }

    /// <summary>Whether, before anything is done, it is told how many entries there are (<c>--info=flist2</c>, and no incremental list).</summary>
    public bool CountsList => _options is { ListsIncrementally: false, Quiet: false, Json: false } && (_options.Recursive || _options.Dirs) && _options.Info(InfoFlag.Flist) > 1;

    /// <summary>How many entries of the source's file list are known.</summary>
    public long Listed { get; set; }

    /// <summary>Whether entries are listed ahead of the work, so that what is shown of the whole is soon right.</summary>
    public bool LooksAhead => Meter is not null || Progress is not null;

    /// <summary>Notes that nothing will be added to the file list.</summary>
    public void EndOfList()
    {
        Meter?.EndOfList();
        Progress?.EndOfList();
        if (_listEnd is null) return;
        StringBuilder counts = new(_receives || Listed == 0 ? "" : "\n 0 files...\r");
        for (long count = 100; count <= Listed && !_receives; count += 100) counts.Append(CultureInfo.InvariantCulture, $" {count} files...\r");
        byte[] total = NewLine().Text($"{Listed} files to consider").ToLine();
        _lines.Settle(_listEnd, ReportLine.Of([.. Encoding.ASCII.GetBytes(counts.ToString()), .. ReportLine.Split(total).Text.Span], total));
    }

    /// <summary>A source file whose reads are counted, and shown where progress is asked for.</summary>
    public ISourceFile Watch(ISourceFile source, PlanItem item, OrderedLines.Place place)
    {
        if (Progress is not null) source = new CountedSource(source, item, Progress);
        if (Meter is null) return source;
        // What is only known at the end comes behind the progress; before it rsync then has the name alone.
        bool lineIsLast = _format is { NeedsTransferResult: true };
        byte[]? head = !lineIsLast ? ItemLine(item) : _options.Info(InfoFlag.Name) > 0 ? NewLine().Bytes(NameOf(item)).ToLine() : null;
        return new WatchedSource(source, item, place, head, lineIsLast, _lines, Meter);
    }

    /// <summary>Whether it is told that a file has to be sent a second time.</summary>
    public bool TellsSecondTries => ShowsChanges || _options.Info(InfoFlag.Name) > 0;

    private bool ShowsChanges => _json is not null || _format is { ShowsChanges: true };

    /// <summary>The opening line, where rsync has one.</summary>
    public void Start(bool receives)
    {
        _receives = receives;
        LogLine(receives ? "receiving file list" : "building file list");
        if (_options.Info(InfoFlag.Flist) < 1) return;
        string? text = null;
        if (_options.ListsIncrementally) text = receives ? "receiving incremental file list" : "sending incremental file list";
        else if (_options.Recursive || _options.Dirs) text = receives ? "receiving file list ... done" : "building file list ... done";
        if (text is null) return;
        if (CountsList)
        {
            _lines.ShowStatus(Encoding.ASCII.GetBytes(text[..^"done".Length]), endsLine: true);
            _listEnd = _lines.Reserve();
            return;
        }
        byte[]? logged = text.EndsWith(" done", StringComparison.Ordinal) ? NewLine().Text("done").ToLine() : null;
        _lines.Add(ReportLine.Of(NewLine().Text(text).ToLine(), logged)!);
    }

    /// <summary><c>created directory x</c>.</summary>
    public void CreatedDirectory(ReadOnlySpan<byte> typed)
    {
        // rsync does not tell a receiver on another host of --progress.
        SyncOptions receiver = _sends ? _options with { Progress = false } : _options;
        if (receiver.Info(InfoFlag.Name) < 1 && !ShowsChanges) return;
        while (typed.Length > 1 && typed[^1] == '/') typed = typed[..^1];
        _lines.Add(NewLine().Text("created directory ").Bytes(typed).ToLine());
    }

    /// <summary><c>created 2 directories for x/y</c>.</summary>
    public void CreatedDirectories(int count, ReadOnlySpan<byte> typed)
    {
        if (count == 0 || (_options.Info(InfoFlag.Name) < 1 && !ShowsChanges)) return;
        while (typed.Length > 1 && typed[^1] == '/') typed = typed[..^1];
        _lines.Add(NewLine().Text($"created {count} director{(count == 1 ? "y" : "ies")} for ").Bytes(typed).ToLine());
    }

    /// <summary><c>backup_dir is x</c>.</summary>
    public void BackupDirectory(ReadOnlySpan<byte> typed, bool isNew)
    {
        if (_options.Info(InfoFlag.Backup) < 1) return;
        while (typed.Length > 1 && typed[^1] == '/') typed = typed[..^1];
        _lines.Add(NewLine().Text(isNew ? "(new) backup_dir is " : "backup_dir is ").Bytes(typed).ToLine());
    }

    /// <summary>What <c>-vv</c> or <c>--debug</c> has said about the transfer as a whole.</summary>
    public void Detail(DebugFlag flag, string text)
    {
        if (_options.Debug(flag) > 0) Line(text);
    }

    /// <summary><c>deleting in x</c>.</summary>
    public void DeletingIn(RelativePath path)
    {
        // rsync tells a receiver on another host of -vv and not of --debug=del.
        SyncOptions receiver = _sends ? _options with { DebugLevels = _options.DebugLevels.Clear() } : _options;
        if (receiver.Debug(DebugFlag.Del) > 0) _lines.Add(NewLine().Text("deleting in ").Bytes(path.IsRoot ? "."u8 : path.Bytes).ToLine());
    }

    /// <summary>What a filter rule decided: <c>[sender] hiding file x because of pattern y</c>.</summary>
    public void FilterDecision(FilterNote note)
    {
        FilterRule rule = note.Decision.Rule;
        string role = note.Side == FilterSides.Sender ? "sender" : "generator";
        string action = (note.Side, rule.Includes) switch
        {
            (FilterSides.Sender, true) => "showing",
            (FilterSides.Sender, false) => "hiding",
            (_, true) => "risking",
            (_, false) => "protecting",
        };
        LineBuilder line = NewLine().Text($"[{role}] {action} {(note.IsDirectory ? "directory" : "file")} ").Bytes(note.Path.Bytes)
            .Text(" because of pattern ").Bytes(rule.Text);
        if (note.Decision.Place is CvsRules) line.Text(" [global CVS]");
        else if (note.Decision.Place is DirectoryMerge merge) line.Text(" [per-dir ").Bytes(merge.Text).Text("]");
        _lines.Add(line.ToLine());
    }

    /// <summary>Says that what a symlink leads to is copied because it is unsafe.</summary>
    public void FollowedLink(UnsafeLink link)
    {
        if (_options.Info(InfoFlag.Symsafe) > 0) _lines.Add(LinkLine("copying", link.Path.Bytes, link.Target));
    }

    private byte[] LinkLine(string what, ReadOnlySpan<byte> path, ReadOnlySpan<byte> target) =>
        NewLine().Text(what + " unsafe symlink \"").Bytes(path).Text("\" -> \"").Bytes(target).Text("\"").ToLine();

    /// <summary>Says that a file's signature was wrong, and that the file is sent whole.</summary>
    public void DeltaFailed(PlanItem item)
    {
        if (_options.Verbosity >= 1 && !_options.Quiet)
            _lines.Add(NewLine().Bytes(item.Path.Bytes).Text(" is not what its signature says; sending it whole").ToLine());
    }

    /// <summary>The line of a removed entry; null when removals are not shown.</summary>
    public byte[]? DeletionLine(in Deletion deletion) => ReportLine.Of(
        _json is not null ? _json.Removal(deletion) : _options.Info(InfoFlag.Del) < 1 && _format is null ? null : DeletionLine(deletion, _format),
        !_logs || _options.DryRun ? null : DeletionLine(deletion, _logFormat));

    private byte[] DeletionLine(in Deletion deletion, OutFormat? format)
    {
        LineBuilder line = NewLine();
        ReadOnlySpan<byte> path = deletion.Path.Bytes;
        if (format is not { ShowsOperation: true })
        {
            line.Text("deleting ").Bytes(path);
            return (deletion.IsDirectory ? line.Text("/") : line).ToLine();
        }
        format.Format(new OutFormatItem
        {
            Name = path,
            LongName = path,
            IsDirectory = deletion.IsDirectory,
            Stat = new FileStat { Mode = FileStat.TypeBits(deletion.Type) },
            Gid = _options.Group ? 0 : null,
            Changes = ItemizedChanges.Deleted,
            Operation = "del.",
            ChecksumLength = ContentSum.Length(_options.Sum),
        }, line);
        return line.ToLine();
    }

    /// <summary>
    /// <c>cannot delete non-empty directory: x</c>. Below a directory that was to go rsync finds that twice: when it has
    /// emptied the directory as far as it can, and when it tries to remove it, unless <c>--max-delete</c> forbids that.
    /// </summary>
    public byte[]? KeptLine(in Deletion deletion)
    {
        if (!deletion.IsKept) return null;
        byte[] line = Told("cannot delete non-empty directory: ", deletion.Path.Bytes);
        return _json is null && deletion is { ParentGoes: true, IsSkipped: false } ? [.. line, .. line] : line;
    }

    /// <summary>A notice's line on standard output; null when it is not shown.</summary>
    public byte[]? NoticeLine(in Notice notice)
    {
        ReadOnlySpan<byte> path = notice.Path.IsRoot ? "."u8 : notice.Path.Bytes;
        bool skips = _options.Info(InfoFlag.Skip) > 0, unchanged = _options.Info(InfoFlag.Name) > 1 && !ShowsChanges;
        string why = _options.Info(InfoFlag.Skip) > 1 ? $" ({notice.Reason})" : "";
        string kind = notice.Type == FileType.Directory ? "directory" : "file";
        return notice.Kind switch
        {
            NoticeKind.NonRegular when _options.Info(InfoFlag.Nonreg) > 0 => Told("skipping non-regular file \"", path, "\""),
            NoticeKind.UnsafeLink when (_receives ? _options.Info(InfoFlag.Symsafe) : _options.Verbosity) > 0 => LinkLine("ignoring", path, notice.Target),
            NoticeKind.SkippedDirectory => Told("skipping directory ", path),
            NoticeKind.CannotMakeWay => Told("cannot delete non-empty directory: ", path),
            NoticeKind.RemovedToMakeWay => DeletionLine(new Deletion(notice.Path, notice.Type)),
            NoticeKind.UpToDate when unchanged => NewLine().Bytes(path)
                .Text(notice.Type == FileType.Directory ? "/ is uptodate" : " is uptodate").ToLine(),
            NoticeKind.AttributesOnly when unchanged => NewLine().Bytes(path).ToLine(),
            NoticeKind.NotCreated when skips => NewLine().Text($"not creating new {kind} \"").Bytes(path).Text("\"").ToLine(),
            NoticeKind.Exists when skips => NewLine().Bytes(path).Text(" exists" + why).ToLine(),
            NoticeKind.TooLarge when skips => NewLine().Bytes(path).Text(" is over max-size").ToLine(),
            NoticeKind.TooSmall when skips => NewLine().Bytes(path).Text(" is under min-size").ToLine(),
            NoticeKind.Newer when skips => NewLine().Bytes(path).Text(" is newer").ToLine(),
            _ => null,
        };
    }

    /// <summary>Takes the checksum of a content that an item's line shows; null where none is shown.</summary>
    public ContentSum? NewChecksum() => ShowsChecksum ? new ContentSum(_options.Sum) : null;

    private bool ShowsChecksum => _format is { ShowsChecksum: true } || _logFormat is { ShowsChecksum: true };

    /// <summary>Takes the checksum of a file that need not be sent, where an item's line shows it: with <c>--checksum</c> alone, when rsync knows it.</summary>
    public ContentSum? NewChecksumOfUnsent(PlanItem item) => _options.Checksum && ShowsChecksum && item.Source.IsRegular && Shows(item) ? new ContentSum(_options.Sum) : null;

    /// <summary>What stands for the checksum of a file that a dry run would send.</summary>
    public string NotSent => ContentSum.NotSent(_options.Sum);

    /// <summary>An item's line; null when it is not shown.</summary>
    public byte[]? ItemLine(PlanItem item, TransferResult result = default) => ReportLine.Of(
        !Shows(item) ? null : _json is not null ? _json.Item(item, Itemized(item), result) : _format is null ? null : ItemLine(item, result, _format),
        // rsync does not log what a dry run would send.
        _logFormat is null || !Shows(item) || (_options.DryRun && item.Flags.HasFlag(ItemFlags.Transfer)) ? null : ItemLine(item, result, _logFormat));

    private byte[] ItemLine(PlanItem item, TransferResult result, OutFormat format)
    {
        LineBuilder line = NewLine();
        bool isReceived = !_sends && _sourceNames.IsRemote;
        (uint? uid, uint? gid) = isReceived ? _attributes.Received(item.Source) : (_options.Owner ? item.Source.Uid : null, _options.Group ? item.Source.Gid : null);
        ReadOnlySpan<byte> name = NameOf(item);
        format.Format(new OutFormatItem
        {
            Name = name,
            LongName = isReceived ? name : _sourceNames.LongName(item),
            IsDirectory = item.IsDirectory,
            Stat = item.Source,
            Uid = uid,
            Gid = gid,
            Target = item.Action == PlanAction.LinkName ? item.Group!.Path.Bytes : item.Source.IsSymlink ? item.Target : [],
            IsHardLink = item.Action == PlanAction.LinkName,
            Changes = Itemized(item),
            Operation = isReceived ? "recv" : "send",
            Result = result.Checksum is null or "" ? result with { Checksum = item.Sum } : result,
            ChecksumLength = ContentSum.Length(_options.Sum),
        }, line);
        return line.ToLine();
    }

    private ReadOnlySpan<byte> NameOf(PlanItem item) =>
        item.Path.IsRoot ? "."u8 : _sourceNames.ShowsRoot ? (byte[])[(byte)'/', .. item.Path.Bytes] : item.Path.Bytes;

    /// <summary>Writes the last progress of <c>--info=progress2</c>, where that is shown.</summary>
    public void EndProgress()
    {
        if (Meter is { IsTotal: true } meter) _lines.ShowStatus(meter.OfEnd(), endsLine: true);
    }

    /// <summary>Adds a finished line; null adds nothing.</summary>
    public void Add(byte[]? line)
    {
        if (line is not null) _lines.Add(line);
    }

    /// <summary>Reserves the next line for what is still to happen.</summary>
    public OrderedLines.Place Reserve() => _lines.Reserve();

    /// <summary>Fills a reserved line; null leaves it out.</summary>
    public void Settle(OrderedLines.Place place, byte[]? line) => _lines.Settle(place, line);

    /// <summary>Writes the lines still waiting, at the end of an interrupted run.</summary>
    public void Drain() => _lines.Drain();

    /// <summary>Adds a line of plain text.</summary>
    public void Line(string text) => _lines.Add(NewLine().Text(text).ToLine());

    /// <summary>Adds a line of plain text that a program should know of too.</summary>
    public void Warning(string text) => _lines.Add(Told(text, []));

    /// <summary>Adds a line that only the log gets.</summary>
    public void LogLine(string text) => _lines.Add(ReportLine.Of(null, NewLine().Text(text).ToLine())!);

    /// <summary>A new, empty line.</summary>
    public LineBuilder NewLine() => new(_escaper, _logs, onlyLogs: _json is not null);

    /// <summary>A line about an entry that is told to programs as well.</summary>
    private byte[] Told(string before, ReadOnlySpan<byte> path, string after = "")
    {
        byte[] line = new LineBuilder(_escaper, _logs).Text(before).Bytes(path).Text(after).ToLine();
        if (_json is null) return line;
        (ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> logged) = ReportLine.Split(line);
        Problem problem = new(Severity.Warning) { Path = path.IsEmpty ? null : path.ToArray() };
        return ReportLine.Of(JsonReport.Message(text.Span[..^1], problem), _logs ? logged.ToArray() : [])!;
    }

    private string Itemized(PlanItem item) =>
        ItemizedChanges.Format(item.Source.Type, item.Flags, _sends, _attributes.ShowsSourceTime(item.Source.Type));

    // Also for the log: what only differs in attributes it has where standard output itemizes.
    private bool Shows(PlanItem item)
    {
        bool significant = (item.Flags & ItemFlags.Significant) != 0;
        if (ShowsChanges && (significant || ShowsUnchanged)) return true;
        return item.Flags.HasFlag(ItemFlags.Transfer)
            || (significant && (item.IsDirectory || (item.Flags & (ItemFlags.LocalChange | ItemFlags.Relinked)) != 0));
    }
}
