namespace SyncHop.Delta;

/// <summary>One worker's view of a source: the memory itself where possible, else its own buffer, filled by reading.</summary>
internal sealed class SegmentBuffer(ByteSource source)
{
    private byte[] _buffer = [];
    private long _offset;
    private int _count;

    /// <summary>The range that was loaded last.</summary>
    public ReadOnlySpan<byte> Loaded =>
        source.TryGetSpan(_offset, _count, out ReadOnlySpan<byte> bytes) ? bytes : _buffer.AsSpan(0, _count);

    /// <summary>The bytes of a range; valid until the next call.</summary>
    /// <exception cref="DeltaException">The source ended early.</exception>
    public ReadOnlySpan<byte> Load(long offset, int count)
    {
        (_offset, _count) = (offset, count);
        if (source.TryGetSpan(offset, count, out ReadOnlySpan<byte> bytes)) return bytes;
        if (_buffer.Length < count) _buffer = GC.AllocateUninitializedArray<byte>(count);
        Span<byte> target = _buffer.AsSpan(0, count);
        source.ReadExactly(offset, target);
        return target;
    }
}
