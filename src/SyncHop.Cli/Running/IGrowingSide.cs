using SyncHop.Engine;

namespace SyncHop.Cli.Running;

/// <summary>A remote side that can have more SFTP sessions than the first.</summary>
internal interface IGrowingSide
{
    /// <summary>How many connections to the final host there are.</summary>
    int Connections { get; }

    /// <summary>Bytes sent and received so far.</summary>
    WireBytes WireBytes { get; }

    /// <summary>Bytes of content that were asked for or are to be sent, and are not answered yet.</summary>
    long BytesUnderWay { get; }

    /// <summary>Opens one more connection and puts it to use.</summary>
    /// <param name="why">Why, for the user.</param>
    /// <param name="cancellation">Breaks off at once.</param>
    /// <returns>False when there are no more.</returns>
    Task<bool> AddConnectionAsync(string why, CancellationToken cancellation);

    /// <summary>Opens one more channel in the first connection and puts it to use, if the host has one.</summary>
    /// <param name="why">Why, for the user.</param>
    /// <param name="cancellation">Breaks off at once.</param>
    Task AddChannelAsync(string why, CancellationToken cancellation);
}
