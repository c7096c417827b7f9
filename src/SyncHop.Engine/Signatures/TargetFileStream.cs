using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Signatures;

/// <summary>A replica's new file as a stream, for code that writes to streams: a write waits until the file has taken the data.</summary>
/// <param name="file">The file; it stays open.</param>
/// <param name="cancellation">Ends the waiting.</param>
internal sealed class TargetFileStream(ITargetFile file, CancellationToken cancellation) : Stream
{
    private readonly byte[] _buffer = new byte[1 << 17];
    private int _used;

    /// <summary>Bytes written and flushed.</summary>
    public long Written { get; private set; }

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ReplicaException">A write failed.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_used == _buffer.Length) Flush();
            int count = Math.Min(buffer.Length, _buffer.Length - _used);
            buffer[..count].CopyTo(_buffer.AsSpan(_used));
            _used += count;
            buffer = buffer[count..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        file.WriteAsync(Written, _buffer.AsMemory(0, _used), cancellation).AsTask().GetAwaiter().GetResult();
        Written += _used;
        _used = 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
