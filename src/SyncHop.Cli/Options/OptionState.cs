using SyncHop.Cli.Arguments;
using SyncHop.Cli.Jobs;
using SyncHop.Engine;
using SyncHop.Engine.Filters;

namespace SyncHop.Cli.Options;

/// <summary>What the options applied so far, left to right, amount to.</summary>
internal sealed class OptionState
{
    private FilterListBuilder? _filters;

    /// <summary>The run's options; what one option implies for another is added by <see cref="Resolve"/>.</summary>
    public SyncOptions Sync { get; set; } = new();

    /// <summary>How hosts are reached.</summary>
    public SshOptions Ssh { get; set; } = new();

    /// <summary><c>--rsh=COMMAND</c>; null where not given. What it says matters only where there is a host to reach.</summary>
    public string? RemoteShell { get; set; }

    /// <summary>What makes a run one that nobody watches.</summary>
    public UnattendedOptions Unattended { get; set; } = new();

    /// <summary>What is to be done with jobs; null where it is not about them.</summary>
    public (JobAction Action, string? Name)? Job { get; private set; }

    /// <summary><c>--job-file</c>; null for the usual one.</summary>
    public string? JobFile { get; set; }

    /// <summary><c>--on-calendar</c>; null for the default.</summary>
    public string? Calendar { get; set; }

    private string? _jobOption;

    /// <summary>Notes what is to be done with jobs, which only one option may say.</summary>
    /// <exception cref="CommandException">Another one did.</exception>
    public void SetJob(string option, JobAction action, string? name)
    {
        if (_jobOption is not null) throw CommandException.Usage($"{option} does not go with {_jobOption}");
        if (name is "" && action != JobAction.Status) throw CommandException.Usage($"{option}=: the job's name is empty");
        (_jobOption, Job) = (option, (action, name is "" ? null : name));
    }

    /// <summary><c>--dirs</c> or <c>--no-dirs</c>; null where neither was given.</summary>
    public bool? Dirs { get; set; }

    /// <summary><c>--files-from</c>; null where it was not given.</summary>
    public string? FilesFrom { get; set; }

    /// <summary>Whether <c>-r</c> was given itself: <c>-a</c> does not imply it together with <see cref="FilesFrom"/>.</summary>
    public bool RecursiveGiven { get; set; }

    /// <summary>Whether <c>--dirs</c> was given as <c>--old-dirs</c>.</summary>
    public bool OldDirs { get; set; }

    /// <summary><c>--relative</c> or <c>--no-relative</c>; null where neither was given.</summary>
    public bool? Relative { get; set; }

    /// <summary><c>--suffix</c>; null for the default.</summary>
    public string? BackupSuffix { get; set; }

    /// <summary>The filter rules, in the order of their options.</summary>
    public FilterListBuilder Filters => _filters ??= RuleFiles.NewBuilder(() => Sync.InsecureLinks);

    /// <summary><c>--cvs-exclude</c>: its rules come after all others.</summary>
    public bool CvsExclude { get; set; }

    /// <summary><c>--delete-excluded</c>.</summary>
    public bool DeleteExcluded { get; set; }

    /// <summary><c>--secluded-args</c>, which means nothing here but contradicts <see cref="OldArgs"/>.</summary>
    public bool SecludedArgs { get; set; }

    /// <summary><c>--old-args</c>.</summary>
    public bool OldArgs { get; set; }

    /// <summary><c>--checksum-choice</c>; null for rsync's own.</summary>
    public ChecksumChoice? ChecksumChoice { get; set; }

    /// <summary><c>--max-alloc</c>; null where not given: then RSYNC_MAX_ALLOC counts.</summary>
    public long? MaxAlloc { get; set; }

    /// <summary><c>--drop-D</c>: a receiver on this machine makes no devices and special files.</summary>
    public bool DropDevices { get; set; }

    /// <summary><c>--no-iconv</c> or <c>--iconv=-</c>: then RSYNC_ICONV does not count.</summary>
    public bool KeepsNames { get; set; }

    /// <summary>The <c>--delete-WHEN</c> options given.</summary>
    public HashSet<DeleteTime> DeleteTimes { get; } = [];

    /// <summary>Whether <c>-h</c> was given: as the only argument it asks for help.</summary>
    public bool HumanReadableGiven { get; set; }

    /// <summary>What an option that ends the command line (<c>--help</c>, <c>--version</c>) asked for.</summary>
    public Information? Wanted { get; set; }

    private string? _userMapOption, _groupMapOption;

    /// <summary>Notes the map of users, which only one option may give, and what it implies.</summary>
    /// <exception cref="CommandException">There is one already.</exception>
    public void MapUsers(string option, byte[] map)
    {
        if (_userMapOption is not null) throw OnlyOnce(option, _userMapOption, "user");
        _userMapOption = option;
        Sync = Sync with { UserMap = map, Owner = true };
    }

    /// <summary>The same for groups.</summary>
    /// <exception cref="CommandException">There is one already.</exception>
    public void MapGroups(string option, byte[] map)
    {
        if (_groupMapOption is not null) throw OnlyOnce(option, _groupMapOption, "group");
        _groupMapOption = option;
        Sync = Sync with { GroupMap = map, Group = true };
    }

    private static CommandException OnlyOnce(string option, string before, string kind) => CommandException.Usage(
        option != before ? $"{option} conflicts with prior {before}."
        : option == "--chown" ? $"You can only specify a {kind}-affecting --chown once."
        : $"You can only specify {option} once.");

    /// <summary>The options with what they imply.</summary>
    /// <param name="listOnly">Whether there is no destination.</param>
    /// <exception cref="CommandException">They contradict each other.</exception>
    public SyncOptions Resolve(bool listOnly)
    {
        SyncOptions resolved = Sync with
        {
            ListOnly = Sync.ListOnly || listOnly,
            Relative = Relative ?? FilesFrom is not null,
            Recursive = OldDirs || (Sync.Recursive && (FilesFrom is null || RecursiveGiven)),
            Verbosity = Sync.Quiet ? 0 : Sync.Verbosity,
            Sum = ChecksumChoice?.Shown(Sync.Checksum) ?? Engine.ChecksumName.Xxh128,
        };
        if ((MaxAlloc ?? OptionTable.EnvironmentMaxAlloc()) is long limit) resolved = resolved with { MaxAlloc = limit };
        resolved = ResolveWriting(resolved);
        // rsync(1), --partial-dir: the directories are neither sent nor deleted, unless a rule before this one says so.
        if (resolved.PartialDirBelow is not null || (resolved.DelayUpdates && resolved.PartialDir is null)) Filters.AddRule([.. "-p "u8, .. resolved.PartialDirBelow ?? ".~tmp~"u8.ToArray(), (byte)'/']);
        // rsync(1), --old-dirs: a way to list one directory that an old rsync understands.
        if (OldDirs) Filters.AddRule("- /*/*"u8.ToArray());
        if (CvsExclude) Filters.AddCvsExcludes();
        if (DeleteExcluded) resolved = resolved with { Delete = true };
        resolved = ResolveBackups(resolved);
        resolved = resolved with { Filters = Filters.Build(DeleteExcluded) };
        if (resolved.MungeLinks && Directory.Exists("/rsyncd-munged"))
            throw new CommandException(ExitCode.Unsupported, "Symlink munging is unsafe when a /rsyncd-munged directory exists.");
        if (SecludedArgs && OldArgs) throw CommandException.Usage("--secluded-args conflicts with --old-args.");
        resolved = resolved with { Dirs = resolved.Recursive || (Dirs ?? (resolved.ListOnly || FilesFrom is not null)) };
        // As in rsync, of --delete-during and --delete-delay the last counts.
        if (DeleteTimes.Select(time => time == DeleteTime.Delay ? DeleteTime.During : time).Distinct().Count() > 1) throw CommandException.Usage("You may not combine multiple --delete-WHEN options.");
        // As in rsync, whose list is then not incremental.
        if (resolved is { Delete: true, DelayUpdates: true } && DeleteTimes.Count == 0) resolved = resolved with { DeleteTime = DeleteTime.Before };
        if (resolved.Delete && !resolved.Dirs)
            throw CommandException.Usage("--delete does not work without --recursive (-r) or --dirs (-d).");
        return resolved;
    }

    private SyncOptions ResolveBackups(SyncOptions options)
    {
        string suffix = BackupSuffix ?? (options.BackupDirectory is null ? "~" : "");
        if (suffix.Contains('/', StringComparison.Ordinal)) throw CommandException.Usage($"--suffix cannot contain slashes: {suffix}");
        if (suffix.Length == 0 && options.BackupDirectory is null) throw CommandException.Usage("--suffix cannot be empty without a --backup-dir");
        bool beside = options is { Backup: true, BackupDirectory: null };
        if (beside && options.Delete && !DeleteExcluded) Filters.AddRule([.. "P *"u8, .. ByteString.Encode(suffix)]);
        // Backups beside the files change the directories' times anyway.
        return options with
        {
            BackupSuffix = options.Backup ? ByteString.Encode(suffix) : [],
            OmitDirTimes = options.OmitDirTimes || beside,
        };
    }

    /// <summary>What the options on how files are written imply and forbid.</summary>
    private static SyncOptions ResolveWriting(SyncOptions options)
    {
        bool appends = options.Append != AppendMode.None;
        if (appends && options.WholeFile == true) throw CommandException.Usage("--append cannot be used with --whole-file");
        if (options.Inplace || appends)
        {
            if (options.DelayUpdates || options.PartialDir is not null)
            {
                throw CommandException.Usage(
                    $"--{(appends ? "append" : "inplace")} cannot be used with --{(options.DelayUpdates ? "delay-updates" : "partial-dir")}");
            }
            return options with { Inplace = true, Partial = false };
        }
        byte[]? directory = options.PartialDir;
        // rsync(1): the variable says where, not whether.
        if (directory is null && options.Partial && !options.DelayUpdates
            && Environment.GetEnvironmentVariable("RSYNC_PARTIAL_DIR") is { Length: > 0 } variable)
        {
            directory = ByteString.Encode(variable);
        }
        if (directory is null) return options;
        if (directory is [(byte)'/', ..])
        {
            ReadOnlySpan<byte> trimmed = directory.AsSpan().TrimEnd((byte)'/');
            return options with { Partial = true, PartialDir = trimmed.IsEmpty ? "/"u8.ToArray() : trimmed.ToArray() };
        }
        List<byte> below = [];
        foreach (Range range in directory.AsSpan().Split((byte)'/'))
        {
            ReadOnlySpan<byte> part = directory.AsSpan(range);
            if (part.SequenceEqual(".."u8)) throw CommandException.Usage($"--partial-dir={ByteString.Decode(directory)}: .. is not supported in it");
            if (part.IsEmpty || part.SequenceEqual("."u8)) continue;
            if (below.Count > 0) below.Add((byte)'/');
            below.AddRange(part);
        }
        return options with { Partial = true, PartialDir = below.Count == 0 ? null : [.. below] };
    }

    /// <summary>The number an option's value is; an empty value is 0, as in rsync.</summary>
    /// <exception cref="CommandException">It is not a whole number from 0 to <paramref name="maximum"/>.</exception>
    public static int Number(string option, string value, int maximum = int.MaxValue)
    {
        int number = NumberText.Parse($"{option}={value}", value);
        return number >= 0 && number <= maximum ? number : throw CommandException.Usage($"{option}={value}: number too large or too small");
    }
}

/// <summary>What is printed instead of a run.</summary>
internal enum Information
{
    /// <summary>The help text.</summary>
    Help,

    /// <summary>The version text.</summary>
    Version,

    /// <summary>The flags of <c>--info</c>.</summary>
    InfoFlags,

    /// <summary>The flags of <c>--debug</c>.</summary>
    DebugFlags,
}
