using Microsoft.Win32.SafeHandles;

namespace SyncHop.Delta;

/// <summary>
/// An open file. Read, not mapped: a mapped file that someone truncates kills the process (SIGBUS), and reading buffers that fit the
/// processor's cache is as fast.
/// </summary>
internal sealed class FileByteSource(SafeFileHandle handle) : ByteSource
{
    public override long Length { get; } = RandomAccess.GetLength(handle);

    public override int Read(long offset, Span<byte> buffer) => RandomAccess.Read(handle, buffer, offset);
}
