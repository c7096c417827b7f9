using Microsoft.Win32.SafeHandles;

namespace SyncHop.Delta;

/// <summary>Bytes that can be read at any offset, from several threads at once.</summary>
public abstract class ByteSource
{
    /// <summary>Number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads bytes at <paramref name="offset"/>; fewer than asked for are allowed, 0 means the end.</summary>
    public abstract int Read(long offset, Span<byte> buffer);

    /// <summary>Gives a range that is in memory already, without copying.</summary>
    /// <returns>False when it has to be read.</returns>
    public virtual bool TryGetSpan(long offset, int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return false;
    }

    /// <summary>A source over memory.</summary>
    public static ByteSource FromMemory(ReadOnlyMemory<byte> memory) => new MemoryByteSource(memory);

    /// <summary>A source over an open file, with the length that it has now. The handle stays the caller's.</summary>
    public static ByteSource FromFile(SafeFileHandle handle) => new FileByteSource(handle);

    /// <summary>Fills the whole buffer.</summary>
    /// <exception cref="DeltaException">The source ended early.</exception>
    internal void ReadExactly(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = Read(offset, buffer);
            if (count <= 0)
                throw new DeltaException(DeltaError.SourceChanged, $"the file became shorter while it was read: it ends at byte {offset}");
            offset += count;
            buffer = buffer[count..];
        }
    }
}
