namespace SyncHop.Engine.Execution.Delta;

/// <summary>A piece of a file that is fetched.</summary>
/// <param name="Offset">Where it is in the file.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="BasisOffset">Where the basis has the same bytes; negative when they have to be read from afar.</param>
internal readonly record struct FetchedRange(long Offset, long Length, long BasisOffset)
{
    /// <summary>Whether the basis has it.</summary>
    public bool IsLocal => BasisOffset >= 0;
}

/// <summary>What a file that is fetched is made of.</summary>
/// <param name="Ranges">All of it, in order.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="BlockLength">Bytes of the blocks that were compared.</param>
/// <param name="Hash">XXH128 of the file; null where it is not known.</param>
internal sealed record FetchPlan(IReadOnlyList<FetchedRange> Ranges, long Length, int BlockLength, ReadOnlyMemory<byte>? Hash)
{
    /// <summary>Adds a range behind the others, joined with the last where that goes on with it.</summary>
    public static void Add(List<FetchedRange> ranges, FetchedRange next)
    {
        if (ranges.Count > 0)
        {
            FetchedRange last = ranges[^1];
            if (next.IsLocal ? last.IsLocal && last.BasisOffset + last.Length == next.BasisOffset : !last.IsLocal)
            {
                ranges[^1] = last with { Length = last.Length + next.Length };
                return;
            }
        }
        ranges.Add(next);
    }
}
