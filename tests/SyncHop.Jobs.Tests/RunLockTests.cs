using System.Diagnostics;
using SyncHop.Jobs.Locking;

namespace SyncHop.Jobs.Tests;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string File => Path.Combine(_folder.Path, "a.lock");

    public void Dispose() => _folder.Dispose();

    private Task<RunLock> Acquire(double seconds = 0, Action<LockHolder?>? waits = null) =>
        RunLock.AcquireAsync(File, TimeSpan.FromSeconds(seconds), waits, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_second_one_is_refused_and_told_who_has_it()
    {
        using RunLock first = await Acquire();
        Assert.Null(first.Former);
        LockHeldException refused = await Assert.ThrowsAsync<LockHeldException>(() => Acquire());
        Assert.StartsWith($"{File} is locked by process {Environment.ProcessId} since 20", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<LockHeldException>(() => Acquire(0.3));
        Assert.EndsWith(" (waited 0.3 s)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_waits_gets_it_when_it_is_given_up()
    {
        RunLock first = await Acquire();
        LockHolder? told = null;
        Task<RunLock> second = Acquire(30, holder => told = holder);
        Assert.False(second.IsCompleted);
        Assert.Equal(Environment.ProcessId, told?.Process);
        first.Dispose();
        using RunLock got = await second;
        Assert.Null(got.Former);
    }

    [Fact]
    public async Task Many_at_once_take_turns()
    {
        int inside = 0, runs = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using RunLock mine = await Acquire(60);
            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Delay(5, TestContext.Current.CancellationToken);
            runs++;
            Interlocked.Decrement(ref inside);
        })));
        Assert.Equal(8, runs);
    }

    [Fact]
    public async Task What_a_killed_process_left_is_no_lock()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        // flock(1) holds the lock in another process, as a run would; then it is killed.
        LockHolder dead = new(12345, Environment.MachineName, "another-boot", DateTimeOffset.UnixEpoch);
        await System.IO.File.WriteAllTextAsync(File, dead.ToText(), TestContext.Current.CancellationToken);
        using Process holder = Process.Start(new ProcessStartInfo("flock", [File, "sh", "-c", "echo held; exec sleep 60"]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            LockHeldException refused = await Assert.ThrowsAsync<LockHeldException>(() => Acquire());
            Assert.Contains("process 12345", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            holder.Kill(entireProcessTree: true);
        }
        using RunLock got = await Acquire(10);
        Assert.Equal(dead, got.Former);
        Assert.True(got.Former!.IsOfAnotherBoot);
        Assert.False(LockHolder.Me().IsOfAnotherBoot);
    }

    [Fact]
    public async Task Another_file_is_not_taken_for_a_lock()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, "precious\n", TestContext.Current.CancellationToken);
        IOException refused = await Assert.ThrowsAsync<IOException>(() => Acquire());
        Assert.Equal($"{File} is not a lock's file, and stays as it is", refused.Message);
        Assert.Equal("precious\n", await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Destinations_have_locks_of_their_own()
    {
        string one = LockFiles.OfDestination("gw,host"u8, "a/b"u8);
        Assert.Equal(one, LockFiles.OfDestination("gw,host"u8, "a/b/"u8));
        Assert.Equal(one, LockFiles.OfDestination("gw,host"u8, "~/.//a/./b"u8));
        Assert.Equal(LockFiles.OfDestination("gw,host"u8, ""u8), LockFiles.OfDestination("gw,host"u8, "./"u8));
        Assert.Equal(LockFiles.OfDestination("gw,host"u8, "/a"u8), LockFiles.OfDestination("gw,host"u8, "//a/."u8));
        Assert.NotEqual(one, LockFiles.OfDestination("gw,host"u8, "/a/b"u8));
        Assert.NotEqual(one, LockFiles.OfDestination("gw,host"u8, "a"u8));
        Assert.NotEqual(one, LockFiles.OfDestination(""u8, "a/b"u8));
    }
}
