using SyncHop.Engine.Contract;
using SyncHop.Engine.Filters;
using SyncHop.Engine.Links;

namespace SyncHop.Engine.Scanning;

/// <summary>
/// One directory of the transfer: where it is on the source (in several places when source arguments overlap) and on the
/// destination, and, once loaded, what both sides hold in it.
/// </summary>
internal sealed class DirectoryNode
{
    /// <summary>The directory above; null for the top.</summary>
    public required DirectoryNode? Parent { get; init; }

    /// <summary>The position among the parent's children.</summary>
    public required int Index { get; init; }

    /// <summary>The name in the transfer, as it is shown.</summary>
    public required RelativePath Path { get; init; }

    /// <summary>
    /// The path below the destination's root; differs from <see cref="Path"/> when a lone entry is given a new name, and where
    /// <c>--no-implied-dirs</c> follows a symlink.
    /// </summary>
    public required RelativePath DestinationPath { get; set; }

    /// <summary>The directories whose contents make up this one; empty when its contents are not transferred.</summary>
    public required IReadOnlyList<Origin> Origins { get; set; }

    /// <summary>The source directory's stat.</summary>
    public required FileStat Stat { get; init; }

    /// <summary>What the destination has under this name; null when nothing.</summary>
    public required FileStat? DestinationStat { get; set; }

    /// <summary>Whether the directory's contents take part as a whole, so that what is not among them can be removed.</summary>
    public bool IsWhole
    {
        get
        {
            foreach (Origin origin in Origins)
            {
                if (origin.Selection is null) return true;
            }
            return false;
        }
    }

    /// <summary>
    /// Whether the directory itself is part of the transfer; not so for the top above named arguments and, with
    /// <c>--no-implied-dirs</c>, for those on the way to them.
    /// </summary>
    public bool IsItem { get; init; } = true;

    /// <summary>Whether it was named as a source, or its contents were.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Whether it is only on the way to what takes part, and made without a word where it is missing.</summary>
    public bool IsWay => !IsItem && Parent is not null;

    /// <summary>Whether the destination directory is to be reported as new although it is there by now.</summary>
    public bool WasCreated { get; init; }

    /// <summary>Whether nothing is to be made below here, because <c>--existing</c> or <c>--ignore-existing</c> left this directory out.</summary>
    public bool IsSkipped { get; init; }

    /// <summary>Whether that is because something else, which <c>--ignore-existing</c> keeps, is in its place.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>Whether the destination has a mount point here, or below one, where <c>-x</c> removes nothing.</summary>
    public bool IsOnOtherFileSystem { get; init; }

    /// <summary>The position in the whole file list of the first entry in it.</summary>
    public long FirstIndex { get; set; }

    /// <summary>How far below the top.</summary>
    public int Depth { get; init; }

    /// <summary>Whether the destination has a directory here.</summary>
    public bool ExistsOnDestination => DestinationStat is { IsDirectory: true };

    /// <summary>The source's entries in rsync's order, once loaded.</summary>
    public FileList Source { get; set; } = Empty;

    /// <summary>The destination's entries by name, once loaded.</summary>
    public FileList Destination { get; set; } = Empty;

    /// <summary>Names of temporary files in the destination that a killed run left there, once loaded.</summary>
    public IReadOnlyList<byte[]> Leftovers { get; set; } = [];

    /// <summary>For each <see cref="FileList.Entry.Origin"/>, the directories that hold the entry; null when all are in the one of <see cref="Origins"/>.</summary>
    public IReadOnlyList<IReadOnlyList<Origin>>? OriginSets { get; set; }

    /// <summary>Entries of overlapping source arguments that were merged into others; rsync counts them all the same.</summary>
    public List<FileStat> Duplicates { get; } = [];

    /// <summary>Child directories in rsync's order, from when they are loaded until they are walked.</summary>
    public IReadOnlyList<DirectoryNode> Children { get; private set; } = [];

    /// <summary>How many child directories there are, once loaded.</summary>
    public int ChildCount { get; private set; }

    /// <summary>The directory in each tree of earlier copies that has it; listed with the rest.</summary>
    public IReadOnlyList<BasisDirectory> Basis { get; set; } = [];

    /// <summary>As <see cref="EqualContents"/>, with the earlier copies: index into <see cref="Source"/>, and which tree.</summary>
    public HashSet<(int Entry, int Tree)> EqualEarlier { get; } = [];

    /// <summary>Indexes into <see cref="Source"/> of the files whose content was read on both sides and found equal (<c>--checksum</c>).</summary>
    public HashSet<int> EqualContents { get; } = [];

    /// <summary>By index into <see cref="Destination"/>: what is below directories that are to go or are in the way.</summary>
    public Dictionary<int, List<Deletion>> Subtrees { get; } = [];

    /// <summary>The rules in force in the destination's directory, once loaded; null where they protect nothing.</summary>
    public DirectoryFilter? DestinationFilter { get; set; }

    /// <summary>Indexes into <see cref="Destination"/> of the entries that rules protect from deletion.</summary>
    public HashSet<int> Protected { get; set; } = [];

    /// <summary>What rules decided, for <c>-vv</c>.</summary>
    public List<FilterNote> FilterNotes { get; } = [];

    /// <summary>Unsafe symlinks of the source that were followed.</summary>
    public List<UnsafeLink> UnsafeLinks { get; } = [];

    /// <summary>Indexes into <see cref="Destination"/> of symlinks that stand for directories (<c>--keep-dirlinks</c>) but cannot be followed.</summary>
    public HashSet<int> DeadEnds { get; } = [];

    /// <summary>Whether the destination has such a symlink here: everything below is left alone.</summary>
    public bool IsDeadEnd { get; init; }

    /// <summary>What went wrong while loading.</summary>
    public List<ScanFailure> Failures { get; } = [];

    /// <summary>Completes when the lists are there.</summary>
    public TaskCompletionSource Loaded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether loading has begun; guarded by the scanner's lock.</summary>
    public bool IsStarted { get; set; }

    private static FileList Empty { get; } = new();

    /// <summary>The directories that hold an entry of <see cref="Source"/>.</summary>
    public IReadOnlyList<Origin> OriginsOf(in FileList.Entry entry) => OriginSets is null ? Origins : OriginSets[entry.Origin];

    /// <summary>The name under which an entry of <see cref="Source"/> is found on the destination.</summary>
    public ReadOnlySpan<byte> DestinationNameOf(in FileList.Entry entry) => RenamedTo ?? Source.NameOf(entry);

    /// <summary>The new name of the only entry, when a lone file is copied to a new name.</summary>
    public byte[]? RenamedTo { get; init; }

    /// <summary>Names of source arguments that do not exist and whose counterparts here are to be removed (<c>--delete-missing-args</c>).</summary>
    public IReadOnlyList<byte[]> MissingArguments { get; init; } = [];

    /// <summary>Adds the child directories.</summary>
    public void SetChildren(IReadOnlyList<DirectoryNode> children)
    {
        Children = children;
        ChildCount = children.Count;
    }

    /// <summary>Hands the children to the walker; a large tree is not kept in memory from its top.</summary>
    public IReadOnlyList<DirectoryNode> TakeChildren()
    {
        IReadOnlyList<DirectoryNode> children = Children;
        Children = [];
        return children;
    }

    /// <summary>Lets go of what is only needed for planning.</summary>
    public void Release()
    {
        Source = Destination = Empty;
        OriginSets = null;
        EqualContents.Clear();
        EqualEarlier.Clear();
        Basis = [];
        Subtrees.Clear();
        Protected = [];
        FilterNotes.Clear();
        UnsafeLinks.Clear();
        DeadEnds.Clear();
    }
}

/// <summary>A directory or entry that could not be looked at.</summary>
/// <param name="OnSource">Whether it was on the sending side.</param>
/// <param name="FullPath">The path on its host.</param>
/// <param name="Failure">Why.</param>
/// <param name="IsArgument">Whether the user named it, so that its absence is an error and not a vanished file.</param>
/// <param name="HidesEntries">Whether, although it is not there, there may be entries that were not seen, so that nothing may be deleted.</param>
internal sealed record ScanFailure(
    bool OnSource, byte[] FullPath, ReplicaException Failure, bool IsArgument = false, bool HidesEntries = false);
