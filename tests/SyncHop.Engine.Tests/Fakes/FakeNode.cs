using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Tests.Fakes;

/// <summary>An entry of a file system in memory. Names are Latin-1 strings: one character per byte.</summary>
internal sealed class FakeNode
{
    public FileType Type { get; init; } = FileType.Regular;

    public uint Permissions { get; set; } = 0x1A4; // 0644

    /// <summary>The time that each fake host's clock stands at.</summary>
    public const long Clock = 1_000_000_000;

    public long Mtime { get; set; } = Clock;

    public byte[] Content { get; set; } = [];

    public byte[] Target { get; init; } = [];

    /// <summary>Its number; 0 where the host does not tell.</summary>
    public ulong Inode { get; init; }

    public uint LinkCount { get; init; } = 1;

    public SortedDictionary<string, FakeNode> Children { get; } = new(StringComparer.Ordinal);

    public FileStat Stat => new()
    {
        Mode = FileStat.TypeBits(Type) | Permissions,
        MtimeSeconds = Mtime,
        Size = Type == FileType.Symlink ? Target.Length : Content.Length,
        Inode = Inode,
        LinkCount = LinkCount,
    };

    public static FakeNode Directory(params (string Name, FakeNode Node)[] entries)
    {
        FakeNode node = new() { Type = FileType.Directory, Permissions = 0x1ED };
        foreach ((string name, FakeNode entry) in entries) node.Children.Add(name, entry);
        return node;
    }

    public static FakeNode File(byte[] content, long mtime = 1_000_000_000) => new() { Content = content, Mtime = mtime };

    public static FakeNode Link(string target) => new() { Type = FileType.Symlink, Permissions = 0x1FF, Target = FakeHost.Bytes(target) };

    public FakeNode Clone()
    {
        FakeNode copy = new() { Type = Type, Permissions = Permissions, Mtime = Mtime, Content = Content, Target = Target, Inode = Inode, LinkCount = LinkCount };
        foreach ((string name, FakeNode child) in Children) copy.Children.Add(name, child.Clone());
        return copy;
    }

    /// <summary>All entries below, by path.</summary>
    public IEnumerable<(string Path, FakeNode Node)> Walk(string prefix = "")
    {
        foreach ((string name, FakeNode child) in Children)
        {
            yield return (prefix + name, child);
            foreach ((string Path, FakeNode Node) below in child.Walk($"{prefix}{name}/")) yield return below;
        }
    }
}
