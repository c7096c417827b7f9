using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;

namespace SyncHop.Engine.Reporting;

/// <summary>Gives entries the long names of <c>%f</c>: with the directory of the source argument before them, as typed.</summary>
internal sealed class SourceNames(bool isRemote)
{
    private readonly Dictionary<IReplica, byte[]> _roots = [];
    private byte[]? _top;

    /// <summary>Whether the source is on another host.</summary>
    public bool IsRemote { get; } = isRemote;

    /// <summary>Whether names have a slash at their beginning, as rsync's sender has them for absolute arguments of <c>--relative</c>.</summary>
    public bool ShowsRoot { get; set; }

    /// <summary>Remembers what was typed for a source's root.</summary>
    public void Add(IReplica replica, byte[] typedRoot, bool isContents)
    {
        byte[] clean = Clean(typedRoot);
        _roots[replica] = clean;
        if (isContents) _top ??= clean;
    }

    /// <summary>The long name of an item.</summary>
    public ReadOnlySpan<byte> LongName(PlanItem item)
    {
        byte[]? root = item.Origin.Replica is null ? _top : _roots.GetValueOrDefault(item.Origin.Replica);
        if (root is null or { Length: 0 }) return item.Path.IsRoot ? "."u8 : item.Path.Bytes;
        byte[] name = new byte[root.Length + 1 + Math.Max(1, item.Path.Bytes.Length)];
        root.CopyTo(name, 0);
        name[root.Length] = (byte)'/';
        (item.Path.IsRoot ? "."u8 : item.Path.Bytes).CopyTo(name.AsSpan(root.Length + 1));
        return name;
    }

    private static byte[] Clean(ReadOnlySpan<byte> root)
    {
        while (root.StartsWith("./"u8)) root = root[2..];
        return root.SequenceEqual("."u8) ? [] : root.TrimStart((byte)'/').ToArray();
    }
}
