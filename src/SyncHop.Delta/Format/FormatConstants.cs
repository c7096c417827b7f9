namespace SyncHop.Delta;

/// <summary>Fixed parts of FastRsyncNet's and Octodiff's files.</summary>
internal static class FormatConstants
{
    public const byte Version = 1;
    public const byte CopyCommand = 0x60;
    public const byte DataCommand = 0x80;

    /// <summary>Bytes of a copy command: its code, start and length.</summary>
    public const int CopyCommandLength = 17;

    /// <summary>Bytes of a data command before its data: its code and length.</summary>
    public const int DataCommandLength = 9;

    /// <summary>Bytes of a block record before the strong hash: i16 length, u32 weak checksum.</summary>
    public const int RecordHeaderLength = 6;

    public static ReadOnlySpan<byte> SignatureMagic => "FRSNCSG"u8;

    public static ReadOnlySpan<byte> DeltaMagic => "FRSNCDLTA"u8;

    public static ReadOnlySpan<byte> OctodiffSignatureMagic => "OCTOSIG"u8;

    public static ReadOnlySpan<byte> OctodiffDeltaMagic => "OCTODELTA"u8;

    public static ReadOnlySpan<byte> OctodiffMetadataEnd => ">>>"u8;
}
