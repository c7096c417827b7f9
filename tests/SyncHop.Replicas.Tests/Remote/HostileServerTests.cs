using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Replicas.Remote;
using SyncHop.Sftp;
using SyncHop.Sftp.Tests;

namespace SyncHop.Replicas.Tests.Remote;

/// <summary>
/// Everything that the engine asks of a host, asked of a broken or malicious one: every operation ends in time with a result or one of
/// the contract's exceptions, nothing escapes unobserved, and memory stays bounded. SYNCHOP_FUZZ_COUNT is how many answers are broken,
/// SYNCHOP_FUZZ_SEED where to begin: a failure tells its seed.
/// </summary>
public sealed class HostileServerTests
{
    private const int AtOnce = 64;
    private const long MostMemory = 256 << 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly long s_count = Number("SYNCHOP_FUZZ_COUNT", 4_000);
    private static readonly int s_firstSeed = (int)Number("SYNCHOP_FUZZ_SEED", 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_ends_and_memory_is_bounded()
    {
        ConcurrentDictionary<string, Exception> unobserved = [];
        EventHandler<UnobservedTaskExceptionEventArgs> watch = (_, e) =>
        {
            // Once for each place, whatever the server's words.
            unobserved.TryAdd(e.Exception.InnerException?.StackTrace ?? "", e.Exception);
        };
        TaskScheduler.UnobservedTaskException += watch;
        long before = Memory(), most = 0, mutated = 0, sessions = 0;
        int seed = s_firstSeed - 1;
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Read(ref mutated) < s_count)
                {
                    int own = Interlocked.Increment(ref seed);
                    Interlocked.Add(ref mutated, await TalkAsync(own));
                    if (Interlocked.Increment(ref sessions) % 64 == 0) most = Math.Max(Interlocked.Read(ref most), Memory() - before);
                }
            }, Token)));
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= watch;
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{mutated} broken answers in {sessions} sessions, {clock.Elapsed.TotalSeconds:F0} s, at most {most >> 20} MiB more than at the beginning, {(Memory() - before) >> 20} MiB at the end");
        Assert.True(unobserved.IsEmpty, $"exceptions were not observed: {string.Join("\n\n", unobserved.Values)}");
        Assert.InRange(most, long.MinValue, MostMemory);
    }

    /// <summary>One session with one server.</summary>
    /// <returns>How many of its answers were broken.</returns>
    private static async Task<int> TalkAsync(int seed)
    {
        (HostileServer server, DuplexPipe channel) = HostileServer.Start(seed);
        string doing = "connect";
        try
        {
            Task talk = TalkAsync(channel, new Random(~seed), name => doing = name);
            await talk.WaitAsync(s_patience, Token);
            await server.Served.WaitAsync(s_patience, Token);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"SYNCHOP_FUZZ_SEED={seed}: {doing}: {e}", e);
        }
        return server.Mutated;
    }

    private static async Task TalkAsync(DuplexPipe channel, Random random, Action<string> doing)
    {
        SftpClient client;
        try
        {
            client = await SftpClient.ConnectAsync(channel, null, Token);
        }
        catch (SftpConnectionException refused)
        {
            Check(refused);
            return;
        }
        await using SftpHost host = new(client, "user");
        using IReplica tree = host.Open("dir"u8.ToArray());
        (string Name, Func<Task> Run)[] operations =
        [
            ("list", async () => await tree.ListAsync(RelativePath.Root, linkTargets: true, Token)),
            ("stat", async () => await tree.StatAsync(P("a"), random.Next(2) == 0, Token)),
            ("readlink", async () => await tree.ReadLinkAsync(P("a"), Token)),
            ("resolve", async () => await tree.ResolveRootAsync(Token)),
            ("expand", async () => await host.ExpandAsync("~/x"u8.ToArray(), Token)),
            ("read", () => ReadAsync(tree)),
            ("create", () => CreateAsync(tree, random)),
            ("in place", () => ChangeAsync(tree)),
            ("copy", () => CopyAsync(tree)),
            ("mkdir", async () => await tree.CreateDirectoryAsync(P("d"), 0x1ED, Token)),
            ("symlink", async () => await tree.CreateSymlinkAsync(P("l"), "to"u8.ToArray(), Token)),
            ("link", async () => await tree.CreateLinkAsync(P("h"), tree, P("a"), Token)),
            ("rename", async () => await tree.RenameAsync(P("a"), P("b"), Token)),
            ("remove", async () => await tree.RemoveFileAsync(P("a"), Token)),
            ("rmdir", async () => await tree.RemoveDirectoryAsync(P("d"), Token)),
            ("attributes", async () => await tree.SetAttributesAsync(P("a"), FileType.Regular, s_change, Token)),
            ("attributes of a link", async () => await tree.SetAttributesAsync(P("l"), FileType.Symlink, s_change, Token)),
            ("identities", async () => await host.Identities.LoadAsync(Token)),
            ("names", async () => await host.Identities.NamesAsync([0, 5], [0, 7], Token)),
            ("hashes", async () => await host.HashesFilesAsync(Token)),
        ];
        random.Shuffle(operations);
        // Some at the same time, some after each other.
        foreach ((string Name, Func<Task> Run)[] group in operations.Chunk(random.Next(1, operations.Length)))
        {
            doing(string.Join(", ", group.Select(operation => operation.Name)));
            bool[] goesOn = await Task.WhenAll(group.Select(operation => EndsAsync(operation.Run)));
            // What comes after a loss fails at once: seldom worth its time.
            if (goesOn.Contains(false) && random.Next(8) > 0) break;
        }
        doing("close");
    }

    private static readonly AttributeChange s_change = new() { Permissions = 0x1A4, Mtime = new Timestamp(1000, 5), Uid = 1, Gid = 2 };

    /// <returns>Whether the session is still there.</returns>
    private static async Task<bool> EndsAsync(Func<Task> operation)
    {
        try
        {
            await operation();
        }
        catch (Exception failure) when (failure is ReplicaException or ReplicaLostException)
        {
            Check(failure);
            return failure is ReplicaException;
        }
        return true;
    }

    private static void Check(Exception failure)
    {
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.InRange(failure.Message.Length, 1, 1000);
    }

    private static async Task ReadAsync(IReplica tree)
    {
        await using ISourceFile file = await tree.OpenReadAsync(P("a"), Token);
        await file.StatAsync(Token);
        byte[] buffer = new byte[10_000];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async i => await file.ReadAsync(i * 2500, buffer.AsMemory(i * 2500, 2500), Token)));
        await file.HashAsync(0, 5000, 1000, Token);
    }

    private static async Task CreateAsync(IReplica tree, Random random)
    {
        await using ITargetFile file = await tree.CreateFileAsync(P(".a.abcdef"), 0x180, 5000, Token);
        await file.WriteAsync(0, new byte[random.Next(1, 5000)], Token);
        await file.StatAsync(Token);
        await file.FlushAsync(Token);
        await file.WriteAsync(4000, new byte[1000], Token);
        await file.CommitAsync(P("a"), 5000, s_change, Token);
    }

    private static async Task ChangeAsync(IReplica tree)
    {
        await using ITargetFile file = await tree.OpenWriteAsync(P("a"), 0x180, Token);
        await file.WriteAsync(10, new byte[100], Token);
        await using ISourceFile written = await file.OpenWrittenAsync(Token);
        await written.ReadAsync(10, new byte[100], Token);
        await file.CommitAsync(P("a"), 110, s_change, Token);
    }

    private static async Task CopyAsync(IReplica tree)
    {
        if (!tree.Host.Traits.CanCopyRanges) return;
        await using ISourceFile basis = await tree.OpenReadAsync(P("b"), Token);
        await using ITargetFile file = await tree.CreateFileAsync(P(".c.abcdef"), 0x180, 100, Token);
        await file.CopyFromAsync(basis, 0, 50, 0, Token);
        await file.WriteAsync(50, new byte[50], Token);
        await file.CommitAsync(P("c"), 100, s_change, Token);
    }

    private static RelativePath P(string path) => new(Encoding.Latin1.GetBytes(path));

    private static long Memory()
    {
        using Process self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private static long Number(string variable, long otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
