using System.IO.Hashing;
using SyncHop.Delta;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Hashing;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>
/// Sends a file's content in one pass: each segment is read once, compared with the basis, handed on, and signed. So the new signature
/// is that of the very bytes that were sent, also when the file changes meanwhile.
/// </summary>
internal sealed class SigningCopier(BufferBudget budget)
{
    private const int WholeSegmentLength = 1 << 19;

    /// <summary>Segments that are scanned at the same time.</summary>
    private const int ScansAtOnce = 2;

    /// <summary>Sends the content.</summary>
    /// <param name="from">The source.</param>
    /// <param name="isLocal">Whether the source is on this machine.</param>
    /// <param name="size">Its length in bytes: that much is sent.</param>
    /// <param name="basis">Knows what the file has that the new one is made of; null when there is none.</param>
    /// <param name="blockLength">Bytes of a block of the new signature; null to choose.</param>
    /// <param name="sink">Takes the content.</param>
    /// <param name="sum">Takes the content's checksum; null where it is not wanted.</param>
    /// <param name="cancellation">Ends the sending.</param>
    /// <returns>The signature of what was sent, and how much of it the basis had.</returns>
    /// <exception cref="ReplicaException">A read or write failed, or the file became shorter while it was read.</exception>
    public async Task<SignedContent> CopyAsync(
        ISourceFile from, bool isLocal, long size, IBlockMatcher? basis, int? blockLength, IContentSink sink,
        ContentSum? sum, CancellationToken cancellation)
    {
        int segmentLength = basis?.SegmentLength ?? WholeSegmentLength;
        int lookAhead = basis?.LookAhead ?? 0;
        int reserved = SegmentReader.Footprint(segmentLength, lookAhead, isLocal);
        await budget.TakeAsync(reserved).ConfigureAwait(false);
        try
        {
            using SignatureAccumulator signature = new(new SignatureOptions { BlockLength = blockLength }, size);
            Pass pass = new(basis, signature, sum, sink, cancellation);
            SegmentReader reader = new(from, size, segmentLength, lookAhead, isLocal, cancellation);
            await using (reader.ConfigureAwait(false)) await pass.RunAsync(reader).ConfigureAwait(false);
            return new SignedContent(signature.Finish(), pass.Matched);
        }
        finally
        {
            budget.Return(reserved);
        }
    }

    /// <summary>Reads a file and signs it.</summary>
    /// <exception cref="ReplicaException">Reading failed, or the file became shorter while it was read.</exception>
    public async Task<FileSignature> SignAsync(ISourceFile from, bool isLocal, long size, int? blockLength, CancellationToken cancellation)
    {
        using SignatureAccumulator signature = new(new SignatureOptions { BlockLength = blockLength }, size);
        await ReadAsync(from, isLocal, size, signature.Append, cancellation).ConfigureAwait(false);
        return signature.Finish();
    }

    /// <summary>Reads a file and compares it by its hash.</summary>
    /// <param name="from">The file.</param>
    /// <param name="isLocal">Whether it is on this machine.</param>
    /// <param name="size">The length in bytes it must have.</param>
    /// <param name="hash">The XXH128 it must have.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ReplicaException">Reading failed.</exception>
    public async Task<bool> IsAsync(ISourceFile from, bool isLocal, long size, ReadOnlyMemory<byte> hash, CancellationToken cancellation)
    {
        if ((await from.StatAsync(cancellation).ConfigureAwait(false)).Size < size) return false;
        XxHash128 found = new();
        await ReadAsync(from, isLocal, size, found.Append, cancellation).ConfigureAwait(false);
        return found.GetCurrentHash().AsSpan().SequenceEqual(hash.Span);
    }

    private async Task ReadAsync(ISourceFile from, bool isLocal, long size, ReadAction take, CancellationToken cancellation)
    {
        int reserved = SegmentReader.Footprint(WholeSegmentLength, 0, isLocal);
        await budget.TakeAsync(reserved).ConfigureAwait(false);
        try
        {
            SegmentReader reader = new(from, size, WholeSegmentLength, 0, isLocal, cancellation);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.NextAsync().ConfigureAwait(false) is { } segment)
                {
                    take(segment.Own.Span);
                    segment.Release();
                }
            }
        }
        finally
        {
            budget.Return(reserved);
        }
    }

    private delegate void ReadAction(ReadOnlySpan<byte> data);

    private sealed class Pass(IBlockMatcher? basis, SignatureAccumulator signature, ContentSum? sum, IContentSink sink, CancellationToken cancellation)
    {
        private static readonly DeltaCommand[] Nothing = [];

        private readonly Queue<(Segment Segment, Task<IReadOnlyList<DeltaCommand>> Scan)> _scans = new();

        /// <summary>Bytes that the basis had.</summary>
        public long Matched { get; private set; }

        public async Task RunAsync(SegmentReader reader)
        {
            Segment? current = null;
            try
            {
                current = await reader.NextAsync().ConfigureAwait(false);
                while (current is not null)
                {
                    Segment? next = await reader.NextAsync().ConfigureAwait(false);
                    if (next is not null) current.TakeBehind(next);
                    Segment scanned = current;
                    _scans.Enqueue((scanned, basis is null ? Task.FromResult<IReadOnlyList<DeltaCommand>>(Nothing) : basis.ScanAsync(scanned, cancellation)));
                    current = next;
                    while (_scans.Count >= ScansAtOnce) await SendFirstAsync().ConfigureAwait(false);
                }
                while (_scans.Count > 0) await SendFirstAsync().ConfigureAwait(false);
                await sink.FlushAsync(cancellation).ConfigureAwait(false);
            }
            finally
            {
                current?.Release();
                while (_scans.TryDequeue(out (Segment Segment, Task<IReadOnlyList<DeltaCommand>> Scan) rest))
                {
                    await ((Task)rest.Scan).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    rest.Segment.Release();
                }
            }
        }

        private async Task SendFirstAsync()
        {
            (Segment segment, Task<IReadOnlyList<DeltaCommand>> scan) = _scans.Peek();
            IReadOnlyList<DeltaCommand> found = await scan.ConfigureAwait(false);
            signature.Append(segment.Own.Span);
            sum?.Append(segment.Own.Span);
            if (basis is null)
            {
                if (segment.Length > 0)
                    await sink.AddAsync(segment.Start, DeltaCommand.Literal(segment.Length), segment.Own, cancellation).ConfigureAwait(false);
            }
            else
            {
                await SendAsync(segment, basis.Settle(found, segment.Start)).ConfigureAwait(false);
            }
            _scans.Dequeue();
            segment.Release();
        }

        private async Task SendAsync(Segment segment, IReadOnlyList<DeltaCommand> commands)
        {
            // The last command of the segment before may have made the beginning of this one.
            long total = 0;
            foreach (DeltaCommand command in commands) total += command.Length;
            long offset = basis!.Made - total;
            foreach (DeltaCommand command in commands)
            {
                if (command.IsCopy) Matched += command.Length;
                ReadOnlyMemory<byte> data = segment.All.Slice((int)(offset - segment.Start), (int)command.Length);
                await sink.AddAsync(offset, command, data, cancellation).ConfigureAwait(false);
                offset += command.Length;
            }
        }
    }
}

/// <summary>What was sent.</summary>
/// <param name="Signature">Its signature; the hash is XXH128 of the whole content.</param>
/// <param name="Matched">Bytes of it that the basis had.</param>
internal sealed record SignedContent(FileSignature Signature, long Matched)
{
    /// <summary>XXH128 of the content.</summary>
    public ReadOnlyMemory<byte> Hash => Signature.Hash!.Value;
}
