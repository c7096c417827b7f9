using System.Diagnostics;
using System.Globalization;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>
/// kill -9 at random moments of a run. Afterwards each file is the old or the new one (where files are changed in place:
/// neither), and the next run ends with equal trees and no temporary file. SYNCHOP_KILLS is how often each run is killed: 12 times, which is 216 in all.
/// </summary>
public sealed class KillTests(Lab lab)
{
    private const int Killed = 128 + 9;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("SYNCHOP_KILLS") ?? "12", CultureInfo.InvariantCulture);

    public static TheoryData<Mode, string, bool> Runs
    {
        get
        {
            var runs = new TheoryData<Mode, string, bool>();
            foreach (var mode in Enum.GetValues<Mode>())
            {
                runs.Add(mode, "-a", true);
                runs.Add(mode, "-a --delete", true);
                runs.Add(mode, "-a --inplace", false);
                runs.Add(mode, "-a --partial", true);
                runs.Add(mode, "-a --partial-dir=.p", true);
                runs.Add(mode, "-a --delay-updates --delete", true);
            }
            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Every_file_is_the_old_or_the_new_one(Mode mode, string options, bool whole)
    {
        var folder = lab.NewFolder(Libc.UserId);
        var random = new Random(HashCode.Combine(mode, options.Length));
        var trees = ChangedTrees.Make(folder, random, directories: 5, filesPerDirectory: 12, largeFile: 1_000_000);
        var remote = "gw,target:" + folder;
        string[] words = [.. options.Split(' '), mode == Mode.Pull ? remote + "/src/" : "src/", mode == Mode.Push ? remote + "/dst/" : "dst/"];

        trees.Reset();
        var watch = Stopwatch.StartNew();
        lab.Synchop(folder, Libc.UserId, words).Run();
        var duration = watch.Elapsed;
        var kills = 0;
        // One that had ended before was not killed, and tells how long it may take.
        for (var attempt = 0; kills < Kills && attempt < 10 * Kills; attempt++)
        {
            trees.Reset();
            var moment = duration * random.NextDouble();
            watch.Restart();
            var killed = lab.Synchop(folder, Libc.UserId, words).Run(process =>
            {
                if (!process.WaitForExit(moment)) process.Kill();
            });
            if (killed.ExitCode == Killed) kills++;
            else duration = watch.Elapsed;
            var what = $"killed after {moment.TotalMilliseconds} ms with {killed.ExitCode}";
            if (whole) trees.CheckWhole(what);

            var outcome = lab.Synchop(folder, Libc.UserId, words).Run();
            Assert.True(outcome.ExitCode == 0, $"{what}\n{outcome}");
            trees.CheckSame(options.Contains("--delete", StringComparison.Ordinal), what);
        }
        Assert.Equal(Kills, kills);
        Lab.Remove(folder);
    }
}
