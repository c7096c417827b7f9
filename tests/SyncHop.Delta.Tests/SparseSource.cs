namespace SyncHop.Delta.Tests;

/// <summary>Zeros of any length with a few bytes written into them.</summary>
internal sealed class SparseSource(long length, params (long Offset, byte[] Bytes)[] islands) : ByteSource
{
    public override long Length => length;

    public override int Read(long offset, Span<byte> buffer)
    {
        int count = (int)Math.Min(buffer.Length, Math.Max(0, length - offset));
        buffer[..count].Clear();
        foreach ((long start, byte[] bytes) in islands)
        {
            long from = Math.Max(start, offset);
            long to = Math.Min(start + bytes.Length, offset + count);
            if (from < to) bytes.AsSpan((int)(from - start), (int)(to - from)).CopyTo(buffer[(int)(from - offset)..]);
        }
        return count;
    }
}
