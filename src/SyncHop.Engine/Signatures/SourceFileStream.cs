using System.Buffers;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Signatures;

/// <summary>
/// A replica's file as a stream, from its beginning on, for code that reads streams: reading blocks the thread, with some reads on
/// the way ahead.
/// </summary>
/// <param name="file">The file; it stays open.</param>
/// <param name="length">Its length in bytes, or a guess: see <see cref="Know"/>.</param>
/// <param name="block">Bytes of a read.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class SourceFileStream(ISourceFile file, long length, int block, CancellationToken cancellation) : Stream
{
    private const int BytesAhead = 4 << 20;

    private readonly Queue<(byte[] Buffer, Task<int> Read)> _ahead = new();
    private long _length = length;
    private long _asked;
    private byte[]? _current;
    private int _start, _end;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => _length;

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends the first reads, before the length is known for sure.</summary>
    public void ReadAhead()
    {
        while (_asked < _length && _ahead.Count * (long)block < BytesAhead)
        {
            int count = (int)Math.Min(block, _length - _asked);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(count);
            _ahead.Enqueue((buffer, file.ReadAsync(_asked, buffer.AsMemory(0, count), cancellation).AsTask()));
            _asked += count;
        }
    }

    /// <summary>Replaces the guess; before the first byte is read.</summary>
    public void Know(long length) => _length = length;

    /// <exception cref="ReplicaException">Reading failed.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !Next()) return 0;
        int count = Math.Min(buffer.Length, _end - _start);
        _current.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>All of it, without blocking a thread.</summary>
    /// <exception cref="ReplicaException">Reading failed.</exception>
    public async Task<byte[]> ReadAllAsync()
    {
        byte[] all = new byte[_length];
        int end = 0;
        while (end < all.Length)
        {
            ReadAhead();
            if (!_ahead.TryPeek(out (byte[] Buffer, Task<int> Read) first)) break;
            int read = Math.Min(await first.Read.ConfigureAwait(false), all.Length - end);
            _ahead.Dequeue();
            first.Buffer.AsSpan(0, read).CopyTo(all.AsSpan(end));
            ArrayPool<byte>.Shared.Return(first.Buffer);
            if (read == 0) break;
            end += read;
        }
        return all[..end];
    }

    public override async ValueTask DisposeAsync()
    {
        Return();
        // The buffers are lent until the reads have ended.
        while (_ahead.TryDequeue(out (byte[] Buffer, Task<int> Read) rest))
        {
            await ((Task)rest.Read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(rest.Buffer);
        }
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private bool Next()
    {
        Return();
        ReadAhead();
        if (!_ahead.TryPeek(out (byte[] Buffer, Task<int> Read) first)) return false;
        int read = first.Read.GetAwaiter().GetResult();
        _ahead.Dequeue();
        (_current, _start, _end) = (first.Buffer, 0, read);
        return read > 0;
    }

    private void Return()
    {
        if (_current is not null) ArrayPool<byte>.Shared.Return(_current);
        (_current, _start, _end) = (null, 0, 0);
    }
}
