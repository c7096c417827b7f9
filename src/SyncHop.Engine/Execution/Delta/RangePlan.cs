using System.Buffers.Binary;
using SyncHop.Delta;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>Which pieces of a remote file the local one has, by the remote one's signature: the delta the other way round.</summary>
internal static class RangePlan
{
    /// <summary>Different unknown blocks that are looked for among known ones.</summary>
    private const int MostUnknown = 1 << 20;

    /// <summary>Finds the pieces.</summary>
    /// <param name="wanted">The remote file's signature.</param>
    /// <param name="basis">The local file.</param>
    /// <param name="inPlace">Whether the file is made in the basis itself, from its beginning on: what comes before is gone then.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>All of the remote file, in order.</returns>
    /// <exception cref="DeltaException">The local file became shorter.</exception>
    public static IReadOnlyList<FetchedRange> Make(FileSignature wanted, ByteSource basis, bool inPlace, CancellationToken cancellation)
    {
        long[] found = FindBlocks(wanted, basis, cancellation);
        FindRepeated(wanted, found);
        List<FetchedRange> ranges = [];
        for (int block = 0; block < found.Length; block++)
        {
            long start = wanted.StartOf(block);
            long at = inPlace && found[block] < start ? -1 : found[block];
            FetchPlan.Add(ranges, new FetchedRange(start, wanted.LengthOf(block), at));
        }
        return ranges;
    }

    /// <summary>Where the basis has each block; -1 where it has not.</summary>
    private static long[] FindBlocks(FileSignature wanted, ByteSource basis, CancellationToken cancellation)
    {
        var found = new long[wanted.BlockCount];
        Array.Fill(found, -1);
        if (wanted.BlockCount == 0) return found;
        FileDelta delta = DeltaBuilder.Build(wanted, basis, cancellation: cancellation);
        long position = 0;
        foreach (DeltaCommand command in delta.Commands)
        {
            if (command.IsCopy)
            {
                // A part of a block proves nothing: its hash is that of the whole.
                int block = (int)((command.BasisOffset + wanted.BlockLength - 1) / wanted.BlockLength);
                long end = command.BasisOffset + command.Length;
                for (; block < found.Length && wanted.StartOf(block) + wanted.LengthOf(block) <= end; block++)
                    found[block] = position + wanted.StartOf(block) - command.BasisOffset;
            }
            position += command.Length;
        }
        return found;
    }

    /// <summary>A block that is in the file several times was found at one of its places only; the others are the same bytes.</summary>
    private static void FindRepeated(FileSignature wanted, long[] found)
    {
        Dictionary<(ulong, int), long> unknown = [];
        for (int block = 0; block < found.Length && unknown.Count < MostUnknown; block++)
        {
            if (found[block] < 0) unknown[KeyOf(block)] = -1;
        }
        if (unknown.Count == 0) return;
        for (int block = 0; block < found.Length; block++)
        {
            if (found[block] >= 0 && unknown.ContainsKey(KeyOf(block))) unknown[KeyOf(block)] = found[block];
        }
        for (int block = 0; block < found.Length; block++)
        {
            if (found[block] < 0 && unknown.TryGetValue(KeyOf(block), out long at)) found[block] = at;
        }

        (ulong, int) KeyOf(int block) => (BinaryPrimitives.ReadUInt64LittleEndian(wanted.StrongOf(block)), wanted.LengthOf(block));
    }
}
