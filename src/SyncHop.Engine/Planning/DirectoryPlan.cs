using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Planning;

/// <summary>
/// What is to be done in one directory: data only, so that a dry run is the same plan with nobody to carry it out. rsync
/// reports what it removes and skips in a directory before the directory's own line and its entries. A very large directory is
/// planned in parts: see <see cref="Continue"/>.
/// </summary>
internal sealed class DirectoryPlan(DirectoryNode node)
{
    /// <summary>The directory.</summary>
    public DirectoryNode Node { get; } = node;

    /// <summary>The directory's own item; null when there is nothing to do with it and nothing to show.</summary>
    public PlanItem? Self { get; set; }

    /// <summary>Whether nothing is said of that.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>What is removed from the destination, in order, contents before their directory.</summary>
    public List<Deletion> Deletions { get; private set; } = [];

    /// <summary>Directories in the way of a file that cannot be emptied: before rsync finds that out it lets their owner write to them.</summary>
    public List<RelativePath> Unlocked { get; private set; } = [];

    /// <summary>Temporary files that a killed run left in the directory; they go without a word.</summary>
    public List<RelativePath> Leftovers { get; } = [];

    /// <summary>Whether the directory has one in it for partial or delayed files.</summary>
    public bool HasHoldingDirectory { get; set; }

    /// <summary>What is removed when everything else is done (<c>--delete-delay</c>, <c>--delete-after</c>), not limited yet.</summary>
    public List<Deletion> Delayed { get; } = [];

    /// <summary>Whether what that is, is looked for only then (<see cref="SyncOptions.DeletesByFinalRules"/>).</summary>
    public bool DeletesByFinalRules { get; set; }

    /// <summary>Whether removals may come at the end.</summary>
    public bool DelaysDeletions => DeletesByFinalRules || Delayed.Count > 0;

    /// <summary>Lines about entries that are passed over, removed to make way, or up to date.</summary>
    public List<Notice> Notices { get; private set; } = [];

    /// <summary>The entries to act on or to show, in rsync's order.</summary>
    public List<PlanItem> Items { get; private set; } = [];

    /// <summary>How many items of the directory come with a later plan, or at the end.</summary>
    public int LateItems { get; set; }

    /// <summary>Attributes the directory must have before its contents can be changed; null when it has them.</summary>
    public AttributeChange? Before { get; set; }

    /// <summary>Attributes to be set when everything below is done.</summary>
    public AttributeChange After { get; set; }

    /// <summary>Attributes to be set when everything below is done, if something was changed in the directory.</summary>
    public AttributeChange AfterIfTouched { get; set; }

    /// <summary>Plans further entries of a large directory; null when all are planned.</summary>
    public Action? Rest { get; set; }

    /// <summary>Told of each part after the first.</summary>
    public Action? Continued { get; set; }

    /// <summary>Puts the next part of a large directory into <see cref="Deletions"/>, <see cref="Unlocked"/>, <see cref="Notices"/> and <see cref="Items"/>.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Continue()
    {
        if (Rest is null) return false;
        Deletions = [];
        Unlocked = [];
        Notices = [];
        Items = [];
        LateItems = 0;
        Rest();
        Continued?.Invoke();
        return true;
    }
}

/// <summary>The kinds of <see cref="Notice"/>.</summary>
internal enum NoticeKind
{
    /// <summary>A kind of entry that is not transferred with these options.</summary>
    NonRegular,
    /// <summary>A directory, where directories are not transferred.</summary>
    SkippedDirectory,
    /// <summary>A directory that is not empty is in the way and stays; an error.</summary>
    CannotMakeWay,
    /// <summary>Something removed to make way for another kind of entry.</summary>
    RemovedToMakeWay,
    /// <summary>Nothing to do.</summary>
    UpToDate,
    /// <summary>Only attributes change.</summary>
    AttributesOnly,
    /// <summary>Not there, and <c>--existing</c>.</summary>
    NotCreated,
    /// <summary>There, and <c>--ignore-existing</c>.</summary>
    Exists,
    /// <summary>In a directory that <c>--ignore-existing</c> keeps from being made, because something else is there; an error.</summary>
    Blocked,
    /// <summary>Larger than <c>--max-size</c>.</summary>
    TooLarge,
    /// <summary>Smaller than <c>--min-size</c>.</summary>
    TooSmall,
    /// <summary>Newer on the destination, and <c>--update</c>.</summary>
    Newer,
    /// <summary>The destination cannot make this kind of entry; an error.</summary>
    CannotMakeSpecial,
    /// <summary>A symlink that may lead out of the transfer, and <c>--safe-links</c>.</summary>
    UnsafeLink,
}

/// <summary>A line about an entry that is not an item.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Path">The entry.</param>
/// <param name="Type">Its kind.</param>
internal readonly record struct Notice(NoticeKind Kind, RelativePath Path, FileType Type)
{
    /// <summary>What would have been done without the option that keeps the entry, for <c>--info=skip2</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>A symlink's target.</summary>
    public byte[]? Target { get; init; }
}
