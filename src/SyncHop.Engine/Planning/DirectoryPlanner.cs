using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Scanning;

namespace SyncHop.Engine.Planning;

/// <summary>
/// Decides what is to be done in a directory from what the scan found on both sides. Nothing is read or changed here; the
/// rules and their order are rsync's.
/// </summary>
internal sealed class DirectoryPlanner(
    SyncOptions options, AttributeComparison attributes, ReplicaTraits destination, bool isSuperuser, bool showsUnchanged)
{
    private const uint OwnerAccess = 0x1C0; // 0700
    private const uint AccessBits = 0x1FF; // 0777

    /// <summary>Plans one loaded directory.</summary>
    /// <param name="node">The directory.</param>
    /// <param name="deletes">Whether extraneous entries may be removed: not after a scan error.</param>
    public DirectoryPlan Plan(DirectoryNode node, bool deletes)
    {
        DirectoryPlan plan = new(node);
        if (node.IsSkipped)
        {
            PlanSkipped(node, plan);
            return plan;
        }
        if (node.IsItem) PlanDirectory(node, plan);
        var matched = new bool[node.Destination.Count];
        ReadOnlySpan<FileList.Entry> entries = node.Source.Entries;
        for (int i = 0; i < entries.Length; i++)
        {
            ref readonly FileList.Entry entry = ref entries[i];
            int found = node.Destination.Count == 0 ? -1 : FileListOrder.Find(node.Destination, node.DestinationNameOf(entry));
            if (found >= 0) matched[found] = true;
            if (!entry.Stat.IsDirectory) PlanEntry(node, i, entry, found, plan);
            else if (!options.Recursive && !options.Dirs)
                plan.Notices.Add(new Notice(NoticeKind.SkippedDirectory, node.Path.Join(node.Source.NameOf(entry)), FileType.Directory));
        }
        if (deletes && options.Delete && node.Origins.Count > 0 && node.ExistsOnDestination) PlanDeletions(node, matched, plan);
        plan.Deletions.AddRange(plan.Vain);
        return plan;
    }

    private void PlanSkipped(DirectoryNode node, DirectoryPlan plan)
    {
        if (node.IsBlocked) plan.Notices.Add(new Notice(NoticeKind.Exists, node.Path, FileType.Directory));
        else if (node.Parent is not { IsSkipped: true }) plan.Notices.Add(new Notice(NoticeKind.NotCreated, node.Path, FileType.Directory));
        if (!node.IsBlocked) return;
        foreach (ref readonly FileList.Entry entry in node.Source.Entries)
            Note(IsTransferable(entry.Stat.Type) ? NoticeKind.Blocked : NoticeKind.NonRegular, node, entry, plan);
    }

    private bool IsTransferable(FileType type) => type switch
    {
        FileType.Directory => options.Recursive || options.Dirs,
        FileType.Symlink => options.Links,
        FileType.Fifo or FileType.Socket => options.Specials,
        FileType.CharacterDevice or FileType.BlockDevice => options.Devices && isSuperuser,
        FileType.Regular => true,
        _ => false,
    };

    private void PlanDirectory(DirectoryNode node, DirectoryPlan plan)
    {
        FileStat source = node.Stat;
        if (!node.ExistsOnDestination || node.WasCreated)
        {
            AttributeChange after = attributes.ChangeOfNew(source, null);
            plan.After = after;
            plan.Self = DirectoryItem(node, PlanAction.MakeDirectory, ItemFlags.New | ItemFlags.LocalChange) with
            {
                Obstacle = node.DestinationStat is { IsDirectory: false } there ? new Obstacle(there.Type, []) : null,
                CreationPermissions = options.Perms ? source.Permissions & AccessBits | OwnerAccess : source.Permissions & AccessBits,
            };
            return;
        }
        FileStat existing = node.DestinationStat!.Value;
        ItemFlags flags = attributes.Differences(source, existing, replaced: false);
        plan.After = attributes.ChangeOf(source, existing, flags);
        if (attributes.KeepsTime(FileType.Directory))
            plan.AfterIfTouched = new AttributeChange { Mtime = AttributeComparison.TimeOf(source) };
        uint final = plan.After.Permissions ?? existing.Permissions;
        if (!isSuperuser && node.Origins.Count > 0 && (existing.Permissions & OwnerAccess) != OwnerAccess)
        {
            // Its contents cannot be changed by its owner as it is: open it, and close it again afterwards.
            plan.Before = new AttributeChange { Permissions = final | OwnerAccess };
            plan.After = plan.After with { Permissions = final };
        }
        if (flags != ItemFlags.None || showsUnchanged)
            plan.Self = DirectoryItem(node, plan.After.IsEmpty ? PlanAction.Show : PlanAction.SetAttributes, flags);
    }

    private static PlanItem DirectoryItem(DirectoryNode node, PlanAction action, ItemFlags flags) => new()
    {
        Action = action,
        Path = node.Path,
        DestinationPath = node.DestinationPath,
        Origin = default,
        Source = node.Stat,
        Flags = flags,
    };

    private void PlanEntry(DirectoryNode node, int index, in FileList.Entry entry, int found, DirectoryPlan plan)
    {
        FileStat source = entry.Stat;
        FileStat? there = found < 0 ? null : node.Destination.Entries[found].Stat;
        if (there is null && options.Existing)
        {
            Note(NoticeKind.NotCreated, node, entry, plan);
            return;
        }
        if (there is not null && options.IgnoreExisting)
        {
            Note(NoticeKind.Exists, node, entry, plan);
            return;
        }
        if (!IsTransferable(source.Type)) Note(NoticeKind.NonRegular, node, entry, plan);
        else if (source.IsRegular) PlanFile(node, index, entry, found, there, plan);
        else if (source.IsSymlink) PlanSymlink(node, entry, found, there, plan);
        else PlanSpecial(node, entry, found, there, plan);
    }

    private void PlanFile(DirectoryNode node, int index, in FileList.Entry entry, int found, FileStat? there, DirectoryPlan plan)
    {
        FileStat source = entry.Stat;
        // Another kind of entry is always worth an update, however new.
        if (options.Update && there is { IsRegular: true } newer && newer.MtimeSeconds > source.MtimeSeconds)
        {
            Note(NoticeKind.Newer, node, entry, plan);
            return;
        }
        if (there is { IsRegular: true } same)
        {
            QuickCheckResult check = QuickCheck.Check(options, source, same);
            if (check == QuickCheckResult.CompareContents && node.EqualContents.Contains(index)) check = QuickCheckResult.Same;
            if (check == QuickCheckResult.Same)
            {
                PlanUnchanged(node, entry, same, plan);
                return;
            }
        }
        ItemFlags flags = ItemFlags.Transfer;
        if (options.Checksum) flags |= ItemFlags.Change;
        FileStat? replaced = there is { IsRegular: true } ? there : null;
        flags |= replaced is FileStat old ? attributes.Differences(source, old, replaced: true) : ItemFlags.New;
        AddNew(node, entry, found, there, flags, PlanAction.Transfer, attributes.ChangeOfNew(source, replaced), plan);
    }

    private void PlanSymlink(DirectoryNode node, in FileList.Entry entry, int found, FileStat? there, DirectoryPlan plan)
    {
        FileStat source = entry.Stat;
        ItemFlags flags = ItemFlags.LocalChange | ItemFlags.Change;
        if (there is { IsSymlink: true } link)
        {
            if (node.Source.TargetOf(entry).SequenceEqual(node.Destination.TargetOf(node.Destination.Entries[found])))
            {
                PlanUnchanged(node, entry, link, plan);
                return;
            }
            flags |= attributes.Differences(source, link, replaced: true);
        }
        else
        {
            flags |= ItemFlags.New;
        }
        AddNew(node, entry, found, there, flags, PlanAction.MakeSymlink, attributes.ChangeOfNew(source, null), plan);
    }

    private void PlanSpecial(DirectoryNode node, in FileList.Entry entry, int found, FileStat? there, DirectoryPlan plan)
    {
        FileStat source = entry.Stat;
        bool isDevice = source.Type is FileType.CharacterDevice or FileType.BlockDevice;
        bool knowsDevice = !isDevice || node.OriginsOf(entry)[0].Replica.Host.Traits.KnowsDevices;
        ItemFlags flags = ItemFlags.LocalChange | ItemFlags.Change;
        if (there is FileStat existing && existing.Type == source.Type)
        {
            if (!isDevice || (knowsDevice && existing.Rdev == source.Rdev))
            {
                PlanUnchanged(node, entry, existing, plan);
                return;
            }
            flags |= attributes.Differences(source, existing, replaced: true);
        }
        else
        {
            flags |= ItemFlags.New;
        }
        if (!destination.CanMakeSpecialFiles || !knowsDevice)
        {
            Note(NoticeKind.CannotMakeSpecial, node, entry, plan);
            return;
        }
        AddNew(node, entry, found, there, flags, PlanAction.MakeSpecial, attributes.ChangeOfNew(source, null), plan);
    }

    private void PlanUnchanged(DirectoryNode node, in FileList.Entry entry, in FileStat there, DirectoryPlan plan)
    {
        ItemFlags flags = attributes.Differences(entry.Stat, there, replaced: false);
        if (options.Verbosity >= 2) Note(flags == ItemFlags.None ? NoticeKind.UpToDate : NoticeKind.AttributesOnly, node, entry, plan);
        if (flags == ItemFlags.None && !showsUnchanged) return;
        ItemFlags shown = options.DryRun ? flags : attributes.AfterChangeOfOwner(flags, entry.Stat, there);
        PlanItem item = Item(node, entry, flags == ItemFlags.None ? PlanAction.Show : PlanAction.SetAttributes, shown);
        plan.Items.Add(item with { Change = attributes.ChangeOf(entry.Stat, there, flags) });
    }

    private void AddNew(
        DirectoryNode node, in FileList.Entry entry, int found, FileStat? there, ItemFlags flags, PlanAction action, AttributeChange change,
        DirectoryPlan plan)
    {
        Obstacle? obstacle = null;
        if (there is { IsDirectory: true })
        {
            List<Deletion> contents = node.Subtrees.TryGetValue(found, out List<Deletion>? below) ? below : [];
            bool canBeEmptied = contents.Count == 0 || (options.Delete && !contents.Exists(deletion => deletion.IsKept));
            if (!canBeEmptied)
            {
                // What may go goes, as in rsync, although that does not help.
                if (options.Delete) plan.Vain.AddRange(contents.Where(deletion => deletion.Type != FileType.Unknown));
                Note(NoticeKind.CannotMakeWay, node, entry, plan);
                return;
            }
            foreach (Deletion deletion in contents)
                plan.Notices.Add(new Notice(NoticeKind.RemovedToMakeWay, deletion.Path, deletion.Type));
            obstacle = new Obstacle(FileType.Directory, contents);
        }
        uint creation = (options.Perms || there is { IsRegular: true }) && action == PlanAction.Transfer
            ? PrivateFile
            : entry.Stat.Permissions & AccessBits;
        plan.Items.Add(Item(node, entry, action, flags) with
        {
            Change = change,
            Obstacle = obstacle,
            Replaces = there is { IsDirectory: false },
            CreationPermissions = creation,
        });
    }

    private const uint PrivateFile = 0x180; // 0600

    private static PlanItem Item(DirectoryNode node, in FileList.Entry entry, PlanAction action, ItemFlags flags)
    {
        ReadOnlySpan<byte> name = node.Source.NameOf(entry);
        return new PlanItem
        {
            Action = action,
            Path = node.Path.Join(name),
            DestinationPath = node.DestinationPath.Join(node.DestinationNameOf(entry)),
            Origin = node.OriginsOf(entry)[0].Join(name),
            Source = entry.Stat,
            Flags = flags,
            Target = node.Source.TargetOf(entry).ToArray(),
        };
    }

    private static void Note(NoticeKind kind, DirectoryNode node, in FileList.Entry entry, DirectoryPlan plan) =>
        plan.Notices.Add(new Notice(kind, node.Path.Join(node.Source.NameOf(entry)), entry.Stat.Type));

    private static void PlanDeletions(DirectoryNode node, bool[] matched, DirectoryPlan plan)
    {
        List<int> extraneous = [];
        for (int i = 0; i < matched.Length; i++)
        {
            if (!matched[i] && !node.Protected.Contains(i)) extraneous.Add(i);
        }
        FileList list = node.Destination;
        extraneous.Sort((x, y) => FileListOrder.Compare(
            list.NameOf(list.Entries[y]), list.Entries[y].Stat.IsDirectory, list.NameOf(list.Entries[x]), list.Entries[x].Stat.IsDirectory));
        foreach (int index in extraneous)
        {
            bool kept = false;
            if (node.Subtrees.TryGetValue(index, out List<Deletion>? below))
            {
                foreach (Deletion deletion in below)
                {
                    kept |= deletion.IsKept;
                    if (deletion.Type != FileType.Unknown) plan.Deletions.Add(deletion);
                }
            }
            FileList.Entry entry = list.Entries[index];
            plan.Deletions.Add(new Deletion(node.DestinationPath.Join(list.NameOf(entry)), entry.Stat.Type, kept));
        }
    }
}
