using System.Diagnostics;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary><c>--lock</c>: two runs do not overlap, and nothing that ended keeps a lock.</summary>
public sealed class LockTests(Lab lab) : IDisposable
{
    private readonly string folder = lab.NewFolder(Libc.UserId);

    public void Dispose() => Lab.Remove(folder);

    [Fact]
    public void A_run_is_refused_while_another_writes_to_its_destination_and_goes_on_when_that_is_killed()
    {
        string to = $"gw,target:{folder}/dst/";
        Directory.CreateDirectory(folder + "/src");
        File.WriteAllBytes(folder + "/src/big", new byte[2_000_000]);
        Command slow = lab.Synchop(folder, Libc.UserId, "-a", "--lock", "--bwlimit=100k", "src/", to);
        Outcome refused = null!, waited = null!;
        slow.Run(process =>
        {
            WaitFor(() => Directory.Exists(folder + "/dst") && Directory.EnumerateFiles(folder + "/dst").Any());
            refused = lab.Synchop(folder, Libc.UserId, "-a", "--lock", "src/", to.TrimEnd('/')).Run();
            waited = lab.Synchop(folder, Libc.UserId, "-av", "--lock-wait=1", "src/", to).Run();
            process.Kill();
        });
        Assert.Equal((75, ""), (refused.ExitCode, refused.Stdout));
        Assert.Matches(@"\Asynchop: \S+/locks/to-[0-9a-f]+\.lock is locked by process \d+ since [0-9: -]+\nsynchop error: another run holds the lock \(code 75\)\n\z", refused.Stderr);
        Assert.Equal(75, waited.ExitCode);
        Assert.Matches(@"\Asynchop: waiting for the lock \S+ of process \d+ since [0-9: -]+, at most 1 s\nsynchop: .* \(waited 1 s\)\n", waited.Stderr);

        Outcome after = lab.Synchop(folder, Libc.UserId, "-av", "--lock", "src/", to).Run();
        Assert.True(after.ExitCode == 0, after.ToString());
        Assert.Matches(@"\Asynchop: taking over the lock \S+ of process \d+ since [0-9: -]+: it ended without giving it up\n\z", after.Stderr);
        Assert.Equal("", lab.Synchop(folder, Libc.UserId, "-av", "--lock", "src/", to).Run().Stderr);
    }

    [Fact]
    public void A_file_that_is_named_is_the_lock_whatever_the_destination()
    {
        Directory.CreateDirectory(folder + "/src");
        Outcome refused = new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId,
            ["flock", "x.lock", Repository.Binary, "-a", "--lock=x.lock", "src/", "dst"]).Run();
        Assert.Equal((75, false), (refused.ExitCode, Directory.Exists(folder + "/dst")));
        Assert.StartsWith("synchop: x.lock is locked by another process\n", refused.Stderr, StringComparison.Ordinal);

        File.WriteAllText(folder + "/letter", "Dear");
        Outcome wrong = lab.Synchop(folder, Libc.UserId, "-a", "--lock=letter", "src/", "dst").Run();
        Assert.Equal((11, "Dear"), (wrong.ExitCode, File.ReadAllText(folder + "/letter")));
        Outcome missing = lab.Synchop(folder, Libc.UserId, "-a", "--lock=/proc/none/x", "src/", "dst").Run();
        Assert.Equal(11, missing.ExitCode);
        Assert.Equal(0, lab.Synchop(folder, Libc.UserId, "-a", "--lock=x.lock", "src/", "dst").Run().ExitCode);
    }

    private static void WaitFor(Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "the first run does not begin");
            Thread.Sleep(20);
        }
    }
}
