namespace SyncHop.Delta;

/// <summary>How a delta is applied.</summary>
public sealed record PatchOptions
{
    /// <summary>
    /// Most bytes that the new file may have; a delta of a few kilobytes from a stranger can otherwise fill a disk. No limit unless set.
    /// </summary>
    public long MaximumLength { get; init; } = long.MaxValue;
}
