namespace SyncHop.Engine.Contract;

/// <summary>Which ranges of a file are known to be written; any task may add.</summary>
public sealed class WrittenRanges
{
    /// <summary>Ranges that are remembered; what is written beyond is as if it were not known.</summary>
    private const int MostRanges = 1024;

    private readonly Lock _lock = new();
    private readonly SortedList<long, long> _ends = []; // by starts; they do not touch each other

    /// <summary>Notes a range.</summary>
    /// <param name="offset">Where it begins, in bytes.</param>
    /// <param name="length">Its length in bytes.</param>
    public void Add(long offset, long length)
    {
        if (length <= 0) return;
        lock (_lock)
        {
            long start = offset, end = offset + length;
            int index = FirstEndingAt(start);
            while (index < _ends.Count && _ends.GetKeyAtIndex(index) <= end)
            {
                start = Math.Min(start, _ends.GetKeyAtIndex(index));
                end = Math.Max(end, _ends.GetValueAtIndex(index));
                _ends.RemoveAt(index);
            }
            if (_ends.Count < MostRanges) _ends.Add(start, end);
        }
    }

    /// <summary>How far the file is written without a gap from <paramref name="start"/> on: <paramref name="start"/> itself where it is not.</summary>
    public long EndFrom(long start)
    {
        lock (_lock)
        {
            int index = FirstEndingAt(start);
            return index < _ends.Count && _ends.GetKeyAtIndex(index) <= start ? _ends.GetValueAtIndex(index) : start;
        }
    }

    /// <summary>The index of the first range that ends at <paramref name="offset"/> or behind it.</summary>
    private int FirstEndingAt(long offset)
    {
        int low = 0, high = _ends.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ends.GetValueAtIndex(middle) < offset) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
