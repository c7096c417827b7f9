using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Planning;

/// <summary>What is to be done with an entry.</summary>
internal enum PlanAction
{
    /// <summary>Nothing; the entry is only shown.</summary>
    Show,
    /// <summary>Set attributes of what is there.</summary>
    SetAttributes,
    /// <summary>Send the content of a regular file.</summary>
    Transfer,
    /// <summary>Make a directory.</summary>
    MakeDirectory,
    /// <summary>Make a symlink.</summary>
    MakeSymlink,
    /// <summary>Make a named pipe, a socket or a device node.</summary>
    MakeSpecial,
    /// <summary>Make a hard link to an earlier copy (<c>--link-dest</c>).</summary>
    LinkEarlier,
    /// <summary>Copy the content of an earlier copy, which is the source's.</summary>
    CopyEarlier,
    /// <summary>Make a hard link to an earlier name of the file (<c>--hard-links</c>).</summary>
    LinkName,
    /// <summary>Remove the entry: an earlier copy is all that is needed (<c>--compare-dest</c>).</summary>
    Withdraw,
}

/// <summary>One entry of the source and what the plan does with it.</summary>
internal sealed record PlanItem
{
    /// <summary>What is to be done.</summary>
    public required PlanAction Action { get; init; }

    /// <summary>The name in the transfer, as it is shown.</summary>
    public required RelativePath Path { get; init; }

    /// <summary>The name below the destination's root.</summary>
    public required RelativePath DestinationPath { get; init; }

    /// <summary>Where the entry is on the source.</summary>
    public required Origin Origin { get; init; }

    /// <summary>The source's stat.</summary>
    public required FileStat Source { get; init; }

    /// <summary>What differs, for the report.</summary>
    public required ItemFlags Flags { get; init; }

    /// <summary>The directory that the item belongs to and that waits for it, where it is planned later than that; null for the plan's own.</summary>
    public DirectoryNode? LateIn { get; init; }

    /// <summary>The names of the same file: the others become links to this, or, for <see cref="PlanAction.LinkName"/>, becomes one more.</summary>
    public HardLinkGroup? Group { get; init; }

    /// <summary>The earlier copy that is linked or copied.</summary>
    public Origin? Earlier { get; init; }

    /// <summary>The position in the whole file list, counted from 0, for the progress; only a regular file's is known.</summary>
    public long ListIndex { get; init; }

    /// <summary>A symlink's target.</summary>
    public byte[] Target { get; init; } = [];

    /// <summary>The attributes the entry is to have in the end.</summary>
    public AttributeChange Change { get; init; }

    /// <summary>What is in the way on the destination and must go first; null when nothing is, or when it is replaced in one step.</summary>
    public Obstacle? Obstacle { get; init; }

    /// <summary>Whether something that can be renamed over is in the entry's place.</summary>
    public bool Replaces { get; init; }

    /// <summary>The regular file that is in a regular file's place; null when there is none.</summary>
    public FileStat? Existing { get; init; }

    /// <summary>Where a partial or delayed file of a former run would be; null when there is no such directory.</summary>
    public RelativePath? HeldAt { get; init; }

    /// <summary>A temporary file that a killed run left of this file; null when there is none.</summary>
    public RelativePath? Leftover { get; init; }

    /// <summary>The permissions a new entry is created with, less the destination's umask.</summary>
    public uint CreationPermissions { get; init; }

    /// <summary>The checksum of the content, for the report; null where it is not known before the transfer.</summary>
    public string? Sum { get; init; }

    /// <summary>Whether the entry is a directory.</summary>
    public bool IsDirectory => Source.IsDirectory;
}

/// <summary>What must be removed before an entry can be made.</summary>
/// <param name="Type">What kind of entry is in the way.</param>
/// <param name="Contents">For a directory: what is in it, in the order of removal.</param>
internal sealed record Obstacle(FileType Type, IReadOnlyList<Deletion> Contents);
