using SyncHop.Delta;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>
/// Finds what the basis has of a new file that passes by in segments. Segments may be scanned several at a time; they are settled one by
/// one, in the order of the file.
/// </summary>
internal interface IBlockMatcher
{
    /// <summary>Bytes of the basis' blocks; 0 when it has none.</summary>
    int BlockLength { get; }

    /// <summary>Bytes of every segment but the last, which has the remainder too.</summary>
    int SegmentLength { get; }

    /// <summary>How many of the bytes behind a segment are looked at with it.</summary>
    int LookAhead { get; }

    /// <summary>Bytes of the new file that the settled commands make.</summary>
    long Made { get; }

    /// <summary>Bytes that came over the wire to know what the basis has.</summary>
    long SignatureBytes { get; }

    /// <summary>Finds what the basis has of a segment.</summary>
    /// <returns>Commands for the segment; the last may reach behind it.</returns>
    Task<IReadOnlyList<DeltaCommand>> ScanAsync(Segment segment, CancellationToken cancellation);

    /// <summary>A scanned segment's commands less what those before it have made already.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="start">Where the segment begins.</param>
    IReadOnlyList<DeltaCommand> Settle(IReadOnlyList<DeltaCommand> commands, long start);
}
