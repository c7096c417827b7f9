using System.Diagnostics;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>An ended run leaves neither a temporary file nor a half one, and exits with rsync's code for signals.</summary>
public sealed class InterruptionTests(Lab lab)
{
    private const int SignalReceived = 20;

    // Sparse, and large enough to be on its way for seconds.
    private const long Size = 6L << 30;

    [Theory]
    [InlineData(Mode.Local, Libc.SigTerm)]
    [InlineData(Mode.Push, Libc.SigTerm)]
    [InlineData(Mode.Pull, Libc.SigTerm)]
    [InlineData(Mode.Push, Libc.SigInt)]
    [InlineData(Mode.Pull, Libc.SigInt)]
    public void A_signal_leaves_no_temporary_file(Mode mode, int signal)
    {
        var folder = lab.NewFolder(Libc.UserId);
        Directory.CreateDirectory(folder + "/src");
        Directory.CreateDirectory(folder + "/dst");
        using (var big = File.Create(folder + "/src/big"))
            big.SetLength(Size);
        File.WriteAllText(folder + "/dst/big", "as it was");
        var remote = "gw,target:" + folder;

        var outcome = lab.Synchop(folder, Libc.UserId, "-a", mode == Mode.Pull ? remote + "/src/" : "src/",
            mode == Mode.Push ? remote + "/dst/" : "dst/").Run(process => SignalWhenWriting(process, signal, folder + "/dst"));

        Assert.True(outcome.ExitCode == SignalReceived, outcome.ToString());
        Assert.DoesNotContain("   at ", outcome.Stderr, StringComparison.Ordinal);
        // What goes on in the server's process may end a moment after ours.
        Assert.True(SpinWait.SpinUntil(() => Directory.GetFileSystemEntries(folder + "/dst").Length == 1, TimeSpan.FromSeconds(5)),
            string.Join(' ', Directory.GetFileSystemEntries(folder + "/dst")));
        Assert.Equal("as it was", File.ReadAllText(folder + "/dst/big"));
        Lab.Remove(folder);
    }

    private static void SignalWhenWriting(Process process, int signal, string folder)
    {
        var limit = Stopwatch.StartNew();
        while (!Directory.EnumerateFiles(folder, ".big.*").Any(file => new FileInfo(file).Length > 1 << 20))
        {
            Assert.False(process.HasExited, "it ended before the signal");
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(30), "no temporary file of big appeared");
            Thread.Sleep(5);
        }
        Libc.Signal(process.Id, signal);
    }
}
