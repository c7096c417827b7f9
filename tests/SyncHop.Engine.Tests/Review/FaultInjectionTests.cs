using SyncHop.Engine.Contract;
using SyncHop.Engine.Tests.Fakes;
using Xunit;

namespace SyncHop.Engine.Tests.Review;

/// <summary>
/// Lets every single operation of a run go wrong, one after the other. Whatever it is: the run ends, no temporary file is
/// left, every file is the old or the new one, and nothing is removed that the source has.
/// </summary>
public sealed class FaultInjectionTests
{
    public static TheoryData<string, bool> Faults { get; } = new MatrixTheoryData<string, bool>(Enum.GetNames<Fault>(), [false, true]);

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_run_survives_a_fault_at_every_operation(string name, bool isLocal)
    {
        Fault fault = Enum.Parse<Fault>(name);
        FaultPlan none = new();
        (FakeHost source, FakeHost destination) = Hosts(none, isLocal);
        FakeRun clean = await FakeRun.SyncAsync(source, destination);
        Assert.Equal(ExitCode.Ok, clean.Code);
        Assert.Equal(Describe(Top("src")), Describe(destination.Root.Children["dst"]));

        for (int index = 0; index < none.Count; index++)
        {
            FaultPlan plan = new(index, fault);
            (source, destination) = Hosts(plan, isLocal);
            FakeRun run = await FakeRun.SyncAsync(source, destination, faults: plan);
            // What a host takes out of order is asked for again, so that not every run has as many operations.
            if (plan.Count <= index) continue;
            string what = $"{fault} at {index}, {plan.Hit}\n{run.Errors}";
            CheckEnd(fault, plan, run, what);
            CheckTree(destination.Root.Children["dst"], fault, what);
        }
    }

    private static void CheckEnd(Fault fault, FaultPlan plan, FakeRun run, string what)
    {
        switch (fault)
        {
            case Fault.Cancel:
                // A cancellation at the very end may come too late to matter.
                Assert.True(run.Failure is OperationCanceledException || run.Code == ExitCode.Ok, what);
                break;
            case Fault.Lose:
                Assert.True(run.Failure is ReplicaLostException, what);
                break;
            default:
                Assert.Null(run.Failure);
                // What is gone when it is to be removed is as it should be, and fewer lookups may do. The absolute path is asked for the
                // signature store, which is a cache: without it files go whole.
                Assert.True(run.Code is ExitCode.Partial or ExitCode.Vanished or ExitCode.FileSelection or ExitCode.FileIo
                    || (run.Code == ExitCode.Ok && (fault == Fault.Vanish || plan.Hit.StartsWith("realpath", StringComparison.Ordinal))), $"exit code {run.Code}: {what}");
                break;
        }
    }

    private static void CheckTree(FakeNode actual, Fault fault, string what)
    {
        Dictionary<string, FakeNode> old = Top("dst").Walk().ToDictionary(), wanted = Top("src").Walk().ToDictionary();
        Dictionary<string, FakeNode> now = actual.Walk().ToDictionary();
        foreach ((string path, FakeNode node) in now)
        {
            bool isTemporary = !old.ContainsKey(path) && !wanted.ContainsKey(path);
            if (isTemporary) Assert.True(fault == Fault.Lose, $"left behind: {path}; {what}");
            else Assert.True(Same(node, old.GetValueOrDefault(path)) || Same(node, wanted.GetValueOrDefault(path)), $"half-written: {path}; {what}");
        }
        foreach ((string path, FakeNode node) in old)
        {
            // A directory that gives way to something else is removed first, as in rsync.
            bool givesWay = wanted.TryGetValue(path, out FakeNode? next) && next.Type != node.Type
                && (node.Type == FileType.Directory || next.Type == FileType.Directory);
            bool vanished = fault == Fault.Vanish; // What vanishes on the source goes on the destination, too.
            if (wanted.ContainsKey(path) && !givesWay && !vanished) Assert.True(now.ContainsKey(path), $"lost: {path}; {what}");
        }
    }

    private static bool Same(FakeNode node, FakeNode? other) => other is not null && node.Type == other.Type
        && (node.Type == FileType.Directory || (node.Content.AsSpan().SequenceEqual(other.Content) && node.Target.AsSpan().SequenceEqual(other.Target)));

    private static string Describe(FakeNode tree) => string.Join('\n', tree.Walk().Select(entry =>
        $"{entry.Path} {entry.Node.Type} {entry.Node.Permissions:X} {entry.Node.Mtime} {Convert.ToHexString(entry.Node.Content)} {FakeHost.Text(entry.Node.Target)}"));

    private static (FakeHost Source, FakeHost Destination) Hosts(FaultPlan plan, bool isLocal) => (
        new FakeHost(FakeNode.Directory(("src", Top("src"))), plan, isLocal),
        new FakeHost(FakeNode.Directory(("dst", Top("dst"))), plan));

    /// <summary>Trees that differ in every way that matters: new, changed, equal, extraneous, and of another kind.</summary>
    private static FakeNode Top(string side)
    {
        bool isSource = side == "src";
        byte fill = isSource ? (byte)'n' : (byte)'o';
        FakeNode top = FakeNode.Directory(
            ("changed", FakeNode.File([.. Enumerable.Repeat(fill, isSource ? 5000 : 700)], isSource ? 2_000 : 1_000)),
            ("equal", FakeNode.File("same"u8.ToArray())),
            ("link", FakeNode.Link(isSource ? "new" : "old")),
            ("file-or-link", isSource ? FakeNode.Link("x") : FakeNode.File("f"u8.ToArray())),
            ("link-or-file", isSource ? FakeNode.File("f"u8.ToArray()) : FakeNode.Link("x")),
            ("file-or-directory", isSource ? FakeNode.Directory(("in", FakeNode.File([fill]))) : FakeNode.File([fill])),
            ("directory-or-file", isSource ? FakeNode.File([fill]) : FakeNode.Directory(("in", FakeNode.File([fill])))),
            ("sub", FakeNode.Directory(
                ("changed", FakeNode.File([fill], isSource ? 2_000 : 1_000)),
                ("deeper", FakeNode.Directory(("equal", FakeNode.File("same"u8.ToArray())))))));
        if (isSource)
        {
            top.Children.Add("new", FakeNode.File(new byte[3000]));
            top.Children.Add("new-directory", FakeNode.Directory(("in", FakeNode.File([1])), ("link", FakeNode.Link("in"))));
        }
        else
        {
            top.Children.Add("extra", FakeNode.File([2]));
            top.Children["sub"].Children.Add("extra-directory", FakeNode.Directory(("a", FakeNode.File([3])), ("b", FakeNode.Directory())));
        }
        return top;
    }
}

file static class WalkExtensions
{
    public static Dictionary<string, FakeNode> ToDictionary(this IEnumerable<(string Path, FakeNode Node)> entries) =>
        entries.ToDictionary(entry => entry.Path, entry => entry.Node);
}
