namespace SyncHop.Sftp;

/// <summary>An open file or directory on the server. Close it with <see cref="SftpClient.CloseAsync"/>.</summary>
/// <remarks>
/// Servers use the same handle again for another file as soon as it is closed. So a handle that was closed
/// cannot be used: operations on it throw <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class SftpHandle
{
    private readonly byte[] _bytes;
    private int _closed;
    private int _unsent;

    internal SftpHandle(byte[] bytes) => _bytes = bytes;

    /// <summary>CLOSE has been sent or queued.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>The server's opaque name of it.</summary>
    internal ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return _bytes;
        }
    }

    /// <summary>Requests about it wait to be sent (or were given up while they did): a CLOSE has to stay behind them.</summary>
    internal bool HasUnsent => Volatile.Read(ref _unsent) != 0;

    internal void NoteQueued() => Interlocked.Increment(ref _unsent);

    internal void NoteSent() => Interlocked.Decrement(ref _unsent);

    /// <summary>Ends its use and returns the bytes for the CLOSE request; only the first caller gets them.</summary>
    internal ReadOnlySpan<byte> TakeForClose()
    {
        ObjectDisposedException.ThrowIf(Interlocked.Exchange(ref _closed, 1) != 0, this);
        return _bytes;
    }
}
