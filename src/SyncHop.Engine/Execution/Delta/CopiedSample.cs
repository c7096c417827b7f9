using System.IO.Hashing;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>
/// A sample of the blocks that a signature said the host has already: read back before the new file takes its place, it shows a file
/// that was changed behind the signature's back. Always the first and the last such block, and a random set of 1 % of all, at most 64.
/// </summary>
/// <param name="fileLength">Length of the new file in bytes.</param>
/// <param name="blockLength">Bytes of a block.</param>
internal sealed class CopiedSample(long fileLength, int blockLength)
{
    private const int MostRandom = 64;
    private const int RandomShare = 100; // one block of that many

    private readonly Checked[] _random = new Checked[Math.Clamp(fileLength / blockLength / RandomShare, 0, MostRandom)];
    private Checked? _first, _last;
    private long _seen;

    private readonly record struct Checked(long Offset, int Length, UInt128 Hash);

    /// <summary>Notes a range whose content is believed to be on the host; in the order of the file.</summary>
    /// <param name="offset">Where it begins in the new file.</param>
    /// <param name="data">The content it must have.</param>
    public void Add(long offset, ReadOnlySpan<byte> data)
    {
        for (int start = 0; start < data.Length; start += blockLength)
        {
            ReadOnlySpan<byte> block = data.Slice(start, Math.Min(blockLength, data.Length - start));
            // Algorithm R: each block so far is in the set with the same probability.
            long place = _random.Length == 0 ? _random.Length
                : _seen < _random.Length ? _seen
                : Random.Shared.NextInt64(_seen + 1);
            if (place < _random.Length) _random[place] = Of(offset + start, block);
            _first ??= Of(offset + start, block);
            if (start + blockLength >= data.Length) _last = Of(offset + start, block);
            _seen++;
        }
    }

    /// <summary>Reads the sample back.</summary>
    /// <param name="written">The new file as far as it was written.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Whether all of it is as it must be.</returns>
    public async Task<bool> HoldsAsync(ISourceFile written, CancellationToken cancellation)
    {
        if (_first is null) return true;
        List<Checked> all = [_first.Value, _last!.Value, .. _random.AsSpan(0, (int)Math.Min(_seen, _random.Length))];
        bool[] equal = await Task.WhenAll(all.Distinct().Select(one => IsEqualAsync(one, written, cancellation))).ConfigureAwait(false);
        return Array.TrueForAll(equal, static one => one);
    }

    private static async Task<bool> IsEqualAsync(Checked expected, ISourceFile written, CancellationToken cancellation)
    {
        byte[] buffer = new byte[expected.Length];
        int read = await written.ReadAsync(expected.Offset, buffer, cancellation).ConfigureAwait(false);
        return read == expected.Length && XxHash128.HashToUInt128(buffer) == expected.Hash;
    }

    private static Checked Of(long offset, ReadOnlySpan<byte> block) => new(offset, block.Length, XxHash128.HashToUInt128(block));
}
