namespace SyncHop.Delta;

/// <summary>How a delta is made.</summary>
public sealed record DeltaOptions
{
    private readonly int _workers = Environment.ProcessorCount;

    /// <summary>
    /// The hash of the new file that proves the result. FastRsyncNet can check all but <see cref="ContentHash.XxHash128"/>, and XXH3
    /// from 2.4.0 on; MD5 halves the speed and more.
    /// </summary>
    public ContentHash FileHash { get; init; } = ContentHash.XxHash3;

    /// <summary>Most threads to use, at least 1; the number of processors unless set.</summary>
    public int Workers
    {
        get => _workers;
        init => _workers = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }
}
