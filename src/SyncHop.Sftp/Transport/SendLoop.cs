using System.IO.Pipelines;

namespace SyncHop.Sftp;

/// <summary>
/// The one writer of the channel. It copies queued requests into the pipe and flushes when the queue has run empty
/// or enough bytes have come together, so a burst of small requests costs one flush.
/// </summary>
internal sealed class SendLoop(
    PipeWriter output, SendQueue queue, PendingTable pending, InFlightLimit limit, AsyncSignal signal, Connection connection)
{
    /// <summary>Bytes after which a flush is due although more requests are waiting.</summary>
    private const int FlushThreshold = 64 * 1024;

    /// <summary>Room asked of the pipe at a time: large enough for few pieces, small enough for any pool.</summary>
    private const int Piece = 32 * 1024;

    private int _unflushed;

    /// <summary>Nothing is left in the pipe's own buffer. To be asked when the loop has ended.</summary>
    public bool IsFlushed => _unflushed == 0;

    /// <summary>Runs until the connection fails or is closed.</summary>
    public async Task RunAsync(CancellationToken closing)
    {
        while (!closing.IsCancellationRequested)
        {
            if (queue.Dequeue() is { } request)
                await SendAsync(request, closing).ConfigureAwait(false);
            else if (_unflushed > 0)
                await FlushAsync(closing).ConfigureAwait(false);
            else
                await signal.WaitAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask SendAsync(SftpRequest request, CancellationToken closing)
    {
        int payload = request.PayloadLength;
        while (!limit.TryAcquire(payload))
        {
            if (_unflushed > 0)
                await FlushOrFailAsync(request, closing).ConfigureAwait(false);
            else
                await signal.WaitAsync().ConfigureAwait(false);
            if (closing.IsCancellationRequested)
            {
                request.FailAndRelease(connection.NewException());
                return;
            }
        }
        if (!request.TryBeginSend())
        {
            limit.Release(payload);
            request.ReleaseOwner();
            return;
        }
        if (!pending.TryAdd(request))
        {
            request.FailSend(connection.NewException());
            return;
        }
        try
        {
            Copy(request);
        }
        finally
        {
            // Also after a failure: it is in the pending table now, from where it will be failed.
            request.EndSend();
        }
        if (_unflushed >= FlushThreshold)
            await FlushAsync(closing).ConfigureAwait(false);
    }

    /// <summary>Flushes with a request in hand that is neither in the queue nor in the table.</summary>
    private async ValueTask FlushOrFailAsync(SftpRequest request, CancellationToken closing)
    {
        try
        {
            await FlushAsync(closing).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            connection.Fail(e);
            request.FailAndRelease(connection.NewException());
            throw;
        }
    }

    private void Copy(SftpRequest request)
    {
        request.Packet.SetId(request.Id);
        Write(request.Packet.Bytes);
        Write(request.Payload.Span);
        connection.Counters.CountRequest(request.Packet.Length + request.Payload.Length);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _unflushed += bytes.Length;
        while (!bytes.IsEmpty)
        {
            Span<byte> room = output.GetSpan(Math.Min(bytes.Length, Piece));
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            output.Advance(count);
            bytes = bytes[count..];
        }
    }

    private async ValueTask FlushAsync(CancellationToken closing)
    {
        connection.Counters.CountFlush();
        FlushResult result = await output.FlushAsync(closing).ConfigureAwait(false);
        _unflushed = 0;
        if (result.IsCompleted)
            throw new SftpConnectionLostException("the channel to the SFTP server was closed");
    }
}
