using System.Buffers;
using SyncHop.Engine;

namespace SyncHop.Cli.Terminal;

/// <summary>
/// Standard output and error as raw bytes. Standard output is buffered unless it is a terminal; what is buffered appears at
/// the latest after <see cref="FlushDelay"/>, and before anything that goes to standard error. A failed write, as to a pipe
/// whose reader has gone, silences the output; as in rsync the work goes on.
/// </summary>
/// <param name="outputDescriptor">The descriptor of standard output.</param>
/// <param name="errorDescriptor">The descriptor of standard error.</param>
internal sealed class StandardOutput(int outputDescriptor = 1, int errorDescriptor = 2) : IOutput, IDisposable
{
    private const int BufferSize = 32 * 1024;

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly bool _prompt = Posix.IsTerminal(outputDescriptor) == 1;
    private readonly StatusArea _status = new(errorDescriptor);
    private Timer? _flushTimer;
    private bool _flushPending;

    /// <summary>How long a buffered line may wait.</summary>
    public static TimeSpan FlushDelay { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How much is written at once.</summary>
    public OutputBuffering Buffering { get; set; }

    /// <summary>Whether standard error gets everything (<c>--stderr=all</c>).</summary>
    public bool WritesAllToError { get; set; }

    /// <summary>Gets what goes to standard error too; null for none. Disposed of with the output.</summary>
    public LogFile? Log { get; set; }

    /// <summary>The errno of the first failed write to standard output; 0 if there was none.</summary>
    public int Failure { get; private set; }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> text)
    {
        lock (_lock)
        {
            if (WritesAllToError)
            {
                WriteAroundStatus(errorDescriptor, text);
                return;
            }

            if (Failure != 0) return;
            _buffer.Write(text);
            if (Buffering == OutputBuffering.Block)
            {
                if (_buffer.WrittenCount >= BufferSize) FlushLocked();
                return;
            }

            if (_prompt || Buffering is OutputBuffering.None or OutputBuffering.Line || _buffer.WrittenCount >= BufferSize) FlushLocked();
            else ScheduleFlush();
        }
    }

    /// <inheritdoc/>
    public void WriteError(ReadOnlySpan<byte> text)
    {
        lock (_lock)
        {
            FlushLocked();
            WriteAroundStatus(errorDescriptor, text); // Nobody is left to tell if this fails.
            Log?.Write(text.ToArray());
        }
    }

    /// <summary>Writes out what is buffered.</summary>
    public void Flush()
    {
        lock (_lock) FlushLocked();
    }

    /// <summary>Shows lines below everything else on standard error, a terminal; none removes them.</summary>
    public void ShowStatus(IReadOnlyList<byte[]> lines)
    {
        lock (_lock) _status.Show(lines);
    }

    /// <summary>Keeps the status away while something else writes to the terminal, until what is returned is disposed of.</summary>
    public IDisposable HoldStatus()
    {
        lock (_lock) _status.Hold();
        return new StatusHold(this);
    }

    /// <summary>Stops the process without its status on the screen.</summary>
    /// <param name="stop">Stops it; returns when it goes on.</param>
    public void Suspend(Action stop)
    {
        // Nobody else writes until it goes on; but a terminal that takes nothing must not keep it from stopping.
        bool entered = _lock.TryEnter(FlushDelay);
        if (entered) _status.Hold();
        stop();
        if (!entered) return;
        _status.Release();
        _lock.Exit();
    }

    /// <summary>Removes the status on the way out of the process, whatever other threads are stuck in.</summary>
    public void AbandonStatus()
    {
        if (!_lock.TryEnter(FlushDelay)) return;
        _status.Show([]);
        _lock.Exit();
    }

    /// <summary>Writes out what is buffered; nothing may be written afterwards.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _flushTimer?.Dispose();
            FlushLocked();
            Log?.Dispose();
        }
    }

    private void ScheduleFlush()
    {
        if (_flushPending) return;
        _flushPending = true;
        _flushTimer ??= new Timer(static state => ((StandardOutput)state!).Flush(), this, Timeout.Infinite, Timeout.Infinite);
        _flushTimer.Change(FlushDelay, Timeout.InfiniteTimeSpan);
    }

    private void FlushLocked()
    {
        _flushPending = false;
        if (_buffer.WrittenCount == 0) return;
        int error = Failure != 0 ? 0 : _prompt ? WriteAroundStatus(outputDescriptor, _buffer.WrittenSpan) : Posix.WriteAll(outputDescriptor, _buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
        if (error != 0) Failure = error;
    }

    private int WriteAroundStatus(int descriptor, ReadOnlySpan<byte> text)
    {
        bool isDrawn = _status.IsDrawn;
        _status.Erase();
        int error = Posix.WriteAll(descriptor, text);
        if (isDrawn) _status.Draw();
        return error;
    }

    private sealed class StatusHold(StandardOutput output) : IDisposable
    {
        public void Dispose()
        {
            lock (output._lock) output._status.Release();
        }
    }
}
