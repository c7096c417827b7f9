using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Links;
using SyncHop.Engine.Scanning;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Planning;

/// <summary>
/// Decides what is to be done in a directory from what the scan found on both sides. Nothing is read or changed here; the
/// rules and their order are rsync's.
/// </summary>
/// <param name="options">The run's options.</param>
/// <param name="attributes">Compares attributes.</param>
/// <param name="destination">What the destination's host can do.</param>
/// <param name="isSuperuser">Whether the destination may be changed by a superuser.</param>
/// <param name="showsUnchanged">Whether entries with nothing to do are shown.</param>
/// <param name="resumption">Knows what earlier attempts of this run finished; null when there are none.</param>
internal sealed partial class DirectoryPlanner(
    SyncOptions options, AttributeComparison attributes, ReplicaTraits destination, bool isSuperuser, bool showsUnchanged,
    Resumption? resumption = null)
{
    private const uint OwnerAccess = 0x1C0; // 0700
    private const uint AccessBits = 0x1FF; // 0777
    private const int EntriesAtOnce = 10_000;

    private readonly BasisMatcher _basis = new(options, attributes);

    /// <summary>Plans one loaded directory.</summary>
    /// <param name="node">The directory.</param>
    /// <param name="deletes">Whether extraneous entries may be removed: not after a scan error.</param>
    public DirectoryPlan Plan(DirectoryNode node, bool deletes)
    {
        DirectoryPlan plan = new(node);
        if (node.IsSkipped)
        {
            PlanSkipped(node, plan);
            TakeBack(node, plan);
            return plan;
        }
        if (node.IsItem) PlanDirectory(node, plan);
        else if (node.IsWay && !node.ExistsOnDestination) PlanWay(node, plan);
        foreach (byte[] leftover in node.Leftovers) plan.Leftovers.Add(node.DestinationPath.Join(leftover));
        plan.HasHoldingDirectory = HasHoldingDirectory(node);
        PlanDeletions(node, deletes, plan);
        PlanEntries(node, plan, 0, 0);
        return plan;
    }

    /// <summary>Plans entries, so many that the plan of a directory of a million stays small, and leaves the rest to the plan.</summary>
    private void PlanEntries(DirectoryNode node, DirectoryPlan plan, int first, int nextOnDestination)
    {
        FileList.Sequence entries = node.Source.Entries;
        int end = Math.Min(first + EntriesAtOnce, entries.Length), next = nextOnDestination;
        for (int i = first; i < end; i++)
        {
            FileList.Entry entry = entries[i];
            int found = FileListOrder.Find(node.Destination, node.DestinationNameOf(entry), ref next);
            _planned++;
            if (HasOtherNames(entry.Stat)) PlanName(node, i, entry, found, plan);
            else if (!entry.IsDirectory) PlanEntry(node, i, entry, found, null, plan);
        }
        PlanLinks(plan);
        plan.Rest = end < entries.Length ? () => PlanEntries(node, plan, end, next) : null;
    }

    /// <summary>Counts and limits removals.</summary>
    public DeletionPlanner Deletions { get; } = new(options, (int)(resumption?.Counted?.Deleted.Total ?? 0));

    /// <summary>What of a directory's entries the source does not have; nothing where nothing may be removed.</summary>
    public static List<Deletion> ExtraneousIn(DirectoryNode node) =>
        HasExtraneous(node) ? DeletionPlanner.Extraneous(node, DeletionPlanner.Match(node)) : [];

    private static bool HasExtraneous(DirectoryNode node) => node.IsWhole && node.ExistsOnDestination && !node.IsSkipped && !node.IsOnOtherFileSystem;

    private void PlanDeletions(DirectoryNode node, bool deletes, DirectoryPlan plan)
    {
        bool extraneous = deletes && options.Delete && options.DeleteTime != DeleteTime.Before && HasExtraneous(node);
        if (!extraneous && node.MissingArguments.Count == 0) return;
        bool[] matched = DeletionPlanner.Match(node);
        List<Deletion> missing = Deletions.Missing(node, matched);
        bool now = options.DeleteTime == DeleteTime.During;
        plan.DeletesByFinalRules = extraneous && options.DeletesByFinalRules;
        List<Deletion> found = extraneous && !plan.DeletesByFinalRules ? DeletionPlanner.Extraneous(node, matched) : [];
        plan.Deletions.AddRange(Deletions.Limit(now ? [.. found, .. missing] : missing));
        if (!now) plan.Delayed.AddRange(found);
    }

    private void PlanSkipped(DirectoryNode node, DirectoryPlan plan)
    {
        if (node.IsDeadEnd) return;
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
        PlanDirectoryItself(node, plan);
        if (plan.After.Inheritance is not { } inheritance) return;
        plan.Before = plan.Before.GetValueOrDefault() with { Extended = inheritance };
        plan.After = plan.After.WithoutInheritance;
    }

    private void PlanDirectoryItself(DirectoryNode node, DirectoryPlan plan)
    {
        FileStat source = node.Stat;
        if (!node.ExistsOnDestination || node.WasCreated)
        {
            AttributeChange after = attributes.ChangeOfNew(source, null);
            plan.After = after;
            ItemFlags made = ItemFlags.New | ItemFlags.LocalChange;
            if (_basis.FindDirectory(node) is BasisMatch earlier)
            {
                bool isExact = earlier.Quality == BasisQuality.Exact;
                made = ItemFlags.LocalChange | attributes.Differences(source, earlier.Stat, replaced: !isExact);
                if (isExact) plan.Notices.Add(new Notice(NoticeKind.UpToDate, node.Path, FileType.Directory));
            }
            plan.Self = DirectoryItem(node, PlanAction.MakeDirectory, made) with
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

    /// <summary>A directory that is only on the way is made as any program would make it, and nobody is told.</summary>
    private static void PlanWay(DirectoryNode node, DirectoryPlan plan)
    {
        plan.Self = DirectoryItem(node, PlanAction.MakeDirectory, ItemFlags.None) with { CreationPermissions = AccessBits };
        plan.IsQuiet = true;
    }

    private static PlanItem DirectoryItem(DirectoryNode node, PlanAction action, ItemFlags flags) => new()
    {
        Action = action,
        Path = node.Path,
        DestinationPath = node.DestinationPath,
        Origin = node.Origins.Count > 0 ? node.Origins[0] : default,
        Source = node.Stat,
        Flags = flags,
    };

    private void PlanEntry(DirectoryNode node, int index, in FileList.Entry entry, int found, HardLinkNames? names, DirectoryPlan plan)
    {
        FileStat source = entry.Stat;
        FileStat? there = found < 0 ? null : node.Destination.Entries[found].Stat;
        if (there is null && options.Existing)
        {
            Note(NoticeKind.NotCreated, node, entry, plan);
            return;
        }
        if (there is FileStat kept && options.IgnoreExisting)
        {
            plan.Notices.Add(new Notice(NoticeKind.Exists, node.Path.Join(node.Source.NameOf(entry)), source.Type)
            {
                Reason = WhatIsKept(node, index, entry, found, kept),
            });
            return;
        }
        if (source.IsSymlink && options is { Links: true, SafeLinks: true } && IsUnsafe(node, entry))
        {
            plan.Notices.Add(new Notice(NoticeKind.UnsafeLink, node.Path.Join(node.Source.NameOf(entry)), FileType.Symlink)
            {
                Target = node.Source.TargetOf(entry).ToArray(),
            });
            return;
        }
        int before = plan.Items.Count;
        if (!IsTransferable(source.Type)) Note(NoticeKind.NonRegular, node, entry, plan);
        else if (PlanFurtherName(node, index, entry, found, there, names, plan)) return;
        else if (source.IsRegular) PlanFile(node, index, entry, found, there, plan);
        else if (PlanFromBasis(node, index, entry, found, there, plan)) { }
        else if (source.IsSymlink) PlanSymlink(node, entry, found, there, plan);
        else PlanSpecial(node, entry, found, there, plan);
        ChooseLeader(node, index, entry, there, names, before, plan);
    }

    private static bool IsUnsafe(DirectoryNode node, in FileList.Entry entry) =>
        LinkSafety.IsUnsafe(node.Path.Join(node.Source.NameOf(entry)).Bytes, node.Source.TargetOf(entry));

    private void PlanFile(DirectoryNode node, int index, in FileList.Entry entry, int found, FileStat? there, DirectoryPlan plan)
    {
        FileStat source = entry.Stat;
        if (source.Size > options.MaxSize || source.Size < options.MinSize)
        {
            Note(source.Size > options.MaxSize ? NoticeKind.TooLarge : NoticeKind.TooSmall, node, entry, plan);
            return;
        }
        // Another kind of entry is always worth an update, however new.
        if (options.Update && there is { IsRegular: true } other && AttributeComparison.IsNewer(options, other, source))
        {
            Note(NoticeKind.Newer, node, entry, plan);
            return;
        }
        if (PlanFromBasis(node, index, entry, found, there, plan)) return;
        if (there is { IsRegular: true } same)
        {
            QuickCheckResult check = QuickCheck.Check(options, source, same);
            if (check == QuickCheckResult.CompareContents && node.EqualContents.Contains(index)) check = QuickCheckResult.Same;
            if (check == QuickCheckResult.Same || IsFinished(node, entry))
            {
                // What an ended run left of it is of no use any more.
                if (plan.HasHoldingDirectory) plan.Leftovers.Add(options.HeldPathOf(node.DestinationPath.Join(node.DestinationNameOf(entry))));
                PlanUnchanged(node, entry, same, plan);
                return;
            }
        }
        // rsync says nothing of these, and leaves their attributes alone too.
        if (options.Append != AppendMode.None && there is { IsRegular: true } longer && longer.Size >= source.Size) return;
        ItemFlags flags = ItemFlags.Transfer;
        if (options.Checksum) flags |= ItemFlags.Change;
        FileStat? replaced = there is { IsRegular: true } ? there : null;
        flags |= replaced is FileStat old ? attributes.Differences(source, old, replaced: true) : ItemFlags.New;
        AddNew(node, entry, found, there, flags, PlanAction.Transfer, attributes.ChangeOfNew(source, replaced), plan);
        if (plan.Items is [.., { Action: PlanAction.Transfer } added]) plan.Items[^1] = added with { ListIndex = node.FirstIndex + index };
    }

    private bool IsFinished(DirectoryNode node, in FileList.Entry entry) =>
        resumption is { IsContinuation: true } && resumption.HasFinished(node.DestinationPath.Join(node.DestinationNameOf(entry)), entry.Stat);

    /// <summary>What would have been done with an entry that <c>--ignore-existing</c> leaves alone, in rsync's words.</summary>
    private string WhatIsKept(DirectoryNode node, int index, in FileList.Entry entry, int found, in FileStat there)
    {
        FileStat source = entry.Stat;
        if (source.Type != there.Type) return "type change";
        if (source.IsRegular)
        {
            QuickCheckResult check = QuickCheck.Check(options, source, there);
            if (check == QuickCheckResult.CompareContents && !node.EqualContents.Contains(index)) return "sum change";
            if (check == QuickCheckResult.Different) return "file change";
        }
        else if (source.IsSymlink && !node.Source.TargetOf(entry).SequenceEqual(node.Destination.TargetOf(node.Destination.Entries[found])))
        {
            return "file change";
        }
        return attributes.Differences(source, there, replaced: false) == ItemFlags.None ? "uptodate" : "attr change";
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
        // Without -p what is replaced hands its permissions on, whatever it was.
        FileStat? replaced = there is { IsDirectory: false } ? there : null;
        AddNew(node, entry, found, there, flags, PlanAction.MakeSpecial, attributes.ChangeOfNew(source, replaced), plan);
    }

    private void PlanUnchanged(DirectoryNode node, in FileList.Entry entry, in FileStat there, DirectoryPlan plan)
    {
        ItemFlags flags = attributes.Differences(entry.Stat, there, replaced: false);
        if (options.Info(InfoFlag.Name) > 1) Note((flags & ~ItemFlags.Xattrs) == ItemFlags.None ? NoticeKind.UpToDate : NoticeKind.AttributesOnly, node, entry, plan);
        bool isSame = flags == ItemFlags.None && !attributes.RefinesTime(entry.Stat, there);
        if (isSame && !showsUnchanged && !options.RemoveSourceFiles && !HasOtherNames(entry.Stat)) return;
        if (flags != ItemFlags.None && options.SparesOtherNames && there.LinkCount != 1)
        {
            PlanAnew(node, entry, there, flags, plan);
            return;
        }
        ItemFlags shown = options.DryRun ? flags : attributes.AfterChange(flags, entry.Stat, there);
        PlanItem item = Item(node, entry, isSame ? PlanAction.Show : PlanAction.SetAttributes, shown);
        plan.Items.Add(item with { Change = attributes.ChangeOf(entry.Stat, there, flags) });
    }

    /// <summary>Plans an entry of which only attributes differ as if its content did.</summary>
    private void PlanAnew(DirectoryNode node, in FileList.Entry entry, in FileStat there, ItemFlags flags, DirectoryPlan plan)
    {
        (PlanAction action, ItemFlags how) = entry.Stat.Type switch
        {
            FileType.Regular => (PlanAction.Transfer, ItemFlags.Transfer),
            FileType.Symlink => (PlanAction.MakeSymlink, ItemFlags.LocalChange),
            _ => (PlanAction.MakeSpecial, ItemFlags.LocalChange),
        };
        const int notFound = -1; // Only a directory's place is asked for.
        AddNew(node, entry, notFound, there, flags | how, action, attributes.ChangeOfNew(entry.Stat, entry.Stat.IsRegular ? there : null), plan);
    }
}
