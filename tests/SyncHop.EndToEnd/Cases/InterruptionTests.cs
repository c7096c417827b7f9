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

    /// <summary>A beginning loses the time that marks it when it is written on: it must not be half a file with a time of today then.</summary>
    [Theory]
    [InlineData(Mode.Local)]
    [InlineData(Mode.Push)]
    public void What_partial_kept_outlives_a_kill_of_the_run_that_goes_on_with_it(Mode mode)
    {
        const int size = 16_000_000;
        var folder = lab.NewFolder(Libc.UserId);
        Directory.CreateDirectory(folder + "/src");
        var content = new byte[size];
        new Random(20).NextBytes(content);
        File.WriteAllBytes(folder + "/src/big", content);
        string[] words = ["-a", "--partial", "--stats", "src/", mode == Mode.Push ? $"gw,target:{folder}/dst/" : "dst/"];

        lab.Synchop(folder, Libc.UserId, [.. words, "--bwlimit=4m"]).Run(process => EndWhenThereAre(4_000_000, () => Libc.Signal(process.Id, Libc.SigTerm)));
        var kept = new FileInfo(folder + "/dst/big");
        Assert.Equal((true, true), (kept.Exists && kept.Length >= 2_000_000, kept.LastWriteTimeUtc.Year < 1973));

        lab.Synchop(folder, Libc.UserId, [.. words, "--bwlimit=4m"]).Run(process => EndWhenThereAre(kept.Length + 2_000_000, process.Kill));
        var killed = new FileInfo(folder + "/dst/big");
        Assert.True(!killed.Exists || killed.Length == size, "half a file has the file's name");

        var outcome = lab.Synchop(folder, Libc.UserId, words).Run();
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        var literal = outcome.Stdout.Split('\n').Single(line => line.StartsWith("Literal data: ", StringComparison.Ordinal));
        Assert.InRange(long.Parse(string.Concat(literal.Where(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture), 0, size - kept.Length);
        Assert.Equal(content, File.ReadAllBytes(folder + "/dst/big"));
        Assert.Single(Directory.GetFileSystemEntries(folder + "/dst"));
        Lab.Remove(folder);

        void EndWhenThereAre(long bytes, Action end)
        {
            var isThere = SpinWait.SpinUntil(() => Directory.Exists(folder + "/dst") && Directory.GetFiles(folder + "/dst").Any(file => new FileInfo(file) is { Exists: true } one && one.Length >= bytes), TimeSpan.FromSeconds(30));
            end();
            Assert.True(isThere, "nothing was written");
        }
    }

    /// <summary>With backups the old version is kept when a beginning takes its place, and outlives the run that goes on with that.</summary>
    [Theory]
    [InlineData(Mode.Local)]
    [InlineData(Mode.Push)]
    public void What_partial_puts_in_the_place_of_a_file_does_not_cost_its_backup(Mode mode)
    {
        var folder = lab.NewFolder(Libc.UserId);
        Directory.CreateDirectory(folder + "/src");
        Directory.CreateDirectory(folder + "/dst");
        var content = new byte[12_000_000];
        new Random(21).NextBytes(content);
        File.WriteAllBytes(folder + "/src/big", content);
        File.WriteAllText(folder + "/dst/big", "as it was");
        string[] words = ["-ab", "--partial", "src/", mode == Mode.Push ? $"gw,target:{folder}/dst/" : "dst/"];

        var outcome = lab.Synchop(folder, Libc.UserId, [.. words, "--bwlimit=6m"]).Run(process => SignalWhenWriting(process, Libc.SigInt, folder + "/dst"));
        Assert.True(outcome.ExitCode == SignalReceived, outcome.ToString());
        Assert.InRange(new FileInfo(folder + "/dst/big").Length, 500_000, content.Length - 1);
        Assert.Equal("as it was", File.ReadAllText(folder + "/dst/big~"));

        outcome = lab.Synchop(folder, Libc.UserId, words).Run();
        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Equal(content, File.ReadAllBytes(folder + "/dst/big"));
        Assert.Equal("as it was", File.ReadAllText(folder + "/dst/big~"));
        Assert.Equal(["big", "big~"], Libc.List(folder + "/dst").Order(StringComparer.Ordinal));
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
