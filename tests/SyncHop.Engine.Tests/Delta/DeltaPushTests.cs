using SyncHop.Engine.Contract;
using SyncHop.Engine.Signatures;
using SyncHop.Engine.Temporaries;
using SyncHop.Engine.Tests.Fakes;

namespace SyncHop.Engine.Tests.Delta;

/// <summary>Pushing to a host that copies ranges, with the signature store on it.</summary>
public sealed class DeltaPushTests
{
    private const string Store = ".cache/synchop/signatures";
    private const int Length = 1_000_000;

    private readonly FakeNode _there = FakeNode.Directory(("dst", FakeNode.Directory()));
    private readonly List<string> _operations = [];

    private byte[] _content = Samples.Random(Length);
    private long _mtime = 900_000_000;

    private static SyncOptions Options => FakeRun.Archive with { Verbosity = 2, Stats = true };

    private FakeNode File => _there.Children["dst"].Children["file"];

    [Fact]
    public async Task The_second_push_copies_what_is_there_and_writes_what_changed()
    {
        await PushAsync();
        Edit();
        FakeRun run = await PushAsync();

        Assert.Equal(_content, File.Content);
        Assert.Contains("copy", _operations);
        Assert.Contains("delta-transmission enabled", run.Output, StringComparison.Ordinal);
        Assert.InRange(Figure(run, "Literal data"), 1, 2_000);
        Assert.Equal(Length, Figure(run, "Literal data") + Figure(run, "Matched data"));
    }

    [Fact]
    public async Task The_checksum_is_that_of_the_whole_file()
    {
        await PushAsync();
        Edit();
        FakeRun run = await PushAsync(Options with { OutFormat = "%n=%C"u8.ToArray() });

        Assert.Contains($"file={Convert.ToHexStringLower(System.IO.Hashing.XxHash128.Hash(_content))}\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_place_only_what_changed_is_written()
    {
        await PushAsync();
        FakeNode before = File;
        Edit();
        _content = _content[..^1000];
        FakeRun run = await PushAsync(Options with { Inplace = true });

        Assert.Same(before, File);
        Assert.Equal(_content, File.Content);
        Assert.DoesNotContain("copy", _operations);
        Assert.InRange(Figure(run, "Literal data"), 1, 3_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_changed_behind_its_signature_is_sent_whole(bool inPlace)
    {
        await PushAsync();
        File.Content = Samples.Random(Length, seed: 5);
        Edit();
        FakeRun run = await PushAsync(Options with { Inplace = inPlace });

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(_content, File.Content);
        Assert.Contains("file is not what its signature says; sending it whole", run.Output, StringComparison.Ordinal);
        Assert.Equal(Length, Figure(run, "Literal data"));
    }

    [Fact]
    public async Task A_single_changed_block_in_the_middle_is_found_by_verify()
    {
        await PushAsync();
        File.Content = [.. File.Content];
        File.Content[Length / 2] ^= 1;
        Edit();
        await PushAsync(Options with { Verify = true });

        Assert.Equal(_content, File.Content);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_changed_since_is_sent_whole(bool size)
    {
        await PushAsync();
        if (size) File.Content = [.. File.Content, 1];
        else File.Mtime += 5;
        Edit();
        FakeRun run = await PushAsync();

        Assert.Equal(_content, File.Content);
        Assert.Equal(0, Figure(run, "Matched data"));
    }

    [Fact]
    public async Task A_damaged_entry_is_ignored_and_replaced()
    {
        await PushAsync();
        FakeNode entry = Entry();
        entry.Content = [.. entry.Content];
        entry.Content[500] ^= 1;
        Edit();
        Assert.Equal(0, Figure(await PushAsync(), "Matched data"));
        Edit();
        Assert.InRange(Figure(await PushAsync(), "Matched data"), Length - 2000, Length);
    }

    [Fact]
    public async Task The_store_is_private()
    {
        await PushAsync();
        Assert.Equal(0x180u, Entry().Permissions);
        Assert.Equal(0x1C0u, _there.Children[".cache"].Children["synchop"].Children["signatures"].Permissions);
    }

    [Fact]
    public async Task A_file_as_new_as_its_signature_gets_no_entry()
    {
        _mtime = 1_000_000_000 - 1; // the fake host's clock stands at 1,000,000,000
        await PushAsync();
        Assert.DoesNotContain(_there.Walk(), entry => entry.Path.StartsWith(Store + "/", StringComparison.Ordinal));
    }

    public static TheoryData<SyncOptions> WithoutStore =>
    [
        Options with { DryRun = true },
        Options with { WholeFile = true },
        Options with { Delta = DeltaMode.Off },
        Options with { SignatureStore = new SignatureStoreChoice(SignatureStoreKind.None, null) },
    ];

    [Theory]
    [MemberData(nameof(WithoutStore))]
    public async Task Nothing_is_stored_unless_it_is_wanted(SyncOptions options)
    {
        await PushAsync(options);
        Assert.DoesNotContain(".cache", _there.Children.Keys);
    }

    [Fact]
    public async Task A_small_file_is_sent_without_a_signature()
    {
        _content = Samples.Random(100_000);
        await PushAsync();
        Assert.DoesNotContain(".cache", _there.Children.Keys);
    }

    [Fact]
    public async Task Reading_the_basis_needs_no_store()
    {
        SyncOptions options = Options with { Delta = DeltaMode.Read, SignatureStore = new SignatureStoreChoice(SignatureStoreKind.None, null) };
        await PushAsync(options);
        Edit();
        FakeRun run = await PushAsync(options);

        Assert.Equal(_content, File.Content);
        Assert.InRange(Figure(run, "Matched data"), Length - 2000, Length);
    }

    [Fact]
    public async Task A_copy_that_fails_leads_to_the_whole_file()
    {
        await PushAsync();
        Edit();
        FakeRun run = await PushAsync(faults: new FaultPlan(await IndexOfCopyAsync(), Fault.Fail));

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(_content, File.Content);
        Assert.DoesNotContain(_there.Children["dst"].Children.Keys, name => name.StartsWith('.'));
    }

    [Fact]
    public async Task In_place_the_backup_is_of_what_was_there_also_when_the_signature_was_wrong()
    {
        await PushAsync();
        byte[] old = Samples.Random(Length, seed: 5);
        File.Content = [.. old];
        Edit();
        FakeRun run = await PushAsync(Options with { Inplace = true, Backup = true, BackupSuffix = "~"u8.ToArray() });

        Assert.Contains("sending it whole", run.Output, StringComparison.Ordinal);
        Assert.Equal(_content, File.Content);
        Assert.Equal(old, _there.Children["dst"].Children["file~"].Content);
    }

    [Fact]
    public async Task A_rename_that_fails_does_not_have_the_file_sent_again()
    {
        await PushAsync();
        byte[] old = File.Content;
        Edit();
        FakeRun run = await PushAsync(begin: Failing("rename", "dst/file"));

        Assert.Equal(ExitCode.Partial, run.Code);
        Assert.Equal(old, File.Content);
        Assert.DoesNotContain("sending it whole", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_at_the_sent_file_that_fails_costs_the_signature_alone()
    {
        await PushAsync();
        Edit();
        FakeRun run = await PushAsync(begin: Failing("stat", "dst/file"));

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(_content, File.Content);
        Assert.DoesNotContain("sending it whole", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_content_of_the_old_size_and_time_leaves_no_signature_of_the_old()
    {
        await PushAsync();
        Edit();
        _mtime--;
        // Which leaves no signatures.
        await PushAsync(Options with { Checksum = true, DelayUpdates = true });
        Assert.Equal(_content, File.Content);
        Assert.Empty(_there.Children[".cache"].Children["synchop"].Children["signatures"].Children);
    }

    [Theory]
    [InlineData(DeltaMode.Off, null)]
    [InlineData(DeltaMode.Auto, true)]
    public async Task Sent_whole_it_leaves_none_either(DeltaMode mode, bool? wholeFile)
    {
        await PushAsync();
        Edit();
        _mtime--;
        await PushAsync(Options with { Checksum = true, Delta = mode, WholeFile = wholeFile });
        Assert.Equal(_content, File.Content);
        Assert.Empty(_there.Children[".cache"].Children["synchop"].Children["signatures"].Children);
    }

    [Fact]
    public async Task A_store_that_others_may_write_is_not_believed()
    {
        await PushAsync();
        _there.Children[".cache"].Children["synchop"].Children["signatures"].Permissions = 0x1FF; // 0777
        Edit();
        Assert.Equal(Length, Figure(await PushAsync(), "Literal data"));
        Assert.Equal(_content, File.Content);
    }

    [Fact]
    public async Task A_file_that_was_only_touched_keeps_its_signature_in_place()
    {
        SyncOptions options = Options with { Inplace = true };
        await PushAsync(options);
        _mtime++;
        await PushAsync(options);
        Edit();
        Assert.InRange(Figure(await PushAsync(options), "Matched data"), Length - 2000, Length);
    }

    [Fact]
    public async Task What_is_there_is_not_opened_when_nothing_can_be_known_of_it()
    {
        SyncOptions options = Options with { SignatureStore = new SignatureStoreChoice(SignatureStoreKind.None, null) };
        await PushAsync(options);
        Edit();
        await PushAsync(options);
        Assert.DoesNotContain("open", _operations);
    }

    [Fact]
    public async Task Signing_in_a_dry_run_makes_nothing()
    {
        FakeHost host = new(FakeNode.Directory(("file", FakeNode.File(_content, _mtime))), new FaultPlan());
        FakeRun output = new();
        SyncRequest request = new()
        {
            SourceHost = host,
            Sources = ["file"u8.ToArray()],
            DestinationHost = host,
            Destination = [],
            Options = Options with { SignatureTask = SignatureTask.Sign, DryRun = true },
        };
        Assert.Equal(ExitCode.Ok, await new SignatureKeeper(request, output).RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["file"], host.Root.Children.Keys);
    }

    /// <summary>On a full disk the whole file has no room either.</summary>
    [Fact]
    public async Task A_write_that_fails_is_told_and_the_file_not_sent_again()
    {
        await PushAsync();
        Edit();
        int writes = 0;
        FakeRun run = await PushAsync(begin: (operation, _) =>
        {
            if (operation != "write") return Task.CompletedTask;
            writes++;
            return Task.FromException(new ReplicaException(ReplicaError.Other, "write", "No space left on device (28)"));
        });
        Assert.Equal((ExitCode.FileIo, 1), (run.Code, writes));
        Assert.DoesNotContain("sending it whole", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pruning_removes_what_a_run_that_was_killed_left_of_an_entry()
    {
        await PushAsync();
        SortedDictionary<string, FakeNode> entries = _there.Children[".cache"].Children["synchop"].Children["signatures"].Children;
        string kept = entries.Keys.Single();
        DateTimeOffset then = DateTimeOffset.UtcNow.AddDays(-3);
        byte[] left = TemporaryName.For(new RelativePath(System.Text.Encoding.ASCII.GetBytes(kept)), new RunTag(1, 2, 3), then).Bytes.ToArray();
        entries.Add(System.Text.Encoding.ASCII.GetString(left), FakeNode.File(entries[kept].Content, then.ToUnixTimeSeconds()));
        FakeHost host = new(_there, new FaultPlan());
        SyncRequest request = new()
        {
            SourceHost = host,
            Sources = [[]],
            DestinationHost = host,
            Destination = [],
            Options = Options with { SignatureTask = SignatureTask.Prune },
        };
        Assert.Equal(ExitCode.Ok, await new SignatureKeeper(request, new FakeRun()).RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal([kept], entries.Keys);
    }

    /// <summary>Has an operation on a path fail whenever it is asked for.</summary>
    private static Func<string, string, Task> Failing(string name, string at) => (operation, path) =>
        operation == name && path == at ? Task.FromException(new ReplicaException(ReplicaError.Other, name, "injected")) : Task.CompletedTask;

    /// <summary>Which operation of the next push is its first copy: learned from one that works, on copies of the trees.</summary>
    private async Task<int> IndexOfCopyAsync()
    {
        int index = -1;
        FaultPlan faults = new();
        FakeHost destination = new(_there.Clone(), faults)
        {
            Watch = (operation, _) =>
            {
                if (operation == "copy" && index < 0) index = faults.Count - 1;
            },
        };
        await FakeRun.SyncAsync(Source(faults), destination, Options);
        Assert.True(index >= 0);
        return index;
    }

    private FakeNode Entry() => _there.Children[".cache"].Children["synchop"].Children["signatures"].Children.Values.Single();

    private void Edit()
    {
        _content = [.. _content];
        _content[Length / 3] ^= 1;
        _mtime++;
    }

    private FakeHost Source(FaultPlan faults) => new(FakeNode.Directory(("src", FakeNode.Directory(("file", FakeNode.File(_content, _mtime))))), faults, isLocal: true);

    private async Task<FakeRun> PushAsync(
        SyncOptions? options = null, FaultPlan? faults = null, Func<string, string, Task>? begin = null)
    {
        _operations.Clear();
        faults ??= new FaultPlan();
        FakeHost destination = new(_there, faults) { Watch = (operation, _) => _operations.Add(operation), Begin = begin };
        return await FakeRun.SyncAsync(Source(faults), destination, options ?? Options, faults);
    }

    private static long Figure(FakeRun run, string name) => long.Parse(
        run.Output.Split('\n').Single(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..].Split(' ')[0],
        System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture);
}
