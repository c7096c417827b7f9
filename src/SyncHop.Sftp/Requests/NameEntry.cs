using System.Buffers.Text;

namespace SyncHop.Sftp;

/// <summary>One entry of a NAME packet; of the "long name", an ls line for humans, only the number of links is read.</summary>
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
        uint links = LinksIn(reader.ReadString());
        return new NameEntry(name, reader.ReadAttributes() with { LinkCount = links });
    }

    /// <summary>The second column of an <c>ls -l</c> line, as OpenSSH's server writes it; 0 for anything else.</summary>
    internal static uint LinksIn(ReadOnlySpan<byte> longName)
    {
        const int modeLength = 10; // -rw-r--r--
        int blank = longName.IndexOf((byte)' ');
        if (blank < modeLength) return 0;
        ReadOnlySpan<byte> rest = longName[blank..].TrimStart((byte)' ');
        return Utf8Parser.TryParse(rest, out uint links, out int length) && length < rest.Length && rest[length] == ' ' ? links : 0;
    }
}
