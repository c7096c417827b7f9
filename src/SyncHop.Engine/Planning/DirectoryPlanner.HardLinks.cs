using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Planning;

// Files with several names (--hard-links).
internal sealed partial class DirectoryPlanner
{
    private readonly Dictionary<(ulong Device, ulong Inode), HardLinkNames> _names = [];
    private readonly Queue<HardLinkNames> _sending = new();
    private long _planned;
    private int _held;

    // A farm of links, each file in every directory, would otherwise be held back as a whole: then a name is sent before the others are known.
    private const int MostHeld = 20_000;

    /// <summary>How many entries of an incremental list rsync knows ahead of the one it is at.</summary>
    public const int EntriesAhead = 1000;

    /// <summary>Takes note of a directory that will be planned, so that names of one file are known before the first of them is.</summary>
    public void Announce(DirectoryNode node)
    {
        if (!options.HardLinks) return;
        foreach (ref readonly FileList.Entry entry in node.Source.Entries)
        {
            if (!HasOtherNames(entry.Stat)) continue;
            (ulong, ulong) file = (entry.Stat.Device, entry.Stat.Inode);
            if (!_names.TryGetValue(file, out HardLinkNames? names)) _names.Add(file, names = new HardLinkNames());
            names.Ahead++;
        }
    }

    /// <summary>What is left when all is planned: the links that wait for the content of what has been sent.</summary>
    public List<PlanItem> TakeLinks()
    {
        List<PlanItem> links = [];
        // Whatever still waits for a name that has not come is sent.
        foreach (HardLinkNames names in _names.Values) SendWaiting(names, links);
        while (_sending.TryDequeue(out HardLinkNames? names)) AddLinks(names, links);
        return links;
    }

    private bool HasOtherNames(in FileStat source) =>
        options.HardLinks && source is { IsDirectory: false, LinkCount: > 1 } && source.Inode != 0;

    /// <summary>Plans one of several names of a file.</summary>
    private void PlanName(DirectoryNode node, int index, in FileList.Entry entry, int found, DirectoryPlan plan)
    {
        HardLinkNames names = _names[(entry.Stat.Device, entry.Stat.Inode)];
        names.Ahead--;
        PlanEntry(node, index, entry, found, names, plan);
        // The name that was to be sent is passed over: it is the turn of the one before.
        if (names.Ahead == 0) SendWaiting(names, plan.Items);
    }

    /// <summary>Passes over the names in a directory that is not planned, so that no other one waits for them.</summary>
    private void TakeBack(DirectoryNode node, DirectoryPlan plan)
    {
        foreach (ref readonly FileList.Entry entry in node.Source.Entries)
        {
            if (HasOtherNames(entry.Stat) && _names[(entry.Stat.Device, entry.Stat.Inode)] is var names && --names.Ahead == 0) SendWaiting(names, plan.Items);
        }
    }

    /// <summary>Sends the last of the names that wait, if there is no other one that they become links to.</summary>
    private void SendWaiting(HardLinkNames names, List<PlanItem> items)
    {
        if (names is not { Leader: null, Waiting: [.., WaitingName last] }) return;
        names.Waiting.RemoveAt(names.Waiting.Count - 1);
        _held--;
        items.Add(last.Item);
        BeginGroup(names, null, null, items);
    }

    /// <summary>Gives out the links that wait for something that rsync has long sent by then.</summary>
    private void PlanLinks(DirectoryPlan plan)
    {
        // With --delay-updates nothing has its name before the end.
        while (!options.DelayUpdates && _sending.TryPeek(out HardLinkNames? names)
            && ((options.ListsIncrementally && names.SentAt + EntriesAhead < _planned) || _held > MostHeld))
            AddLinks(_sending.Dequeue(), plan.Items);
    }

    private void AddLinks(HardLinkNames names, List<PlanItem> links)
    {
        names.IsSending = false;
        links.AddRange(names.Followers);
        _held -= names.Followers.Count;
        names.Followers.Clear();
        AddWaiting(names, links);
    }

    /// <summary>The names that came before the one that is there now, the last first.</summary>
    private void AddWaiting(HardLinkNames names, List<PlanItem> links)
    {
        HardLinkGroup leader = names.Leader!;
        for (int i = names.Waiting.Count - 1; i >= 0; i--)
        {
            (PlanItem item, FileStat? there) = names.Waiting[i];
            links.Add(item with
            {
                Action = PlanAction.LinkName,
                Group = leader,
                // Of what a dry run leaves in the way rsync tells the differences, whatever it is.
                Flags = ItemFlags.HardLink | ItemFlags.Relinked
                    | (options.DryRun && there is FileStat other ? attributes.Differences(item.Source, other, replaced: true) : ItemFlags.New),
            });
        }
        _held -= names.Waiting.Count;
        names.Waiting.Clear();
    }

    /// <summary>Plans a further name of a file of which one is there or on its way.</summary>
    /// <returns>Whether it is one; otherwise the entry is planned as any other.</returns>
    private bool PlanFurtherName(DirectoryNode node, int index, in FileList.Entry entry, int found, FileStat? there, HardLinkNames? names, DirectoryPlan plan)
    {
        FileStat source = entry.Stat;
        if (names?.Leader is not { } group) return false;
        FileStat? same = there is FileStat existing && existing.Type == source.Type ? existing : null;
        if (same is FileStat stat && IsLinked(node, index, entry, found, stat, group))
        {
            Note(NoticeKind.UpToDate, node, entry, plan);
            // Where inodes are not known it may be a file of its own after all: then what the first name gets is still to be set here.
            ItemFlags differences = stat.Inode != 0 ? ItemFlags.None : attributes.Differences(source, stat, replaced: false);
            if (differences == ItemFlags.None && !showsUnchanged && !options.RemoveSourceFiles) return true;
            plan.Items.Add(Item(node, entry, differences == ItemFlags.None ? PlanAction.Show : PlanAction.SetAttributes, showsUnchanged ? ItemFlags.HardLink : ItemFlags.None) with
            {
                Change = attributes.ChangeOf(source, stat, differences),
            });
            if (names.IsSending) Follow(names, node, plan);
            return true;
        }
        ItemFlags flags = same is FileStat old
            ? ItemFlags.HardLink | ItemFlags.Relinked | attributes.Differences(source, old, replaced: true)
            : FlagsOfNewName(group.Earlier is null ? null : _basis.Find(node, index), source, group);
        if (flags == ItemFlags.HardLink) Note(NoticeKind.UpToDate, node, entry, plan);
        AddNew(node, entry, found, there, flags, PlanAction.LinkName, attributes.ChangeOfNew(source, same), plan);
        if (plan.Items is not [.., { Action: PlanAction.LinkName } item]) return true;
        plan.Items[^1] = item with { Group = group };
        if (names.IsSending) Follow(names, node, plan);
        return true;
    }

    private void Follow(HardLinkNames names, DirectoryNode node, DirectoryPlan plan)
    {
        names.Followers.Add(TakeLast(node, plan));
        _held++;
    }

    /// <summary>Takes the item that was just planned from the plan, for later.</summary>
    private static PlanItem TakeLast(DirectoryNode node, DirectoryPlan plan)
    {
        PlanItem item = plan.Items[^1];
        plan.Items.RemoveAt(plan.Items.Count - 1);
        plan.LateItems++;
        if (item.Leftover is { } leftover) plan.Leftovers.Add(leftover);
        return item with { LateIn = node, Leftover = null };
    }

    /// <summary>What is told of a name that the destination does not have: it may have an earlier copy.</summary>
    private ItemFlags FlagsOfNewName(BasisMatch? match, in FileStat source, HardLinkGroup group)
    {
        const ItemFlags made = ItemFlags.HardLink | ItemFlags.Relinked;
        if (group.Earlier is null || match is null) return made | ItemFlags.New;
        if (options.BasisUse == BasisUse.Link) return group.IsLinkedToEarlier(match) ? ItemFlags.HardLink : made | ItemFlags.New;
        return made | (match.Quality == BasisQuality.Kind ? ItemFlags.New : attributes.Differences(source, match.Stat, replaced: true));
    }

    private bool IsLinked(DirectoryNode node, int index, in FileList.Entry entry, int found, in FileStat there, HardLinkGroup group)
    {
        if (there.Inode != 0) return group.IsLinkedTo(there);
        // SFTP tells no inodes: what has other names and all that the other one has counts as one of them.
        if (!group.LooksLinkedTo(there)) return false;
        return entry.Stat.IsSymlink
            ? node.Source.TargetOf(entry).SequenceEqual(node.Destination.TargetOf(node.Destination.Entries[found]))
            : QuickCheck.Check(options, entry.Stat, there) switch
            {
                QuickCheckResult.Same => true,
                QuickCheckResult.CompareContents => node.EqualContents.Contains(index),
                _ => false,
            };
    }

    /// <summary>Makes the item that was just planned the one of its file's names that the others become links to, or lets it wait.</summary>
    private void ChooseLeader(DirectoryNode node, int index, in FileList.Entry entry, FileStat? there, HardLinkNames? names, int itemsBefore, DirectoryPlan plan)
    {
        // What was passed over is no file to link to.
        if (names is null || plan.Items.Count == itemsBefore) return;
        PlanItem item = plan.Items[^1];
        bool stays = item.Action is PlanAction.Show or PlanAction.SetAttributes;
        // What --compare-dest leaves to its earlier copy is not there either.
        if (item.Action == PlanAction.Withdraw || (stays && there?.Type != entry.Stat.Type)) return;
        BasisMatch? earlier = item.Action is PlanAction.LinkEarlier or PlanAction.CopyEarlier or PlanAction.Transfer ? _basis.Find(node, index) : null;
        if (item.Action == PlanAction.Transfer && earlier is null && there is not { IsRegular: true } && names.Ahead > 0
            && (_held < MostHeld || options.DelayUpdates))
        {
            names.Waiting.Add(new WaitingName(TakeLast(node, plan), there));
            _held++;
            return;
        }
        BeginGroup(names, there, earlier, plan.Items);
    }

    /// <summary>Makes the last item the one of its file's names that the others become links to.</summary>
    private void BeginGroup(HardLinkNames names, FileStat? there, BasisMatch? earlier, List<PlanItem> items)
    {
        PlanItem item = items[^1];
        bool isSent = item.Action == PlanAction.Transfer;
        bool keepsFile = item.Action is PlanAction.Show or PlanAction.SetAttributes || (isSent && options.Inplace && there is { IsRegular: true });
        names.Leader = new HardLinkGroup(item.Path, item.DestinationPath, keepsFile ? there : null, isSent ? null : earlier);
        items[^1] = item with { Group = names.Leader };
        if (!isSent || options.DryRun)
        {
            AddWaiting(names, items);
            return;
        }
        names.IsSending = true;
        names.SentAt = _planned;
        _sending.Enqueue(names);
    }
}
