namespace SyncHop.Delta;

/// <summary>
/// Compares a new file with the signature of a basis while it passes by in segments, for callers that read once and send what is new at
/// once. Segments may be scanned on several threads at the same time and are put together in order by <see cref="Settle"/>.
/// </summary>
public sealed class SegmentDelta
{
    /// <summary>Least bytes of a segment; it stays in the processor's cache between scanning and hashing.</summary>
    private const int LeastLength = 1 << 19;

    /// <summary>A segment has at least that many blocks, so that the ends of segments do not matter.</summary>
    private const int BlocksPerSegment = 32;

    private readonly FileSignature _basis;
    private readonly ScanMethod _scan;

    /// <param name="basis">The signature of the file that blocks are looked for in.</param>
    public SegmentDelta(FileSignature basis)
    {
        ArgumentNullException.ThrowIfNull(basis);
        _basis = basis;
        int blockLength = Math.Max(1, basis.BlockLength);
        // A multiple of the block length: in a file that was edited in place, blocks begin where segments begin.
        SegmentLength = Math.Max(BlocksPerSegment, LeastLength / blockLength) * blockLength;
        LookAhead = blockLength - 1;
        _scan = basis.Rolling == RollingChecksum.Adler32 ? Scanner<PowerOfTwoRoller>(basis) : Scanner<PrimeRoller>(basis);
    }

    private delegate void ScanMethod(ReadOnlySpan<byte> data, int segmentLength, long guess, bool isLast, CommandList commands);

    /// <summary>
    /// Bytes of every segment but the last, which has the remainder too: its length is this to twice this, or all of a shorter file.
    /// </summary>
    public int SegmentLength { get; }

    /// <summary>How many of the bytes behind a segment are looked at, for blocks that begin in it and end behind it.</summary>
    public int LookAhead { get; }

    /// <summary>Bytes of the new file that the settled commands make.</summary>
    public long Made { get; private set; }

    /// <summary>Finds what the basis has of a segment.</summary>
    /// <param name="data">The segment and, behind it, <see cref="LookAhead"/> bytes or what is left of the file.</param>
    /// <param name="length">Bytes of the segment itself.</param>
    /// <param name="start">Where it begins in the new file, a multiple of <see cref="SegmentLength"/>.</param>
    /// <param name="isLast">Whether the file ends with the data.</param>
    /// <returns>Commands for the segment; the last may reach behind it.</returns>
    public IReadOnlyList<DeltaCommand> Scan(ReadOnlySpan<byte> data, int length, long start, bool isLast)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, data.Length);
        CommandList commands = new(dropsShortCopies: false);
        _scan(data, length, start / Math.Max(1, _basis.BlockLength), isLast, commands);
        return commands.Finish();
    }

    /// <summary>
    /// The commands of the next segment less what the segments before it have made already. Called for every segment in the order of the
    /// file, by one thread at a time.
    /// </summary>
    /// <param name="commands">What <see cref="Scan"/> returned.</param>
    /// <param name="start">Where the segment begins.</param>
    public IReadOnlyList<DeltaCommand> Settle(IReadOnlyList<DeltaCommand> commands, long start)
    {
        ArgumentNullException.ThrowIfNull(commands);
        List<DeltaCommand> settled = [];
        foreach (DeltaCommand command in commands)
        {
            long covered = Math.Clamp(Made - start, 0, command.Length);
            start += command.Length;
            if (covered == command.Length) continue;
            Made = start;
            settled.Add(new DeltaCommand(command.IsCopy ? command.BasisOffset + covered : -1, command.Length - covered));
        }
        return settled;
    }

    private static ScanMethod Scanner<TRoller>(FileSignature basis)
        where TRoller : struct, IRoller<TRoller>
    {
        // The index is only made when something does not match at once; an unchanged file needs none.
        Lazy<BlockIndex<TRoller>> index = new(() => new BlockIndex<TRoller>(basis));
        return new SegmentScanner<TRoller>(basis, index).Scan;
    }
}
