using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Reporting;

/// <summary>One entry's values for an <see cref="OutFormat"/>.</summary>
internal readonly ref struct OutFormatItem
{
    /// <summary>The name in the transfer.</summary>
    public required ReadOnlySpan<byte> Name { get; init; }

    /// <summary>The name with the source argument's directory before it, on the sending side.</summary>
    public required ReadOnlySpan<byte> LongName { get; init; }

    /// <summary>Whether the entry is a directory, shown with a slash.</summary>
    public required bool IsDirectory { get; init; }

    /// <summary>The entry's stat.</summary>
    public required FileStat Stat { get; init; }

    /// <summary>The owner's number; null when owners are not kept.</summary>
    public uint? Uid { get; init; }

    /// <summary>The group's number; null when groups are not kept.</summary>
    public uint? Gid { get; init; }

    /// <summary>A symlink's target, the name that a hard link was made of, or empty.</summary>
    public ReadOnlySpan<byte> Target { get; init; }

    /// <summary>Whether <see cref="Target"/> is that of a hard link.</summary>
    public bool IsHardLink { get; init; }

    /// <summary>The itemized changes.</summary>
    public required string Changes { get; init; }

    /// <summary><c>send</c>, <c>recv</c> or <c>del.</c></summary>
    public required string Operation { get; init; }

    /// <summary>How many characters a checksum takes.</summary>
    public int ChecksumLength { get; init; }

    /// <summary>What was sent for the entry.</summary>
    public TransferResult Result { get; init; }
}
