namespace SyncHop.Delta;

/// <summary>
/// Collects block lengths while a signature is read. As long as all blocks but the last are equal, no start has to be stored.
/// </summary>
internal sealed class BlockLayout
{
    private List<long>? _starts;
    private int _count;
    private int _first;
    private int _last;

    /// <summary>Bytes of the largest block.</summary>
    public int LargestBlock { get; private set; }

    /// <summary>Bytes of all blocks.</summary>
    public long Length { get; private set; }

    /// <summary>The starts of the blocks; null when they follow from their number.</summary>
    public long[]? Starts => _starts is not null || _last > _first ? AllStarts().ToArray() : null;

    /// <summary>Adds the next block.</summary>
    public void Add(int length)
    {
        if (_count == 0) _first = length;
        if (_starts is null && _count > 0 && _last != _first) _starts = AllStarts();
        _starts?.Add(Length);
        _last = length;
        _count++;
        Length += length;
        LargestBlock = Math.Max(LargestBlock, length);
    }

    private List<long> AllStarts()
    {
        if (_starts is not null) return _starts;
        List<long> starts = new(_count + 1);
        for (int block = 0; block < _count; block++) starts.Add((long)block * _first);
        return starts;
    }
}
