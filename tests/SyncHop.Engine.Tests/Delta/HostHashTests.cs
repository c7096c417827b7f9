using CsCheck;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Tests.Fakes;

namespace SyncHop.Engine.Tests.Delta;

/// <summary>Hosts that hash their files themselves.</summary>
public sealed class HostHashTests
{
    private const int Length = 1_000_000;

    private static readonly SyncOptions Options = FakeRun.Archive with { Stats = true };

    private static readonly Gen<(byte[] Old, byte[] New)> Pair =
        Gen.Select(Gen.Int[260_000, 700_000], Gen.Int[260_000, 700_000], Gen.Int[0, 700_000].Array[0, 20], static (oldLength, newLength, edits) =>
        {
            byte[] content = Samples.Random(700_000);
            byte[] edited = [.. content];
            foreach (int at in edits) edited[Math.Min(at, edited.Length - 1)] ^= 1;
            return (content[..oldLength], edited[..newLength]);
        });

    private static readonly SyncOptions[] Ways =
    [
        Options, Options with { Inplace = true }, Options with { Verify = true }, Options with { BlockSize = 5000 }, Options with { BlockSize = 128 },
        Options with { Inplace = true, BlockSize = 31_744 },
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_push_makes_the_file_whatever_was_there(bool onlyFromStart) => Gen.Select(Pair, Gen.Int[0, Ways.Length - 1]).SampleAsync(
        async (pair, way) =>
        {
            FakeNode there = There(pair.Old);
            FakeRun run = await FakeRun.SyncAsync(Here(pair.New), Host(there, onlyFromStart), Ways[way]);
            Assert.Equal(ExitCode.Ok, run.Code);
            Assert.Equal(pair.New, there.Children["dst"].Children["file"].Content);
            Assert.DoesNotContain(".cache", there.Children.Keys);
        }, iter: 30, threads: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_pull_makes_the_file_whatever_was_there(bool onlyFromStart) => Gen.Select(Pair, Gen.Int[0, Ways.Length - 1]).SampleAsync(
        async (pair, way) =>
        {
            FakeNode here = There(pair.Old);
            FakeNode there = FakeNode.Directory(("src", FakeNode.Directory(("file", FakeNode.File(pair.New, 900_000_001)))));
            FakeRun run = await FakeRun.SyncAsync(Host(there, onlyFromStart), new FakeHost(here, new FaultPlan(), isLocal: true), Ways[way]);
            Assert.Equal(ExitCode.Ok, run.Code);
            Assert.Equal(pair.New, here.Children["dst"].Children["file"].Content);
        }, iter: 30, threads: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_blocks_that_differ_are_sent(bool onlyFromStart)
    {
        (FakeNode there, byte[] edited) = Edited();
        FakeRun run = await FakeRun.SyncAsync(Here(edited), Host(there, onlyFromStart), Options);

        Assert.Contains("Literal data: 512 bytes\n", run.Output.Replace("1,024", "512", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Signature data: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_hashes_of_another_place_are_found_out_by_the_sample()
    {
        // A server that always hashes the beginning would have everything but that copied from where it is not.
        byte[] one = new byte[Length], other = new byte[Length];
        other.AsSpan(Length * 6 / 10).Fill(7);
        FakeNode there = There(other);
        FakeHost host = new(there, new FaultPlan()) { Hashing = static (content, _, length, block) => FakeHost.Hash(content, 0, length, block) };
        FakeRun run = await FakeRun.SyncAsync(Here(one), host, Options);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(one, there.Children["dst"].Children["file"].Content);
    }

    [Fact]
    public async Task A_host_that_stops_hashing_gets_the_rest()
    {
        (FakeNode there, byte[] edited) = Edited();
        int asked = 0;
        FakeHost host = new(there, new FaultPlan())
        {
            Hashing = (content, offset, length, block) => ++asked > 2 ? null : FakeHost.Hash(content, offset, length, block),
        };
        FakeRun run = await FakeRun.SyncAsync(Here(edited), host, Options);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(edited, there.Children["dst"].Children["file"].Content);
    }

    [Fact]
    public async Task The_store_is_used_where_it_is_wanted_alone()
    {
        FakeNode there = There(Samples.Random(Length));
        await FakeRun.SyncAsync(Here(Samples.Random(Length, seed: 2)), Host(there, false), Options with { Delta = DeltaMode.Store });
        Assert.Contains(".cache", there.Children.Keys);
    }

    [Fact]
    public async Task A_pull_that_would_go_on_after_a_lost_connection_asks_for_hashes_too()
    {
        (FakeNode here, byte[] edited) = Edited();
        FakeNode there = FakeNode.Directory(("src", FakeNode.Directory(("file", FakeNode.File(edited, 900_000_001)))));
        FakeRun run = await FakeRun.AttemptAsync(Host(there, false), new FakeHost(here, new FaultPlan(), isLocal: true), new Resumption(), Options);

        Assert.Equal(edited, here.Children["dst"].Children["file"].Content);
        Assert.DoesNotContain("Matched data: 0 bytes", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_file_that_cannot_be_read_all_through_is_fetched()
    {
        int failed = 0;
        FaultPlan plan;
        int index = 0;
        do
        {
            plan = new(index++, Fault.Fail);
            (FakeNode here, byte[] edited) = Edited();
            FakeNode there = FakeNode.Directory(("src", FakeNode.Directory(("file", FakeNode.File(edited, 900_000_001)))));
            FakeRun run = await FakeRun.SyncAsync(Host(there, false), new FakeHost(here, plan, isLocal: true), Options);
            if (plan.Hit != "read") continue;
            failed++;
            Assert.Equal(ExitCode.Ok, run.Code);
            Assert.Equal(edited, here.Children["dst"].Children["file"].Content);
        }
        while (plan.Hit != "none");
        Assert.InRange(failed, 3, 100);
    }

    private static (FakeNode There, byte[] New) Edited()
    {
        byte[] content = Samples.Random(Length);
        byte[] edited = [.. content];
        edited[Length / 2] ^= 1;
        return (There(content), edited);
    }

    private static FakeHost Here(byte[] content) =>
        new(FakeNode.Directory(("src", FakeNode.Directory(("file", FakeNode.File(content, 900_000_001))))), new FaultPlan(), isLocal: true);

    private static FakeNode There(byte[] content) => FakeNode.Directory(("dst", FakeNode.Directory(("file", FakeNode.File(content, 900_000_000)))));

    /// <param name="there">Its tree.</param>
    /// <param name="onlyFromStart">As ProFTPD before 1.3.8a: a range that begins later is hashed for too long, which gives another number of hashes.</param>
    private static FakeHost Host(FakeNode there, bool onlyFromStart) => new(there, new FaultPlan())
    {
        Hashing = (content, offset, length, block) => onlyFromStart && offset > 0 ? null : FakeHost.Hash(content, offset, length, block),
    };
}
