using SyncHop.Delta;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>Looks for the blocks of a signature, wherever they are in the new file, on the threads of the pool.</summary>
/// <param name="basis">The signature.</param>
/// <param name="isStored">Whether it came from a store.</param>
internal sealed class SignatureMatcher(FileSignature basis, bool isStored) : IBlockMatcher
{
    private readonly SegmentDelta _delta = new(basis);

    public int BlockLength => basis.BlockLength;

    public int SegmentLength => _delta.SegmentLength;

    public int LookAhead => _delta.LookAhead;

    public long SignatureBytes => isStored ? SignatureWriter.RecordBytes(basis) : 0;

    public long Made => _delta.Made;

    public Task<IReadOnlyList<DeltaCommand>> ScanAsync(Segment segment, CancellationToken cancellation) =>
        Task.Run(() => _delta.Scan(segment.All.Span, segment.Length, segment.Start, segment.IsLast), cancellation);

    public IReadOnlyList<DeltaCommand> Settle(IReadOnlyList<DeltaCommand> commands, long start) => _delta.Settle(commands, start);
}
