namespace SyncHop.Delta;

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryByteSource(ReadOnlyMemory<byte> memory) : ByteSource
{
    public override long Length => memory.Length;

    public override int Read(long offset, Span<byte> buffer)
    {
        if (offset >= memory.Length) return 0;
        ReadOnlySpan<byte> rest = memory.Span[(int)offset..];
        int count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    public override bool TryGetSpan(long offset, int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = memory.Span.Slice((int)offset, count);
        return true;
    }
}
