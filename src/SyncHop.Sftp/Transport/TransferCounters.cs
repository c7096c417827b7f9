namespace SyncHop.Sftp;

/// <summary>Counts for <see cref="SftpStatistics"/>; each field has one writer.</summary>
internal sealed class TransferCounters
{
    private long _requests;
    private long _replies;
    private long _flushes;
    private long _bytesSent;
    private long _bytesReceived;

    public SftpStatistics Snapshot() => new(
        Volatile.Read(ref _requests),
        Volatile.Read(ref _replies),
        Volatile.Read(ref _flushes),
        Volatile.Read(ref _bytesSent),
        Volatile.Read(ref _bytesReceived));

    public void CountRequest(int bytes)
    {
        Volatile.Write(ref _requests, _requests + 1);
        CountSent(bytes);
    }

    public void CountSent(int bytes) => Volatile.Write(ref _bytesSent, _bytesSent + bytes);

    public void CountFlush() => Volatile.Write(ref _flushes, _flushes + 1);

    public void CountReply() => Volatile.Write(ref _replies, _replies + 1);

    public void CountReceived(long bytes) => Volatile.Write(ref _bytesReceived, _bytesReceived + bytes);
}
