namespace SyncHop.LinkEmulator;

/// <summary>What a link is like; the same in both directions.</summary>
public sealed record LinkSettings
{
    /// <summary>One-way delay: half of the round trip.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Payload bytes per second that all connections of the link share in one direction; 0 for no limit.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>
    /// How many bytes of one connection may be under way in one direction until their arrival is known to the sender, as
    /// TCP's window. 6 MiB, Linux's largest receive buffer (tcp_rmem), unless said otherwise.
    /// </summary>
    public long Window { get; init; } = 6 << 20;

    /// <summary>How long bytes may wait in front of a link that is busy, as in a router's queue; the sender stops then.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What is taken from a sender at once: half a millisecond of the link, so that the rate is even.</summary>
    internal int ChunkLength => BytesPerSecond == 0 ? 65536 : (int)Math.Clamp(BytesPerSecond / 2000, 4096, 65536);
}
