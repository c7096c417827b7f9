namespace SyncHop.Sftp;

/// <summary>The sizes, in bytes, that bound what this client sends and accepts.</summary>
internal static class PacketBounds
{
    /// <summary>Version 3 of the protocol, the only one OpenSSH speaks.</summary>
    public const uint ProtocolVersion = 3;

    /// <summary>Most data in one READ or WRITE: OpenSSH's 256 KiB packet less 1 KiB for the headers.</summary>
    public const int MaxData = 255 * 1024;

    /// <summary>What every server must take (draft section 3: 34000 bytes, of which 32768 are data).</summary>
    public const int ConservativePacket = 34000;

    /// <summary>Data per READ and WRITE when the server does not tell its limits.</summary>
    public const int ConservativeData = 32 * 1024;

    /// <summary>Longest reply of an ordinary kind: OpenSSH's 256 KiB and a little for servers that count differently.</summary>
    public const uint MaxOrdinaryReply = 256 * 1024 + 1024;

    /// <summary>Longest NAME, VERSION or EXTENDED_REPLY; some servers return a whole directory in one packet.</summary>
    public const uint MaxReply = 1024 * 1024;

    /// <summary>Longest handle (draft section 6.2).</summary>
    public const int MaxHandle = 256;

    /// <summary>length, type and request id: what precedes the fields of every packet but INIT and VERSION.</summary>
    public const int Header = 9;

    /// <summary>The longest reply of <paramref name="type"/> that is accepted.</summary>
    public static uint MaxReplyOf(PacketType type) =>
        type is PacketType.Name or PacketType.ExtendedReply or PacketType.Version ? MaxReply : MaxOrdinaryReply;
}
