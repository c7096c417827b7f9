using SyncHop.Delta;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>An open file of this machine, whose reads are done when they return, as the delta library reads files.</summary>
internal sealed class SourceFileBytes(ISourceFile file, long length, CancellationToken cancellation) : ByteSource
{
    public override long Length => length;

    public override int Read(long offset, Span<byte> buffer)
    {
        byte[] bytes = System.Buffers.ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            int read = file.ReadAsync(offset, bytes.AsMemory(0, buffer.Length), cancellation).AsTask().GetAwaiter().GetResult();
            bytes.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
