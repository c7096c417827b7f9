using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Planning;

// Entries of which an earlier copy is in a directory of --compare-dest, --copy-dest or --link-dest.
internal sealed partial class DirectoryPlanner
{
    /// <summary>Plans an entry by its earlier copy.</summary>
    /// <returns>Whether there is one that serves; otherwise the entry is planned as without such directories.</returns>
    private bool PlanFromBasis(DirectoryNode node, int index, in FileList.Entry entry, int found, FileStat? there, DirectoryPlan plan)
    {
        if (node.Basis.Count == 0) return false;
        FileStat source = entry.Stat;
        // Over a file that is there already, only an earlier copy that is all it should be takes precedence; other entries have none where anything is there.
        FileStat? same = there is FileStat existing && existing.Type == source.Type ? existing : null;
        if (source.IsRegular ? same is not null && options.BasisUse == BasisUse.Copy : there is not null) return false;
        if (_basis.Find(node, index) is not BasisMatch match || (same is not null && match.Quality != BasisQuality.Exact)) return false;
        bool exact = match.Quality == BasisQuality.Exact;
        if (exact && options.BasisUse == BasisUse.Compare) PlanNotNeeded(node, entry, found, there, same, plan);
        else if (exact && options.BasisUse == BasisUse.Link) PlanLink(node, entry, found, there, same, match, plan);
        else if (match.Quality == BasisQuality.Kind || !source.IsRegular) return PlanDifferent(node, entry, found, there, match, plan);
        else
        {
            ItemFlags flags = ItemFlags.LocalChange | attributes.Differences(source, match.Stat, replaced: true);
            if (flags == ItemFlags.LocalChange) Note(NoticeKind.UpToDate, node, entry, plan);
            AddNew(node, entry, found, there, flags, PlanAction.CopyEarlier, attributes.ChangeOfNew(source, null), plan, match.Tree);
        }
        return true;
    }

    private void PlanNotNeeded(DirectoryNode node, in FileList.Entry entry, int found, FileStat? there, FileStat? same, DirectoryPlan plan)
    {
        Note(NoticeKind.UpToDate, node, entry, plan);
        // Also what else is in its place goes.
        if (same is null && there is not null) AddNew(node, entry, found, there, ItemFlags.None, PlanAction.Withdraw, default, plan);
        else plan.Items.Add(Item(node, entry, same is null ? PlanAction.Show : PlanAction.Withdraw, ItemFlags.None));
    }

    private void PlanLink(
        DirectoryNode node, in FileList.Entry entry, int found, FileStat? there, FileStat? same, BasisMatch match, DirectoryPlan plan)
    {
        // Where inodes are not known, what is all it should be is left as it is.
        bool linked = same is FileStat stat && (stat.Inode != 0
            ? stat.Inode == match.Stat.Inode && stat.Device == match.Stat.Device
            : QuickCheck.Check(options, entry.Stat, stat) == QuickCheckResult.Same
                && attributes.Differences(entry.Stat, stat, replaced: false) == ItemFlags.None);
        if (linked)
        {
            PlanUnchanged(node, entry, same!.Value, plan);
            return;
        }
        Note(NoticeKind.UpToDate, node, entry, plan);
        AddNew(node, entry, found, there, ItemFlags.HardLink, PlanAction.LinkEarlier, default, plan, match.Tree);
    }

    /// <summary>An earlier copy of the same kind only serves to tell what is different.</summary>
    private bool PlanDifferent(DirectoryNode node, in FileList.Entry entry, int found, FileStat? there, BasisMatch match, DirectoryPlan plan)
    {
        FileStat source = entry.Stat;
        bool isSpecial = source.IsDeviceOrSpecial;
        if (isSpecial && !destination.CanMakeSpecialFiles) return false;
        bool changed = source.IsRegular ? match.Quality == BasisQuality.Kind : match.Quality != BasisQuality.Exact;
        if (match.Quality == BasisQuality.Exact) Note(NoticeKind.UpToDate, node, entry, plan);
        ItemFlags flags = source.IsRegular ? ItemFlags.Transfer : ItemFlags.LocalChange;
        if (changed && (!source.IsRegular || options.Checksum)) flags |= ItemFlags.Change;
        flags |= attributes.Differences(source, match.Stat, replaced: changed);
        PlanAction action = source.IsRegular ? PlanAction.Transfer : isSpecial ? PlanAction.MakeSpecial : PlanAction.MakeSymlink;
        AddNew(node, entry, found, there, flags, action, attributes.ChangeOfNew(source, null), plan);
        return true;
    }
}
