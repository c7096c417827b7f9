using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Reporting.Json;

/// <summary>Items, removals and listed entries as lines of <c>--json</c>.</summary>
/// <param name="dryRun">Whether they are what would be done (<c>plan</c>) and not what was (<c>change</c>).</param>
internal sealed class JsonItems(bool dryRun)
{
    private readonly string _type = dryRun ? "plan" : "change";

    /// <summary>An item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="itemized">Its eleven letters.</param>
    /// <param name="result">What its transfer turned out to be.</param>
    public byte[] Item(PlanItem item, string itemized, TransferResult result)
    {
        (string path, string? rawPath) = JsonReport.Name(item.Path.IsRoot ? "."u8 : item.Path.Bytes);
        ReadOnlySpan<byte> target = item.Action == PlanAction.LinkName ? item.Group!.Path.Bytes : item.Source.IsSymlink ? item.Target : [];
        (string? text, string? rawTarget) = target.IsEmpty ? (null, null) : JsonReport.Name(target);
        bool transfers = item.Flags.HasFlag(ItemFlags.Transfer);
        return Line(new JsonItem(_type, ActionOf(item), path, rawPath, KindOf(item.Source.Type))
        {
            Itemize = itemized,
            Changes = ChangesOf(item.Flags),
            Transfer = transfers ? true : null,
            Size = item.Source.IsRegular ? item.Source.Size : null,
            Mtime = item.Source.MtimeSeconds,
            Mode = ModeOf(item.Source),
            Bytes = transfers && !dryRun ? result.Bytes : null,
            Target = text,
            TargetBase64 = rawTarget,
        });
    }

    /// <summary>A removal.</summary>
    public byte[] Removal(in Deletion deletion)
    {
        (string path, string? raw) = JsonReport.Name(deletion.Path.Bytes);
        return Line(new JsonItem(_type, "delete", path, raw, KindOf(deletion.Type)) { Itemize = ItemizedChanges.Deleted });
    }

    /// <summary>An entry of a listing.</summary>
    public static byte[] Entry(RelativePath name, in FileStat stat, ReadOnlySpan<byte> target)
    {
        (string path, string? raw) = JsonReport.Name(name.IsRoot ? "."u8 : name.Bytes);
        (string? text, string? rawTarget) = target.IsEmpty ? (null, null) : JsonReport.Name(target);
        return Line(new JsonItem("entry", "list", path, raw, KindOf(stat.Type))
        {
            Size = stat.Size,
            Mtime = stat.MtimeSeconds,
            Mode = ModeOf(stat),
            Target = text,
            TargetBase64 = rawTarget,
        });
    }

    private static byte[] Line(JsonItem item) => JsonReport.Line(item, JsonRecordsContext.Default.JsonItem);

    private static string ActionOf(PlanItem item) => item.Action switch
    {
        PlanAction.Show => "none",
        PlanAction.SetAttributes => "attributes",
        PlanAction.LinkEarlier or PlanAction.LinkName => "link",
        PlanAction.CopyEarlier => "copy",
        PlanAction.Withdraw => "withdraw",
        _ => item.Flags.HasFlag(ItemFlags.New) ? "create" : "update",
    };

    private static string KindOf(FileType type) => type switch
    {
        FileType.Regular => "file",
        FileType.Directory => "directory",
        FileType.Symlink => "symlink",
        FileType.CharacterDevice or FileType.BlockDevice => "device",
        FileType.Fifo or FileType.Socket => "special",
        _ => "unknown",
    };

    private static string[]? ChangesOf(ItemFlags flags)
    {
        if (flags.HasFlag(ItemFlags.New)) return null;
        List<string> changes = [];
        Add(ItemFlags.Change, "content");
        Add(ItemFlags.Size, "size");
        Add(ItemFlags.Time, "mtime");
        Add(ItemFlags.Perms, "mode");
        Add(ItemFlags.Owner, "owner");
        Add(ItemFlags.Group, "group");
        Add(ItemFlags.AccessTime, "atime");
        Add(ItemFlags.Acl, "acl");
        Add(ItemFlags.Xattrs, "xattrs");
        return changes.Count == 0 ? null : [.. changes];

        void Add(ItemFlags flag, string name)
        {
            if (flags.HasFlag(flag)) changes.Add(name);
        }
    }

    private static string ModeOf(in FileStat stat) => "0" + Convert.ToString(stat.Permissions, 8).PadLeft(3, '0');
}
