namespace SyncHop.Sftp;

/// <summary>Bounds of one client.</summary>
public sealed record SftpClientOptions
{
    /// <summary>Most requests that are sent and not answered; further ones wait in the order of their calls.</summary>
    public int MaxRequestsInFlight { get; init; } = 4096;

    /// <summary>Most bytes of file data that are sent and not acknowledged; further writes wait.</summary>
    public long MaxWriteBytesInFlight { get; init; } = 8 * 1024 * 1024;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRequestsInFlight, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRequestsInFlight, 1 << 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWriteBytesInFlight, 1);
    }
}
