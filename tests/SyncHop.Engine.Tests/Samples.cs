using System.Text;
using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Identities;

namespace SyncHop.Engine.Tests;

/// <summary>Short ways to say entries, paths and options.</summary>
internal static class Samples
{
    /// <summary>Bytes that are the same in every run.</summary>
    public static byte[] Random(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public const uint Rw = 0x1A4; // 0644
    public const uint Rwx = 0x1ED; // 0755

    public static byte[] B(string latin1) => Encoding.Latin1.GetBytes(latin1);

    public static string S(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static RelativePath P(string path) => new(B(path));

    public static FileStat Stat(FileType type, uint permissions = Rw, long size = 0, long mtime = 100, uint uid = 0, uint gid = 0) => new()
    {
        Mode = FileStat.TypeBits(type) | permissions,
        Size = size,
        MtimeSeconds = mtime,
        Uid = uid,
        Gid = gid,
    };

    public static FileStat File(long size = 0, long mtime = 100, uint permissions = Rw) => Stat(FileType.Regular, permissions, size, mtime);

    public static FileStat Dir(long mtime = 100, uint permissions = Rwx) => Stat(FileType.Directory, permissions, 4096, mtime);

    public static FileList List(params (string Name, FileStat Stat)[] entries)
    {
        FileList list = new();
        foreach ((string name, FileStat stat) in entries) list.Add(B(name), stat);
        return list;
    }

    public static IEnumerable<string> Names(FileList list) => list.Entries.ToArray().Select(entry => S(list.NameOf(entry)));

    public static ReplicaTraits Traits { get; } = new()
    {
        IsLocal = true,
        BlockLength = 16,
        OpenFiles = 10,
        CanMakeSpecialFiles = true,
        CanSetLinkAttributes = true,
        KnowsDevices = true,
        TellsFileSystems = true,
        CanCopyRanges = true,
        CanFlush = true,
        CanAllocate = true,
    };

    /// <summary><c>-a</c>.</summary>
    public static SyncOptions Archive { get; } = new()
    {
        Recursive = true,
        Dirs = true,
        Links = true,
        Perms = true,
        Times = true,
        Group = true,
        Owner = true,
        Devices = true,
        Specials = true,
    };

    public static AttributeComparison Comparison(SyncOptions options, ReplicaTraits? destination = null, bool isSuperuser = true)
    {
        StubIdentities identities = new() { IsSuperuser = isSuperuser };
        return new AttributeComparison(options, new OwnerMap(options, identities, identities), destination ?? Traits, new ExtendedSelection(true, static _ => true));
    }
}
