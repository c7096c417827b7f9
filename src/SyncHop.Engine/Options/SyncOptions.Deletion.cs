using SyncHop.Engine.Filters;

namespace SyncHop.Engine;

/// <summary>When what is extraneous on the destination is removed: rsync(1)'s <c>--delete-WHEN</c>.</summary>
public enum DeleteTime
{
    /// <summary><c>--delete-during</c>: in each directory before anything else is done there.</summary>
    During,
    /// <summary><c>--delete-before</c>: everywhere before anything else is done.</summary>
    Before,
    /// <summary><c>--delete-delay</c>: found as in <see cref="During"/>, removed when everything else is done.</summary>
    Delay,
    /// <summary><c>--delete-after</c>: when everything else is done.</summary>
    After,
}

// What is removed from the destination, and from the source.
public sealed partial record SyncOptions
{
    /// <summary><c>--delete</c>: remove what the source does not have.</summary>
    public bool Delete { get; init; }

    /// <summary>When that happens.</summary>
    public DeleteTime DeleteTime { get; init; }

    /// <summary><c>--force</c>: a directory with contents makes way for what is none, also without <c>--delete</c>.</summary>
    public bool Force { get; init; }

    /// <summary><c>--max-delete=NUM</c>: how many entries may be removed; null for any number.</summary>
    public int? MaxDelete { get; init; }

    /// <summary><c>--ignore-errors</c>: remove although the source could not be read everywhere.</summary>
    public bool IgnoreErrors { get; init; }

    /// <summary><c>--remove-source-files</c>: what is on the destination now is removed from the source, directories excepted.</summary>
    public bool RemoveSourceFiles { get; init; }

    /// <summary><c>--ignore-missing-args</c>: source arguments that do not exist are no error.</summary>
    public bool IgnoreMissingArguments { get; init; }

    /// <summary><c>--delete-missing-args</c>: the destination's counterparts of source arguments that do not exist are removed.</summary>
    public bool DeleteMissingArguments { get; init; }

    /// <summary>
    /// Whether the rule files that say what is removed are those that the destination has after the transfer, as in rsync, for which that is
    /// what <c>--delete-after</c> is good for.
    /// </summary>
    internal bool DeletesByFinalRules => Delete && DeleteTime == DeleteTime.After && !DryRun && Filters.ReadsFiles && Filters.WorksOn(FilterSides.Receiver);

    /// <summary>Whether a directory's contents may be removed to make way for something else.</summary>
    internal bool EmptiesDirectories => Delete || Force;
}
