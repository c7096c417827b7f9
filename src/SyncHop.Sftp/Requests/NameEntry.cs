namespace SyncHop.Sftp;

/// <summary>One entry of a NAME packet; the "long name", an ls line for humans, is skipped.</summary>
internal readonly ref struct NameEntry
{
    /// <summary>Two empty strings and empty attributes.</summary>
    public const int MinimumSize = 12;

    private NameEntry(ReadOnlySpan<byte> name, SftpAttributes attributes)
    {
        Name = name;
        Attributes = attributes;
    }

    public ReadOnlySpan<byte> Name { get; }

    public SftpAttributes Attributes { get; }

    public static NameEntry Read(ref PacketReader reader)
    {
        ReadOnlySpan<byte> name = reader.ReadString();
        reader.ReadString();
        return new NameEntry(name, reader.ReadAttributes());
    }
}
