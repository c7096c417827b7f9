using SyncHop.Engine.Contract;
using SyncHop.Engine.Comparing;
using SyncHop.Engine.Scanning;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Planning;

/// <summary>The items of a plan: what stands in their way, what an ended run left of them, and where they come from.</summary>
internal sealed partial class DirectoryPlanner
{
    private void AddNew(
        DirectoryNode node, in FileList.Entry entry, int found, FileStat? there, ItemFlags flags, PlanAction action, AttributeChange change,
        DirectoryPlan plan, IReplica? earlier = null)
    {
        Obstacle? obstacle = null;
        if (there is { IsDirectory: true })
        {
            List<Deletion> contents = node.Subtrees.TryGetValue(found, out List<Deletion>? below) ? below : [];
            if (contents.Count > 0 && options.EmptiesDirectories) contents = Deletions.Limit(contents);
            bool canBeEmptied = contents.Count == 0
                || (options.EmptiesDirectories && !contents.Exists(deletion => deletion.IsKept || deletion.IsSkipped || StaysAsBackup(deletion)));
            if (!canBeEmptied)
            {
                // rsync removes what it can before it finds that the directory stays.
                if (options.EmptiesDirectories) plan.Deletions.AddRange(contents.Where(deletion => deletion.Type != FileType.Unknown));
                Note(NoticeKind.CannotMakeWay, node, entry, plan);
                if (entry.Stat.IsRegular && !isSuperuser) plan.Unlocked.Add(node.DestinationPath.Join(node.DestinationNameOf(entry)));
                return;
            }
            foreach (Deletion deletion in contents)
                plan.Notices.Add(new Notice(NoticeKind.RemovedToMakeWay, deletion.Path, deletion.Type));
            obstacle = new Obstacle(FileType.Directory, contents);
        }
        RelativePath path = node.DestinationPath.Join(node.DestinationNameOf(entry));
        uint creation = (options.Perms || there is { IsRegular: true }) && action is PlanAction.Transfer or PlanAction.CopyEarlier or PlanAction.LinkName
            ? PrivateFile
            : entry.Stat.Permissions & AccessBits;
        plan.Items.Add(Item(node, entry, action, flags) with
        {
            Change = change,
            Obstacle = obstacle,
            Replaces = there is { IsDirectory: false },
            Existing = action == PlanAction.Transfer && there is { IsRegular: true } ? there : null,
            HeldAt = action == PlanAction.Transfer && plan.HasHoldingDirectory ? options.HeldPathOf(path) : null,
            Leftover = action == PlanAction.Transfer && options is { Partial: true, WholeFile: not true } ? TakeLeftover(plan, path) : null,
            CreationPermissions = creation,
            Earlier = earlier is null ? null : new Origin(earlier, path),
        });
    }

    /// <summary>Whether the entry's backup keeps its directory from becoming empty; in a dry run rsync does not see that coming.</summary>
    private bool StaysAsBackup(in Deletion deletion) =>
        options is { Backup: true, BackupDirectory: null, DryRun: false } && !deletion.IsDirectory && !deletion.Path.Name.EndsWith(options.BackupSuffix);

    /// <summary>Whether an earlier run left a directory for partial or delayed files here.</summary>
    private bool HasHoldingDirectory(DirectoryNode node)
    {
        if (node.Destination.Count == 0 || !options.UsesHoldingDirectories) return false;
        ReadOnlySpan<byte> name = options.HoldingDirectory;
        int slash = name.IndexOf((byte)'/');
        int found = FileListOrder.Find(node.Destination, slash < 0 ? name : name[..slash]);
        return found >= 0 && node.Destination.Entries[found].IsDirectory;
    }

    /// <summary>Takes what a killed run left of a file, to go on with it, from what is to be removed.</summary>
    private static RelativePath? TakeLeftover(DirectoryPlan plan, RelativePath path)
    {
        int index = plan.Leftovers.FindIndex(leftover => leftover.Parent == path.Parent && TemporaryName.IsFor(leftover.Name, path.Name));
        if (index < 0) return null;
        RelativePath taken = plan.Leftovers[index];
        plan.Leftovers.RemoveAt(index);
        return taken;
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
}
