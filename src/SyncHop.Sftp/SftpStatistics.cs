namespace SyncHop.Sftp;

/// <summary>What went through one client since it was connected.</summary>
/// <param name="Requests">Requests sent, without INIT.</param>
/// <param name="Replies">Replies received, without VERSION.</param>
/// <param name="Flushes">Flushes of the channel; many requests can share one.</param>
/// <param name="BytesSent">Bytes of SFTP packets sent.</param>
/// <param name="BytesReceived">Bytes of SFTP packets received.</param>
public readonly record struct SftpStatistics(
    long Requests, long Replies, long Flushes, long BytesSent, long BytesReceived);
