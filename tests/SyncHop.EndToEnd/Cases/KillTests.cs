using System.Diagnostics;
using System.Globalization;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>
/// kill -9 at random moments of a run. Afterwards each file is the old or the new one (where files are changed in place:
/// neither), and the next run ends with equal trees and no temporary file. SYNCHOP_KILLS is how often each run is killed; 12 is more than 200 times in all.
/// </summary>
public sealed class KillTests(Lab lab)
{
    private const int Directories = 5, FilesPerDirectory = 12;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("SYNCHOP_KILLS") ?? "2", CultureInfo.InvariantCulture);

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
        Make(folder + "/src", "new", random, new DateTime(2002, 2, 2, 0, 0, 0, DateTimeKind.Utc), extra: false);
        Make(folder + "/old", "old", random, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc), extra: true);
        var remote = "gw,target:" + folder;
        string[] words = [.. options.Split(' '), mode == Mode.Pull ? remote + "/src/" : "src/", mode == Mode.Push ? remote + "/dst/" : "dst/"];

        Reset(folder);
        var watch = Stopwatch.StartNew();
        lab.Synchop(folder, Libc.UserId, words).Run();
        var duration = watch.Elapsed;
        for (var kill = 0; kill < Kills; kill++)
        {
            Reset(folder);
            var moment = duration * random.NextDouble();
            var killed = lab.Synchop(folder, Libc.UserId, words).Run(process =>
            {
                if (!process.WaitForExit(moment)) process.Kill();
            });
            if (whole) CheckWhole(folder, moment);

            var outcome = lab.Synchop(folder, Libc.UserId, words).Run();
            Assert.True(outcome.ExitCode == 0, $"killed after {moment.TotalMilliseconds} ms with {killed.ExitCode}\n{outcome}");
            Same(folder, options.Contains("--delete", StringComparison.Ordinal), moment);
        }
        Lab.Remove(folder);
    }

    private static void Make(string root, string text, Random random, DateTime time, bool extra)
    {
        for (var d = 0; d < Directories; d++)
        {
            var directory = Directory.CreateDirectory($"{root}/d{d}").FullName;
            for (var f = 0; f < FilesPerDirectory; f++)
            {
                // Every fourth file is new, and some take many requests.
                if (extra && f % 4 == 3) continue;
                var size = f % 6 == 0 ? 1_000_000 : random.Next(5000);
                var content = new byte[size + text.Length];
                random.NextBytes(content);
                System.Text.Encoding.ASCII.GetBytes(text, content);
                File.WriteAllBytes($"{directory}/f{f}", content);
                File.SetLastWriteTimeUtc($"{directory}/f{f}", time);
            }
            if (extra) File.WriteAllText(directory + "/extra", "mine");
        }
    }

    private static void Reset(string folder)
    {
        Lab.Remove(folder + "/dst");
        using var copy = Process.Start("cp", ["-a", folder + "/old", folder + "/dst"]);
        copy.WaitForExit();
    }

    private static void CheckWhole(string folder, TimeSpan moment)
    {
        foreach (var path in Directory.EnumerateFiles(folder + "/dst", "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder + "/dst", path);
            if (name.Split('/').Any(part => part.StartsWith('.'))) continue; // temporary, partial or delayed
            var content = File.ReadAllBytes(path);
            Assert.True(IsContentOf(folder + "/old/" + name, content) || IsContentOf(folder + "/src/" + name, content),
                $"{name} is neither the old nor the new file, killed after {moment.TotalMilliseconds} ms");
        }
    }

    private static bool IsContentOf(string path, byte[] content) => File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);

    private static void Same(string folder, bool deletes, TimeSpan moment)
    {
        var expected = Directory.EnumerateFiles(folder + "/src", "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder + "/src", path))
            .Concat(deletes ? [] : Enumerable.Range(0, Directories).Select(d => $"d{d}/extra"));
        var found = Directory.EnumerateFileSystemEntries(folder + "/dst", "*", SearchOption.AllDirectories)
            .Where(path => !Directory.Exists(path) || path.Contains("/.", StringComparison.Ordinal))
            // Killed between the last name and the removal of what held the files: as with rsync, an empty directory stays.
            .Where(path => !path.EndsWith("/.~tmp~", StringComparison.Ordinal) || Directory.EnumerateFileSystemEntries(path).Any()).Select(path => Path.GetRelativePath(folder + "/dst", path));
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        foreach (var path in Directory.EnumerateFiles(folder + "/src", "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder + "/src", path);
            Assert.True(IsContentOf(path, File.ReadAllBytes(folder + "/dst/" + name)), $"{name} differs, killed after {moment.TotalMilliseconds} ms");
        }
    }
}
