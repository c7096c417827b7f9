using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using SyncHop.Ssh.Transport;

namespace SyncHop.Ssh;

/// <summary>A duplex byte channel to a program on the final host, with bounded buffers in both directions.</summary>
/// <remarks>
/// When <see cref="Input"/> is not read, the thread that receives for the whole connection waits: memory stays
/// bounded by the pipe and the sockets, and the server's data waits in TCP. When the server does not read,
/// flushing <see cref="Output"/> waits. So a reader must never wait for its own writer.
/// </remarks>
public sealed class SshChannel : IDuplexPipe, IAsyncDisposable
{
    // Twice a channel window of OpenSSH: enough to keep the link busy while the reader is scheduled.
    private const int MostReceived = 4 << 20;

    // What is in here nothing can overtake any more; it only has to last until the writer is scheduled.
    private const int MostToSend = 512 << 10;
    private const int SegmentSize = 64 << 10;
    private static readonly TimeSpan PoliteTime = TimeSpan.FromMilliseconds(100);

    private readonly Pipe _received = new(Options(MostReceived));
    private readonly Pipe _toSend = new(Options(MostToSend));
    private readonly object _channel;
    private readonly Func<Exception?> _loss;
    private readonly Thread _sender;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytesReceived;
    private long _bytesSent;
    private int _inputEnded;
    private volatile bool _disposed;
    private volatile bool _isStalled;

    internal SshChannel(object channel, Func<Exception?> loss)
    {
        (_channel, _loss) = (channel, loss);
        SshNetInternals.OnDataReceived(channel, (_, e) => Receive(SshNetInternals.ReceivedData(e)));
        SshNetInternals.OnEndOfData(channel, (_, _) => EndInput(_loss()));
        SshNetInternals.OnClosed(channel, (_, _) =>
        {
            EndInput(_loss());
            StopSending();
        });
        _sender = new Thread(SendLoop) { IsBackground = true, Name = "synchop send" };
    }

    /// <summary>Bytes from the server. It ends normally when the remote program ends its output, and with a
    /// <see cref="HopException"/> that names the hop when a connection breaks.</summary>
    public PipeReader Input => _received.Reader;

    /// <summary>Bytes to the server. Completing it ends the remote program's input. When the channel ends, a flush
    /// returns with <see cref="FlushResult.IsCanceled"/> or <see cref="FlushResult.IsCompleted"/>, and <see cref="Input"/> says why.</summary>
    public PipeWriter Output => _toSend.Writer;

    /// <summary>Bytes received so far.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>Bytes handed to the connection so far.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>True while received data waits for the reader.</summary>
    internal bool IsStalled => _isStalled;

    /// <summary>Completes when nothing more will be received; fails with the reason, if there is one.</summary>
    internal Task InputEnded => _ended.Task;

    internal void Start() => _sender.Start();

    /// <summary>Ends the input: at the end of the data, when the connection broke, or when it is closed.</summary>
    internal void EndInput(Exception? reason)
    {
        if (Interlocked.Exchange(ref _inputEnded, 1) != 0) return;
        _received.Writer.Complete(reason);
        if (reason is null) _ended.TrySetResult();
        else EndWith(reason);
    }

    private void EndWith(Exception reason)
    {
        _ended.TrySetException(reason);
        _ = _ended.Task.Exception; // Nobody may wait for it: the reader of the input is told as well.
        StopSending();
    }

    // Nothing will be sent any more: wake the sender, and a writer that waits for room, which sees IsCanceled.
    private void StopSending()
    {
        _toSend.Reader.CancelPendingRead();
        _toSend.Writer.CancelPendingFlush();
    }

    /// <summary>Closes the channel at once; what was not sent yet is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Abandon()) return;
        // Telling the server blocks when it has stopped reading; then the end of the connection will tell it.
        Task close = Task.Run(((IDisposable)_channel).Dispose);
        await Task.WhenAny(close, Task.Delay(PoliteTime)).ConfigureAwait(false);
    }

    /// <summary>Lets go of every thread that waits for the user of the channel.</summary>
    /// <returns>False when that was done before.</returns>
    internal bool Abandon()
    {
        if (_disposed) return false;
        _disposed = true;
        _received.Writer.CancelPendingFlush();
        StopSending();
        return true;
    }

    // On the receive thread of the session, whose other work is the windows, rekeying, other channels and
    // keepalive replies: they wait with the data, and go on as soon as the reader does.
    private void Receive(ArraySegment<byte> data)
    {
        if (_disposed) return;
        _received.Writer.Write(data);
        Interlocked.Add(ref _bytesReceived, data.Count);
        ValueTask<FlushResult> flush = _received.Writer.FlushAsync();
        if (flush.IsCompleted)
        {
            flush.GetAwaiter().GetResult();
            return;
        }

        _isStalled = true;
        flush.AsTask().GetAwaiter().GetResult();
        _isStalled = false;
    }

    // A thread of its own, because sending blocks while the server's window is full.
    private void SendLoop()
    {
        try
        {
            while (!_disposed)
            {
                ValueTask<ReadResult> pending = _toSend.Reader.ReadAsync();
                ReadResult read = pending.IsCompleted ? pending.Result : pending.AsTask().GetAwaiter().GetResult();
                if (read.IsCanceled) break;
                foreach (ReadOnlyMemory<byte> memory in read.Buffer) Send(memory);
                _toSend.Reader.AdvanceTo(read.Buffer.End);
                if (!read.IsCompleted) continue;
                SshNetInternals.SendEof(_channel);
                break;
            }
        }
        catch (Exception)
        {
            // The connection is gone, which the input reports with the name of the hop.
        }

        _toSend.Reader.Complete();
    }

    private void Send(ReadOnlyMemory<byte> memory)
    {
        if (!MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> segment)) segment = memory.ToArray();
        SshNetInternals.SendData(_channel, segment.Array!, segment.Offset, segment.Count);
        Interlocked.Add(ref _bytesSent, segment.Count);
    }

    private static PipeOptions Options(int most) => new(
        pauseWriterThreshold: most,
        resumeWriterThreshold: most / 2,
        minimumSegmentSize: SegmentSize,
        useSynchronizationContext: false);
}
