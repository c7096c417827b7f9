namespace SyncHop.Delta;

/// <summary>
/// Finds blocks of the basis in one segment of the new file. The block after the last match is tried first, by its strong hash alone,
/// and a matched block is skipped, not rolled through; only unmatched data is rolled byte by byte.
/// </summary>
internal sealed class SegmentScanner<TRoller>(FileSignature signature, Lazy<BlockIndex<TRoller>> lazyIndex)
    where TRoller : struct, IRoller<TRoller>
{
    /// <summary>Windows whose keys are computed, and then looked up, together.</summary>
    private const int BatchLength = 512;

    private readonly int _blockLength = signature.BlockLength;

    /// <summary>Scans a segment.</summary>
    /// <param name="data">The segment and, behind it, the bytes that its last windows need.</param>
    /// <param name="segmentLength">Bytes of the segment: windows begin in it.</param>
    /// <param name="guess">The block to try at the start; negative or beyond the last for none.</param>
    /// <param name="isLast">Whether the data ends with the file: only there the basis' short last block is looked for.</param>
    /// <param name="commands">Takes the commands; they may reach beyond the segment.</param>
    public void Scan(ReadOnlySpan<byte> data, int segmentLength, long guess, bool isLast, CommandList commands)
    {
        int position = 0;
        int literalStart = 0;
        int expected = guess >= 0 && guess < signature.BlockCount ? (int)guess : -1;
        while (position < segmentLength)
        {
            int block = expected >= 0 && IsAt(data, position, expected) ? expected : -1;
            if (block < 0) block = Roll(data, ref position, segmentLength);
            if (block < 0) break;
            commands.Add(DeltaCommand.Literal(position - literalStart));
            commands.Add(new DeltaCommand(signature.StartOf(block), signature.LengthOf(block)));
            position += signature.LengthOf(block);
            literalStart = position;
            expected = block + 1 < signature.BlockCount ? block + 1 : -1;
        }
        if (isLast) AddShortTail(data, ref literalStart, commands);
        if (literalStart < segmentLength) commands.Add(DeltaCommand.Literal(segmentLength - literalStart));
    }

    private bool IsAt(ReadOnlySpan<byte> data, int position, int block)
    {
        int length = signature.LengthOf(block);
        return length <= data.Length - position && signature.Blocks.Matches(block, data.Slice(position, length));
    }

    /// <summary>Moves on to the next window that is in the index.</summary>
    /// <returns>Its block, or -1 when there is none in the segment.</returns>
    private int Roll(ReadOnlySpan<byte> data, ref int position, int segmentLength)
    {
        int length = _blockLength;
        int end = Math.Min(segmentLength, data.Length - length + 1);
        if (length == 0 || position >= end) return -1;
        BlockIndex<TRoller> index = lazyIndex.Value;
        index.Complete();
        Span<uint> keys = stackalloc uint[BatchLength + 1];
        Span<int> candidates = stackalloc int[BatchLength];
        TRoller roller = TRoller.Start(data.Slice(position, length));
        for (int start = position; start < end; start += BatchLength)
        {
            // Behind the last window of the data nothing enters.
            int rolls = Math.Min(BatchLength, data.Length - length - start);
            TRoller.RollAll(ref roller, data.Slice(start, rolls), data.Slice(start + length, rolls), keys);
            ReadOnlySpan<uint> batch = keys[..Math.Min(BatchLength, end - start)];
            ReadOnlySpan<int> found = candidates[..index.Filter.FindCandidates(batch, candidates)];
            foreach (int offset in found) index.Prefetch(batch[offset]);
            foreach (int offset in found)
            {
                int block = index.Find(batch[offset], data.Slice(start + offset, length));
                if (block < 0) continue;
                position = start + offset;
                return block;
            }
        }
        return -1;
    }

    /// <summary>
    /// A basis that is no multiple of its block length ends with a short block, which is not in the index: it is looked for in the last
    /// bytes of the file.
    /// </summary>
    private void AddShortTail(ReadOnlySpan<byte> data, ref int literalStart, CommandList commands)
    {
        int last = signature.BlockCount - 1;
        int length = last < 0 ? 0 : signature.LengthOf(last);
        int position = Math.Max(literalStart, data.Length - _blockLength);
        if (length == 0 || length > data.Length - position) return;
        uint key = TRoller.KeyOf(signature.WeakOf(last), length);
        TRoller roller = TRoller.Start(data.Slice(position, length));
        while (roller.Key != key || !IsAt(data, position, last))
        {
            if (position + length == data.Length) return;
            roller.Roll(data[position], data[position + length]);
            position++;
        }
        commands.Add(DeltaCommand.Literal(position - literalStart));
        commands.Add(new DeltaCommand(signature.StartOf(last), length));
        literalStart = position + length;
    }
}
