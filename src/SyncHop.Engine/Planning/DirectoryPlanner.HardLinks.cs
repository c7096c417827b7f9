using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Planning;

// Files with several names (--hard-links).
internal sealed partial class DirectoryPlanner
{
    private readonly Dictionary<(ulong Device, ulong Inode), HardLinkGroup> _groups = [];

    private bool HasOtherNames(in FileStat source) => options.HardLinks && source.LinkCount > 1 && source.Inode != 0;

    /// <summary>Plans a further name of a file that has been planned.</summary>
    /// <returns>Whether it is one; otherwise the entry is planned as any other.</returns>
    private bool PlanFurtherName(DirectoryNode node, int index, in FileList.Entry entry, int found, FileStat? there, DirectoryPlan plan)
    {
        FileStat source = entry.Stat;
        if (!HasOtherNames(source) || !_groups.TryGetValue((source.Device, source.Inode), out HardLinkGroup? group)) return false;
        FileStat? same = there is FileStat existing && existing.Type == source.Type ? existing : null;
        if (same is FileStat stat && IsLinked(node, entry, found, stat, group))
        {
            Note(NoticeKind.UpToDate, node, entry, plan);
            if (showsUnchanged || options.RemoveSourceFiles) plan.Items.Add(Item(node, entry, PlanAction.Show, ItemFlags.HardLink));
            return true;
        }
        ItemFlags flags = same is FileStat old
            ? ItemFlags.HardLink | ItemFlags.Relinked | attributes.Differences(source, old, replaced: false)
            : FlagsOfNewName(node, index, source, group);
        if (flags == ItemFlags.HardLink) Note(NoticeKind.UpToDate, node, entry, plan);
        AddNew(node, entry, found, there, flags, PlanAction.LinkName, attributes.ChangeOfNew(source, same), plan);
        if (plan.Items is [.., { Action: PlanAction.LinkName } item]) plan.Items[^1] = item with { Group = group };
        return true;
    }

    /// <summary>What is told of a name that the destination does not have: it may have an earlier copy.</summary>
    private ItemFlags FlagsOfNewName(DirectoryNode node, int index, in FileStat source, HardLinkGroup group)
    {
        const ItemFlags made = ItemFlags.HardLink | ItemFlags.Relinked;
        if (group.Earlier is null || _basis.Find(node, index) is not BasisMatch match) return made | ItemFlags.New;
        if (options.BasisUse == BasisUse.Link) return group.IsLinkedToEarlier(match) ? ItemFlags.HardLink : made | ItemFlags.New;
        return made | (match.Quality == BasisQuality.Kind ? ItemFlags.New : attributes.Differences(source, match.Stat, replaced: false));
    }

    private bool IsLinked(DirectoryNode node, in FileList.Entry entry, int found, in FileStat there, HardLinkGroup group)
    {
        if (there.Inode != 0) return group.IsLinkedTo(there);
        // SFTP tells no inodes: what has other names and is all it should be counts as one of them.
        if (!group.WasThere || there.LinkCount <= 1 || attributes.Differences(entry.Stat, there, replaced: false) != ItemFlags.None) return false;
        return entry.Stat.IsSymlink
            ? node.Source.TargetOf(entry).SequenceEqual(node.Destination.TargetOf(node.Destination.Entries[found]))
            : QuickCheck.Check(options, entry.Stat, there) == QuickCheckResult.Same;
    }

    /// <summary>Makes the item that was just planned the first of its file's names.</summary>
    private void BeginGroup(DirectoryNode node, int index, in FileList.Entry entry, FileStat? there, int itemsBefore, DirectoryPlan plan)
    {
        // What was passed over is no file to link to.
        if (!HasOtherNames(entry.Stat) || plan.Items.Count == itemsBefore) return;
        PlanItem item = plan.Items[^1];
        bool stays = item.Action is PlanAction.Show or PlanAction.SetAttributes;
        // What --compare-dest leaves to its earlier copy is not there either.
        if (item.Action == PlanAction.Withdraw || (stays && there?.Type != entry.Stat.Type)) return;
        BasisMatch? earlier = item.Action is PlanAction.LinkEarlier or PlanAction.CopyEarlier ? _basis.Find(node, index) : null;
        HardLinkGroup group = new(item.Path, item.DestinationPath, stays ? there : null, earlier);
        _groups.Add((entry.Stat.Device, entry.Stat.Inode), group);
        plan.Items[^1] = item with { Group = group };
    }
}
