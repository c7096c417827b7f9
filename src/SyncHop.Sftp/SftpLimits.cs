namespace SyncHop.Sftp;

/// <summary>Sizes to keep to, from <c>limits@openssh.com</c> (OpenSSH's PROTOCOL section 4.8) or conservative ones.</summary>
/// <param name="PacketLength">Longest packet the server takes, in bytes.</param>
/// <param name="ReadLength">Most bytes to ask for in one READ; at most 255 KiB.</param>
/// <param name="WriteLength">Most bytes to send in one WRITE; at most 255 KiB.</param>
/// <param name="OpenHandles">Files and directories that may be open at a time; null if the server does not tell.</param>
public sealed record SftpLimits(int PacketLength, int ReadLength, int WriteLength, long? OpenHandles)
{
    /// <summary>OpenSSH's client takes no smaller value from a server either; it keeps a bad server from a crawl.</summary>
    private const int MinimumData = 64;

    /// <summary>What every server of version 3 must be able to do.</summary>
    public static SftpLimits Conservative { get; } =
        new(PacketBounds.ConservativePacket, PacketBounds.ConservativeData, PacketBounds.ConservativeData, null);

    /// <summary>Makes usable limits of a server's figures, in which 0 means "not told".</summary>
    internal static SftpLimits FromServer(ulong packet, ulong read, ulong write, ulong handles)
    {
        int packetLength = packet == 0
            ? PacketBounds.ConservativePacket
            : (int)Math.Clamp(packet, 1024, PacketBounds.MaxReply);
        return new SftpLimits(
            packetLength, DataLength(read), DataLength(write), handles == 0 ? null : (long)Math.Min(handles, long.MaxValue));
    }

    private static int DataLength(ulong told) =>
        told == 0 ? PacketBounds.ConservativeData : (int)Math.Clamp(told, MinimumData, PacketBounds.MaxData);
}
