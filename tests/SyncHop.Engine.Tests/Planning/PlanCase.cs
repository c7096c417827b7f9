using System.Globalization;
using SyncHop.Engine.Comparing;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;
using static SyncHop.Engine.Tests.Samples;

namespace SyncHop.Engine.Tests.Planning;

/// <summary>One directory on both sides, made by hand; its plan as lines of text.</summary>
internal sealed class PlanCase
{
    private readonly FileList _source = new(), _destination = new();

    private readonly Dictionary<string, List<Deletion>> _subtrees = [];

    public SyncOptions Options { get; init; } = Archive;

    public ReplicaTraits Traits { get; init; } = Samples.Traits;

    public ReplicaTraits SourceTraits { get; init; } = Samples.Traits;

    public bool IsSuperuser { get; init; } = true;

    public bool ShowsUnchanged { get; init; }

    public bool ScanFailed { get; init; }

    public FileStat Stat { get; init; } = Dir();

    public FileStat? StatThere { get; init; } = Dir();

    /// <summary>Names of the source's files whose content was found equal.</summary>
    public string[] EqualContents { get; init; } = [];

    /// <summary>Changes the node that is planned.</summary>
    public Func<NodeParts, NodeParts> With { get; init; } = parts => parts;

    /// <summary>What a <see cref="DirectoryNode"/> has besides its lists.</summary>
    public sealed record NodeParts
    {
        public string Path { get; init; } = "d";

        public string DestinationPath { get; init; } = "d";

        public bool IsItem { get; init; }

        public bool WasCreated { get; init; }

        public bool IsSkipped { get; init; }

        public bool IsBlocked { get; init; }

        public bool HasContents { get; init; } = true;

        public DirectoryNode? Parent { get; init; }

        public string? RenamedTo { get; init; }
    }

    public PlanCase Source(string name, FileStat stat, string target = "")
    {
        _source.Add(B(name), stat, B(target));
        return this;
    }

    public PlanCase There(string name, FileStat stat, string target = "", params Deletion[] below)
    {
        _destination.Add(B(name), stat, B(target));
        if (below.Length > 0) _subtrees.Add(name, [.. below]);
        return this;
    }

    public PlanCase Both(string name, FileStat stat, FileStat there) => Source(name, stat).There(name, there);

    /// <summary>The plan, line by line: self, notices, deletions, items.</summary>
    public string Lines() => Show(Plan());

    public DirectoryPlan Plan()
    {
        DirectoryNode node = Node();
        DirectoryPlanner planner = new(Options, Comparison(Options, Traits, IsSuperuser), Traits, IsSuperuser, ShowsUnchanged);
        planner.Announce(node);
        return planner.Plan(node, deletes: !ScanFailed);
    }

    public DirectoryNode Node()
    {
        NodeParts parts = With(new NodeParts());
        DirectoryNode node = new()
        {
            Parent = parts.Parent,
            Index = 0,
            Path = P(parts.Path),
            DestinationPath = P(parts.DestinationPath),
            Origins = parts.HasContents ? [new Origin(new StubReplica("/src", SourceTraits), P(parts.Path))] : [],
            Stat = Stat,
            DestinationStat = StatThere,
            IsItem = parts.IsItem,
            WasCreated = parts.WasCreated,
            IsSkipped = parts.IsSkipped,
            IsBlocked = parts.IsBlocked,
            RenamedTo = parts.RenamedTo is null ? null : B(parts.RenamedTo),
            Source = _source,
            Destination = _destination,
        };
        FileListOrder.Sort(_source);
        FileListOrder.SortByName(_destination);
        for (int i = 0; i < _source.Count; i++)
        {
            if (EqualContents.Contains(S(_source.NameOf(_source.Entries[i])))) node.EqualContents.Add(i);
        }
        foreach ((string name, List<Deletion> below) in _subtrees) node.Subtrees.Add(FileListOrder.Find(_destination, B(name)), below);
        return node;
    }

    public static string Show(AttributeChange? change)
    {
        if (change is not AttributeChange c) return "null";
        return string.Join(' ', new[]
        {
            c.Permissions is uint p ? $"p={Convert.ToString(p, 8)}" : "",
            c.Mtime is Timestamp t ? $"t={t.Seconds.ToString(CultureInfo.InvariantCulture)}" : "",
            c.Uid is uint u ? $"u={u}" : "",
            c.Gid is uint g ? $"g={g}" : "",
        }.Where(text => text.Length > 0));
    }

    private static string Show(DirectoryPlan plan)
    {
        List<string> lines = [];
        if (plan.Self is PlanItem self) lines.Add("self " + Show(self));
        lines.AddRange(plan.Notices.Select(notice => $"{notice.Kind} {S(notice.Path.Bytes)}{(notice.Type == FileType.Directory ? "/" : "")}"));
        lines.AddRange(plan.Deletions.Select(deletion =>
            $"delete {S(deletion.Path.Bytes)}{(deletion.IsDirectory ? "/" : "")}{(deletion.IsKept ? " (kept)" : "")}"));
        lines.AddRange(plan.Items.Select(Show));
        return string.Join('\n', lines);
    }

    private static string Show(PlanItem item)
    {
        string letters = ItemizedChanges.Format(item.Source.Type, item.Flags, sends: false, keepsTime: true);
        string obstacle = item.Obstacle is null ? item.Replaces ? " over" : ""
            : $" instead of {item.Obstacle.Type}[{string.Join(' ', item.Obstacle.Contents.Select(deletion => S(deletion.Path.Bytes)))}]";
        return $"{item.Action} {letters.TrimEnd()} {S(item.Path.Bytes)}{obstacle}";
    }
}
