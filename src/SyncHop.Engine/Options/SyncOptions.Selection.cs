using SyncHop.Engine.Filters;

namespace SyncHop.Engine;

// Which entries take part.
public sealed partial record SyncOptions
{
    /// <summary><c>--recursive, -r</c>.</summary>
    public bool Recursive { get; init; }

    /// <summary><c>--dirs, -d</c>: directories are transferred without recursing; implied by <c>-r</c> and <c>--list-only</c>.</summary>
    public bool Dirs { get; init; }

    /// <summary><c>--relative, -R</c>: sources keep their whole path, or what stands behind <c>/./</c> in it.</summary>
    public bool Relative { get; init; }

    /// <summary><c>--no-implied-dirs</c> turns it off: the directories on the way to a source take part with their attributes.</summary>
    public bool ImpliedDirs { get; init; } = true;

    /// <summary><c>--links, -l</c>: symlinks are copied as symlinks.</summary>
    public bool Links { get; init; }

    /// <summary><c>--devices</c>.</summary>
    public bool Devices { get; init; }

    /// <summary><c>--specials</c>: named pipes and sockets.</summary>
    public bool Specials { get; init; }

    /// <summary><c>--one-file-system, -x</c>: how often it was given.</summary>
    public int OneFileSystem { get; init; }

    /// <summary><c>--filter, --exclude, --include, -F, -C</c> and the like.</summary>
    public FilterList Filters { get; init; } = FilterList.Empty;

    /// <summary><c>--max-size</c>: larger files are not transferred, in bytes; null for no limit.</summary>
    public long? MaxSize { get; init; }

    /// <summary><c>--min-size</c>: smaller files are not transferred, in bytes; null for no limit.</summary>
    public long? MinSize { get; init; }

    /// <summary><c>--prune-empty-dirs, -m</c>: directories with nothing but directories below them are left out.</summary>
    public bool PruneEmptyDirectories { get; init; }

    /// <summary><c>--no-inc-recursive</c> turns it off: what is told is told as of a whole list, and hard links come in its order.</summary>
    public bool IncrementalRecursion { get; init; } = true;

    /// <summary>Whether rsync would list directory by directory, and not everything before the transfer begins.</summary>
    internal bool ListsIncrementally => IncrementalRecursion && Recursive && !DelayUpdates && !PruneEmptyDirectories && !(Delete && DeleteTime is DeleteTime.Before or DeleteTime.After);

    /// <summary>Whether it is told which rule hides or protects what.</summary>
    internal bool TellsFilterDecisions => Debug(DebugFlag.Filter) > 0;
}
