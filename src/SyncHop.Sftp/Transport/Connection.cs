using System.IO.Pipelines;

namespace SyncHop.Sftp;

/// <summary>One channel with its send and receive loop, the requests between them, and the first failure.</summary>
internal sealed class Connection : IAsyncDisposable
{
    private readonly IDuplexPipe _channel;
    private readonly CancellationTokenSource _closing = new();
    private readonly AsyncSignal _signal = new();
    private readonly SendQueue _queue;
    private readonly PendingTable _pending;
    private readonly InFlightLimit _limit;
    private Task _loops = Task.CompletedTask;
    private SendLoop? _sender;
    private SftpConnectionException? _failure;

    public Connection(IDuplexPipe channel, int maxRequests, long maxWriteBytes)
    {
        _channel = channel;
        _queue = new SendQueue(_signal);
        _pending = new PendingTable(maxRequests);
        _limit = new InFlightLimit(maxRequests, maxWriteBytes, _signal);
    }

    public TransferCounters Counters { get; } = new();

    /// <summary>Starts the loops; the version has been negotiated.</summary>
    public void Start()
    {
        _sender = new SendLoop(_channel.Output, _queue, _pending, _limit, _signal, this);
        var receiver = new ReceiveLoop(_channel.Input, _pending, _limit, this);
        _loops = Task.WhenAll(
            Task.Run(() => GuardAsync(_sender.RunAsync(_closing.Token))),
            Task.Run(() => GuardAsync(receiver.RunAsync(_closing.Token))));
    }

    /// <summary>Queues a request that was prepared; if the connection has failed, the request fails with it.</summary>
    public void Submit(SftpRequest request)
    {
        if (!_queue.TryEnqueue(request))
            request.FailAndRelease(NewException());
    }

    /// <summary>Why the connection is unusable, to be thrown for one request.</summary>
    public SftpConnectionException NewException() =>
        Volatile.Read(ref _failure)?.ForAnotherRequest()
        ?? throw new InvalidOperationException("The connection has not failed.");

    /// <summary>The first failure ends both loops and fails every request; later ones change nothing.</summary>
    public void Fail(Exception cause)
    {
        SftpConnectionException failure = cause as SftpConnectionException ?? new SftpConnectionLostException(
            $"the channel to the SFTP server failed: {cause.Message}", cause);
        if (Interlocked.CompareExchange(ref _failure, failure, null) is not null)
            return;
        _queue.Close();
        _closing.Cancel();
        _signal.Set();
        _channel.Input.CancelPendingRead();
        while (_queue.Dequeue() is { } queued)
            queued.FailAndRelease(NewException());
        foreach (SftpRequest sent in _pending.Close())
            sent.FailAndRelease(NewException());
    }

    public async ValueTask DisposeAsync()
    {
        var closed = new SftpConnectionLostException("the SFTP client was closed");
        Fail(closed);
        await _loops.ConfigureAwait(false);
        // Without an exception a stream's writer would write what is left, to a server that may not take it any more.
        bool clean = ReferenceEquals(_failure, closed) && _sender is null or { IsFlushed: true };
        await CompleteAsync(_channel.Output.CompleteAsync(clean ? null : _failure)).ConfigureAwait(false);
        await CompleteAsync(_channel.Input.CompleteAsync()).ConfigureAwait(false);
        _closing.Dispose();
    }

    /// <summary>The channel's own trouble with ending is nobody's any more: every request has its result.</summary>
    private static async ValueTask CompleteAsync(ValueTask completion)
    {
        try
        {
            await completion.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task GuardAsync(Task loop)
    {
        try
        {
            await loop.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever ends a loop ends the connection; the requests carry it to the callers.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }
    }
}
