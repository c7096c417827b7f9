using System.Numerics;
using SyncHop.Delta;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Hashing;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>
/// Compares the new file's blocks with those at the same places of a file that its host hashes itself: such hashes cannot be rolled, so
/// what has moved is not found. They are asked for ahead of the new file, which changes nothing that is not hashed yet.
/// </summary>
internal sealed class HostHashMatcher : IBlockMatcher
{
    private const int ShortestBlock = 1 << 10, LongestBlock = 1 << 16;

    private readonly HostHashes _hashes;

    private HostHashMatcher(HostHashes hashes) => _hashes = hashes;

    public int BlockLength => _hashes.BlockLength;

    public int SegmentLength => _hashes.PartLength;

    public int LookAhead => 0;

    public long Made { get; private set; }

    public long SignatureBytes => _hashes.Bytes;

    /// <summary>Begins to ask for the hashes of the file that is there.</summary>
    /// <param name="basis">The file, open until the last segment is scanned.</param>
    /// <param name="basisLength">Its length in bytes.</param>
    /// <param name="newLength">Length of the new file in bytes.</param>
    /// <param name="blockLength">Bytes of a block; null to choose.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <returns>null when the host does not tell.</returns>
    public static async Task<HostHashMatcher?> StartAsync(
        ISourceFile basis, long basisLength, long newLength, int? blockLength, CancellationToken cancellation)
    {
        int length = blockLength ?? LengthFor(basisLength);
        // What the new file does not reach is not hashed, but for the rest of its last block.
        long wanted = Math.Min(basisLength, (newLength + length - 1) / length * length);
        return await HostHashes.AskAsync(basis, wanted, length, cancellation).ConfigureAwait(false) is { } hashes ? new HostHashMatcher(hashes) : null;
    }

    public async Task<IReadOnlyList<DeltaCommand>> ScanAsync(Segment segment, CancellationToken cancellation)
    {
        List<DeltaCommand> commands = [];
        for (int done = 0; done < segment.Length; done += SegmentLength)
        {
            long start = segment.Start + done;
            ReadOnlyMemory<byte> part = segment.Own.Slice(done, Math.Min(SegmentLength, segment.Length - done));
            bool[] equal = await _hashes.CompareAsync(start, part).ConfigureAwait(false);
            for (int block = 0; block < equal.Length; block++)
            {
                long offset = (long)block * BlockLength;
                Add(commands, start + offset, Math.Min(BlockLength, part.Length - offset), equal[block]);
            }
        }
        return commands;
    }

    public IReadOnlyList<DeltaCommand> Settle(IReadOnlyList<DeltaCommand> commands, long start)
    {
        foreach (DeltaCommand command in commands) Made += command.Length;
        return commands;
    }

    /// <summary>
    /// The block length for a file of that many bytes, as <see cref="BlockSize.For"/> has it but with hashes of 32 bytes: √(32·32) · ⁴√size.
    /// Rounded down to a power of two, since pages and records that are changed in place are: 1 KiB for 1 MiB, 4 KiB for 1 GiB.
    /// </summary>
    public static int LengthFor(long fileLength) =>
        Math.Clamp(1 << BitOperations.Log2((uint)(Math.Sqrt(Math.Sqrt(fileLength)) * 32)), ShortestBlock, LongestBlock);

    private static void Add(List<DeltaCommand> commands, long start, long length, bool isEqual)
    {
        if (commands.Count > 0 && commands[^1] is var last && last.IsCopy == isEqual)
            commands[^1] = last with { Length = last.Length + length };
        else
            commands.Add(new DeltaCommand(isEqual ? start : -1, length));
    }
}
