using System.IO.Hashing;

namespace SyncHop.Engine.Signatures;

/// <summary>Hashes what is read from or written to another stream, and ends when that many bytes have been read. It does not own that stream.</summary>
/// <param name="inner">The other stream.</param>
/// <param name="length">Bytes that may be read.</param>
internal sealed class HashedStream(Stream inner, long length = 0) : Stream
{
    private readonly XxHash128 _hash = new();
    private long _left = length;

    /// <summary>Bytes that went through.</summary>
    public long Passed { get; private set; }

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>XXH128 of everything so far.</summary>
    public byte[] Hash() => _hash.GetCurrentHash();

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= count;
        Pass(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Pass(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Pass(ReadOnlySpan<byte> data)
    {
        _hash.Append(data);
        Passed += data.Length;
    }
}
