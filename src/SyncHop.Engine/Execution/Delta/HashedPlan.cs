using System.Buffers;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Hashing;
using SyncHop.Engine.Reporting;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>Which pieces of a remote file the local one has at the same places, by hashes that the remote host computes.</summary>
internal static class HashedPlan
{
    /// <summary>Reads the local file and compares it.</summary>
    /// <param name="wanted">The remote file.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="basis">The local file.</param>
    /// <param name="basisLength">Its length in bytes.</param>
    /// <param name="blockLength">Bytes of a block; null to choose.</param>
    /// <param name="statistics">Counts the hashes.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <returns>null when the host does not tell.</returns>
    public static async Task<FetchPlan?> MakeAsync(
        ISourceFile wanted, long length, ISourceFile basis, long basisLength, int? blockLength, Statistics statistics, CancellationToken cancellation)
    {
        int block = blockLength ?? HostHashMatcher.LengthFor(length);
        // Of what the local file does not reach nothing has to be known, but for the rest of its last block.
        long common = Math.Min(length, (basisLength + block - 1) / block * block);
        if (await HostHashes.AskAsync(wanted, common, block, cancellation).ConfigureAwait(false) is not { } hashes) return null;
        List<FetchedRange> ranges = [];
        byte[] buffer = ArrayPool<byte>.Shared.Rent(hashes.PartLength);
        try
        {
            for (long start = 0; start < common; start += hashes.PartLength)
            {
                int count;
                try
                {
                    count = await basis.ReadAsync(
                        start, buffer.AsMemory(0, (int)Math.Min(hashes.PartLength, common - start)), cancellation).ConfigureAwait(false);
                }
                catch (ReplicaException)
                {
                    // What cannot be read cannot help.
                    break;
                }
                bool[] equal = await hashes.CompareAsync(start, buffer.AsMemory(0, count)).ConfigureAwait(false);
                for (int i = 0; i < equal.Length; i++)
                {
                    int offset = i * hashes.BlockLength;
                    long at = start + offset;
                    FetchPlan.Add(ranges, new FetchedRange(at, Math.Min(hashes.BlockLength, count - offset), equal[i] ? at : -1));
                }
                if (count < hashes.PartLength) break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        statistics.CountSignature(hashes.Bytes);
        long known = ranges.Count == 0 ? 0 : ranges[^1].Offset + ranges[^1].Length;
        if (known < length) FetchPlan.Add(ranges, new FetchedRange(known, length - known, -1));
        return new FetchPlan(ranges, length, hashes.BlockLength, null);
    }
}
