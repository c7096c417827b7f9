using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Tests.Fakes;
using Xunit;

namespace SyncHop.Engine.Tests.Execution;

/// <summary>A run whose connection is lost at any of its operations, and which then goes on over a new one.</summary>
public sealed class ResumptionTests
{
    private const int BigSize = 450_000;

    public static TheoryData<string> Kinds { get; } = ["archive", "no times", "backup", "inplace backup", "delay updates", "max delete", "partial dir"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_next_attempt_completes_what_a_lost_connection_left(string kind)
    {
        SyncOptions options = Options(kind);
        FaultPlan none = new();
        FakeNode clean = FakeNode.Directory(("dst", Destination()));
        FakeRun whole = await FakeRun.SyncAsync(Source(none), new FakeHost(clean, none), options);
        Assert.True(Expected(kind, whole.Code) == ExitCode.Ok, whole.Errors);
        string expected = Describe(clean.Children["dst"]);

        // Nearly all operations are the large file's, one like the other.
        for (int index = 0; index < none.Count; index += index is < 60 || index > none.Count - 60 ? 1 : 71)
        {
            FaultPlan plan = new(index, Fault.Lose);
            FakeNode root = FakeNode.Directory(("dst", Destination()));
            Resumption resumption = new();
            FakeRun first = await FakeRun.AttemptAsync(Source(plan), new FakeHost(root, plan), resumption, options);
            Assert.True(first.Failure is ReplicaLostException, $"{index}, {plan.Hit}");

            FaultPlan second = new();
            FakeRun last = await FakeRun.AttemptAsync(Source(second), new FakeHost(root, second), resumption, options);

            string what = $"lost at {index}, {plan.Hit}\n{first.Errors}{last.Errors}";
            Assert.True(Expected(kind, last.Code) == ExitCode.Ok, what);
            Assert.True(expected == Describe(root.Children["dst"]), $"{what}\n{Describe(root.Children["dst"])}");
        }
    }

    [Fact]
    public async Task What_was_written_is_not_written_again()
    {
        SyncOptions options = Options("archive");
        FaultPlan none = new();
        await FakeRun.SyncAsync(Source(none), new FakeHost(FakeNode.Directory(("dst", Destination())), none), options);
        int fewest = int.MaxValue;
        for (int index = 0; index < none.Count; index += 150)
        {
            FaultPlan plan = new(index, Fault.Lose);
            FakeNode root = FakeNode.Directory(("dst", Destination()));
            Resumption resumption = new();
            await FakeRun.AttemptAsync(Source(plan), new FakeHost(root, plan), resumption, options);
            int writes = 0;
            FakeHost again = new(root, new FaultPlan()) { Watch = (operation, _) => writes += operation == "write" ? 1 : 0 };
            await FakeRun.AttemptAsync(Source(new FaultPlan()), again, resumption, options);
            fewest = Math.Min(fewest, writes);
        }
        // Without going on from the beginning that is there, all of the large file's blocks would be written.
        Assert.InRange(fewest, 0, (BigSize / 1024) - 256);
    }

    [Fact]
    public async Task A_source_that_has_changed_is_sent_from_its_beginning()
    {
        SyncOptions options = Options("archive");
        FaultPlan plan = new(600, Fault.Lose);
        FakeNode root = FakeNode.Directory(("dst", Destination()));
        Resumption resumption = new();
        Assert.True((await FakeRun.AttemptAsync(Source(plan), new FakeHost(root, plan), resumption, options)).Failure is ReplicaLostException);
        FaultPlan none = new();
        FakeHost changed = Source(none);
        byte[] other = new byte[BigSize];
        Array.Fill(other, (byte)'z');
        changed.Root.Children["src"].Children["big"] = FakeNode.File(other, 3_000);

        FakeRun last = await FakeRun.AttemptAsync(changed, new FakeHost(root, none), resumption, options);

        Assert.True(last.Code == ExitCode.Ok, last.Errors);
        Assert.Equal(other, root.Children["dst"].Children["big"].Content);
        Assert.DoesNotContain(root.Children["dst"].Walk(), entry => entry.Path.Contains(".big.", StringComparison.Ordinal));
    }

    /// <summary>Otherwise a server that always breaks at the same place would be tried for ever.</summary>
    [Theory]
    [InlineData("archive")]
    [InlineData("no times")]
    public async Task What_was_reached_before_is_no_progress(string kind)
    {
        FakeNode root = FakeNode.Directory(("dst", Destination()));
        Resumption resumption = new();
        List<bool> progress = [];
        for (int attempt = 0; attempt < 4; attempt++)
        {
            FakeHost host = new(root, new FaultPlan())
            {
                // All but the large file's end works.
                Watch = (operation, path) =>
                {
                    if (operation == "rename" && path.Contains("big", StringComparison.Ordinal)) throw new ReplicaLostException("lost");
                },
            };
            FakeRun run = await FakeRun.AttemptAsync(Source(new FaultPlan()), host, resumption, Options(kind));
            Assert.True(run.Failure is ReplicaLostException, run.Errors);
            progress.Add(resumption.TakeProgress());
        }
        Assert.Equal([true, false, false], [progress[0], .. progress[2..]]);
    }

    private static SyncOptions Options(string kind) => kind switch
    {
        "no times" => FakeRun.Archive with { Times = false, WholeFile = true },
        "backup" => FakeRun.Archive with { Backup = true, Delete = false, BackupSuffix = "~"u8.ToArray(), WholeFile = true },
        "inplace backup" => FakeRun.Archive with { Backup = true, Delete = false, BackupSuffix = "~"u8.ToArray(), Inplace = true, WholeFile = true },
        "delay updates" => FakeRun.Archive with { DelayUpdates = true, Delete = false, WholeFile = true },
        "max delete" => FakeRun.Archive with { MaxDelete = 2, WholeFile = true },
        "partial dir" => FakeRun.Archive with { Partial = true, Delete = false, PartialDir = ".p"u8.ToArray(), WholeFile = true },
        _ => FakeRun.Archive with { WholeFile = true },
    };

    /// <summary>Some removals are over the limit: rsync's exit code for that is as good as 0 here.</summary>
    private static ExitCode? Expected(string kind, ExitCode? code) => kind == "max delete" && code == ExitCode.DeleteLimit ? ExitCode.Ok : code;

    private static FakeHost Source(FaultPlan plan)
    {
        byte[] big = new byte[BigSize];
        new Random(1).NextBytes(big);
        return new FakeHost(FakeNode.Directory(("src", FakeNode.Directory(
            ("a", FakeNode.File("new"u8.ToArray(), 2_000)),
            ("big", FakeNode.File(big, 2_000)),
            ("sub", FakeNode.Directory(("b", FakeNode.File("b"u8.ToArray(), 2_000)), ("new", FakeNode.File("n"u8.ToArray(), 2_000))))))), plan, isLocal: true);
    }

    private static FakeNode Destination() => FakeNode.Directory(
        ("a", FakeNode.File("old content"u8.ToArray(), 1_000)),
        ("big", FakeNode.File(new byte[1000], 1_000)),
        ("extra1", FakeNode.File([1])), ("extra2", FakeNode.File([2])), ("extra3", FakeNode.File([3])),
        ("sub", FakeNode.Directory(("b", FakeNode.File("old b"u8.ToArray(), 1_000)))));

    private static string Describe(FakeNode tree) => string.Join('\n', tree.Walk().Order().Select(entry =>
        $"{entry.Path} {entry.Node.Type} {(entry.Node.Type == FileType.Directory ? 0 : entry.Node.Content.Length)} {System.IO.Hashing.XxHash3.HashToUInt64(entry.Node.Content):X}"));
}
