using System.Diagnostics;
using System.Globalization;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>
/// What goes wrong on the destination's or the source's file system while a run goes on, each at many random moments. Afterwards every
/// file is whole, the exit code is rsync's, and the next run ends with equal trees and no temporary file. SYNCHOP_FAULTS is how
/// many moments.
/// </summary>
public sealed class FaultTests(Lab lab) : IDisposable
{
    private const int Ok = 0, FileIo = 11, Partial = 23, Vanished = 24;
    private const int Directories = 3, FilesPerDirectory = 7, LargeFile = 300_000;

    private static readonly int Moments = int.Parse(Environment.GetEnvironmentVariable("SYNCHOP_FAULTS") ?? "20", CultureInfo.InvariantCulture);

    private readonly string folder = lab.NewFolder(Libc.UserId);
    private readonly Random random = new(7);

    public void Dispose() => Lab.Remove(folder);

    [Theory]
    [InlineData(Mode.Local, "-a")]
    [InlineData(Mode.Push, "-a")]
    [InlineData(Mode.Push, "-a --no-whole-file --delete")]
    [InlineData(Mode.Local, "-a --partial-dir=.p --delay-updates")]
    public void A_disk_that_becomes_full(Mode mode, string options)
    {
        using var disk = Disk(megabytes: 8);
        var trees = Make(disk.Path + "/dst");
        Command command = OnDisk(disk, mode, options);
        var failures = 0;
        for (var i = 0; i < Moments; i++)
        {
            trees.Reset();
            // A file is written beside the old one: all of them together are less than what would be needed for all at once.
            disk.LeaveRoom(random.Next(2 * LargeFile));
            var outcome = command.Run();
            disk.FreeRoom();
            if (outcome.ExitCode != Ok) failures++;
            Check(trees, outcome, options, command, Ok, FileIo, Partial);
            if (outcome.ExitCode == FileIo) Assert.Single(outcome.Stderr.Split('\n'), line => line.Contains(" write ", StringComparison.Ordinal) || line.Contains("failed", StringComparison.Ordinal));
        }
        Assert.InRange(failures, 1, Moments);
    }

    [Theory]
    [InlineData(Mode.Local)]
    [InlineData(Mode.Push)]
    public void A_disk_that_becomes_read_only(Mode mode)
    {
        using var disk = Disk(megabytes: 16);
        var trees = Make(disk.Path + "/dst");
        Command command = OnDisk(disk, mode, "-a");
        var duration = Duration(trees, command);
        var failures = 0;
        for (var i = 0; i < Moments; i++)
        {
            trees.Reset();
            var moment = duration * random.NextDouble();
            // Not while a file is open for writing: the kernel does not allow that.
            var outcome = command.Run(process =>
            {
                if (process.WaitForExit(moment)) return;
                while (!process.HasExited && !disk.TryMakeReadOnly()) Thread.Sleep(1);
            });
            disk.MakeWritable();
            if (outcome.ExitCode != Ok) failures++;
            Check(trees, outcome, "-a", command, Ok, FileIo, Partial);
        }
        Assert.InRange(failures, 1, Moments);
    }

    /// <summary>Stands in for a quota, which needs a file system with quotas: a write beyond the limit fails, with EFBIG in place of EDQUOT.</summary>
    [Theory]
    [InlineData(Mode.Local, "-a")]
    [InlineData(Mode.Push, "-a")]
    [InlineData(Mode.Push, "-a --inplace")]
    public void A_file_that_may_not_become_that_large(Mode mode, string options)
    {
        var trees = Make(folder + "/dst");
        var failures = 0;
        for (var i = 0; i < Moments; i++)
        {
            trees.Reset();
            // Without the variable no JIT-compiled program would start, whose memory for code is a file.
            string[] limit = ["env", "DOTNET_EnableWriteXorExecute=0", "prlimit", $"--fsize={random.Next(1000, LargeFile * 5 / 4)}"];
            string[] server = mode == Mode.Push ? ["--sftp-command", "env --ignore-signal=XFSZ " + string.Join(' ', limit) + " /usr/lib/openssh/sftp-server"] : [];
            var outcome = new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId,
                [.. mode == Mode.Local ? limit : [], Repository.Binary, .. server, .. options.Split(' '), .. Ends(mode, folder + "/dst/")]).Run();
            if (outcome.ExitCode != Ok) failures++;
            var inPlace = options.Contains("--inplace", StringComparison.Ordinal);
            Check(trees, outcome, options, Synchop(Libc.UserId, mode, options), isWhole: !inPlace, Ok, FileIo, Partial);
        }
        Assert.InRange(failures, 1, Moments);
    }

    [Theory]
    [InlineData(Mode.Local)]
    [InlineData(Mode.Push)]
    public void Directories_that_may_not_be_written_to_any_more(Mode mode)
    {
        var user = lab.OrdinaryUser;
        Assert.SkipUnless(user != 0, "there is no ordinary user here, and root may write everywhere");
        var mine = user == Libc.UserId ? folder : lab.NewFolder(user);
        var trees = ChangedTrees.Make(mine, random, Directories, FilesPerDirectory, LargeFile);
        Give(mine, user);
        var command = lab.Synchop(mine, user, ["-a", "--bwlimit=4m", .. EndsIn(mine, mode, mine + "/dst/")]);
        var duration = Duration(trees, command);
        var failures = 0;
        for (var i = 0; i < Moments; i++)
        {
            trees.Reset();
            var moment = duration * random.NextDouble();
            var outcome = command.Run(process =>
            {
                if (process.WaitForExit(moment)) return;
                for (var d = 0; d < Directories; d++) Libc.SetMode($"{mine}/dst/d{d}", Tree.Octal("555"));
            });
            for (var d = 0; d < Directories; d++) Libc.SetMode($"{mine}/dst/d{d}", Tree.Octal("755"));
            if (outcome.ExitCode != Ok) failures++;
            trees.CheckWhole(outcome.ToString());
            Assert.True(outcome.ExitCode is Ok or Partial or FileIo, outcome.ToString());
            CheckNext(trees, command, "-a", outcome.ToString());
        }
        Assert.InRange(failures, 1, Moments);
        if (mine != folder) Lab.Remove(mine);
    }

    [Theory]
    [InlineData(Mode.Local, "-a")]
    [InlineData(Mode.Push, "-a")]
    [InlineData(Mode.Push, "-a --no-whole-file")]
    [InlineData(Mode.Pull, "-a")]
    public void Source_files_that_change_while_they_are_read(Mode mode, string options)
    {
        var trees = Make(folder + "/dst");
        ChangedTrees.Copy(folder + "/src", folder + "/kept");
        // Slowed down, so that the changes come in time.
        var command = Synchop(Libc.UserId, mode, options + " --bwlimit=6m");
        var duration = Duration(trees, command);
        var codes = new HashSet<int>();
        // Goes on until a change came between listing and reading, which a delta leaves little time for.
        for (var i = 0; i < Moments || (i < 5 * Moments && !codes.Overlaps([Partial, Vanished])); i++)
        {
            trees.Reset();
            Lab.Remove(folder + "/src");
            ChangedTrees.Copy(folder + "/kept", folder + "/src");
            var moments = trees.Files.ToDictionary(name => name, _ => duration * random.NextDouble());
            var kinds = random.Next();
            var outcome = command.Run(process =>
            {
                var watch = Stopwatch.StartNew();
                foreach (var (name, moment) in moments.OrderBy(each => each.Value))
                {
                    if (process.WaitForExit(TimeSpan.FromMilliseconds(Math.Max(0, (moment - watch.Elapsed).TotalMilliseconds)))) return;
                    Change($"{folder}/src/{name}", (name.GetHashCode(StringComparison.Ordinal) ^ kinds) & 3);
                }
            });
            codes.Add(outcome.ExitCode);
            // One that was rewritten while it was read may be a mixture; one that was cut or removed may not be there by half.
            trees.CheckWhole(outcome.ToString(), (name, content) => IsAllowed(File.ReadAllBytes($"{folder}/kept/{name}"), content));
            Assert.True(outcome.ExitCode is Ok or Partial or Vanished, outcome.ToString());
            CheckNext(trees, command, options, outcome.ToString(), isSubset: true);
        }
        Assert.Contains(codes, code => code is Partial or Vanished);
    }

    [Theory]
    [InlineData(Mode.Local, "--delete-after", "")]
    [InlineData(Mode.Push, "--delete-before", "")]
    [InlineData(Mode.Pull, "--delete-delay", "")]
    [InlineData(Mode.Push, "--delete-during", "")]
    [InlineData(Mode.Local, "--delete-after", "--ignore-errors")]
    public void Nothing_is_deleted_after_a_scan_with_errors(Mode mode, string when, string ignore)
    {
        var user = lab.OrdinaryUser;
        Assert.SkipUnless(user != 0, "there is no ordinary user here, and root may read everything");
        var mine = user == Libc.UserId ? folder : lab.NewFolder(user);
        var trees = ChangedTrees.Make(mine, random, Directories, FilesPerDirectory, 20_000);
        Give(mine, user);
        string[] words = ["-a", when, .. ignore.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. EndsIn(mine, mode, mine + "/dst/")];
        var command = lab.Synchop(mine, user, words);
        var duration = Duration(trees, command);
        var closed = 0;
        for (var i = 0; i < Moments; i++)
        {
            trees.Reset();
            var last = $"{mine}/src/d{Directories - 1}";
            // From the beginning on, however fast the machine is.
            var moment = i == 0 ? TimeSpan.Zero : duration * random.NextDouble();
            var outcome = command.Run(process =>
            {
                if (!process.WaitForExit(moment)) Libc.SetMode(last, 0);
            });
            Libc.SetMode(last, Tree.Octal("755"));
            trees.CheckWhole(outcome.ToString());
            // What the source still has is not deleted, whether its directory could be read or not.
            foreach (var name in ignore.Length == 0 ? trees.Files : [])
            {
                if (File.Exists($"{mine}/old/{name}")) Assert.True(File.Exists($"{mine}/dst/{name}"), $"{name} was deleted\n{outcome}");
            }
            if (outcome.Stderr.Contains("opendir", StringComparison.Ordinal))
            {
                closed++;
                Assert.Equal(Partial, outcome.ExitCode);
                if (ignore.Length == 0)
                {
                    Assert.Contains("skipping file deletion", outcome.Stdout, StringComparison.Ordinal);
                    // As in rsync, what is planned during the transfer, before the error, goes.
                    if (when is "--delete-before" or "--delete-after") trees.CheckExtras(outcome.ToString());
                }
                else
                {
                    Assert.False(File.Exists($"{mine}/dst/d0/extra"), outcome.ToString());
                }
            }
            CheckNext(trees, command, "--delete", outcome.ToString());
        }
        Assert.InRange(closed, 1, Moments);
        if (mine != folder) Lab.Remove(mine);
    }

    [Theory]
    [InlineData(Mode.Local, "-a --stats")]
    [InlineData(Mode.Push, "-a --delete --stats")]
    [InlineData(Mode.Pull, "-a -v")]
    [InlineData(Mode.Push, "-a --delay-updates -v")]
    public void A_signal(Mode mode, string options)
    {
        int[] signals = [Libc.SigInt, Libc.SigTerm, Libc.SigHup];
        var trees = Make(folder + "/dst");
        var command = Synchop(Libc.UserId, mode, options);
        var duration = Duration(trees, command);
        var ended = 0;
        for (var i = 0; i < Moments; i++)
        {
            trees.Reset();
            var moment = duration * random.NextDouble();
            var signal = signals[i % signals.Length];
            var outcome = command.Run(process =>
            {
                if (!process.WaitForExit(moment)) Libc.Signal(process.Id, signal);
            });
            var what = $"signal {signal} after {moment.TotalMilliseconds:F0} of {duration.TotalMilliseconds:F0} ms\n{outcome}";
            // Before it can take signals it is ended by them, like every program: nothing has been done yet.
            Assert.True(outcome.ExitCode is Ok or 20 || (outcome.ExitCode == 128 + signal && outcome is { Stdout: "", Stderr: "" }), what);
            trees.CheckWhole(what);
            if (outcome.ExitCode == 20)
            {
                ended++;
                if (outcome.Stdout.Length > 0) Assert.Contains("\ntotal size is ", outcome.Stdout, StringComparison.Ordinal);
                Assert.EndsWith("synchop error: received SIGINT, SIGTERM, or SIGHUP (code 20)\n", outcome.Stderr, StringComparison.Ordinal);
                // What the server is still doing may end a moment after us.
                if (!options.Contains("--delay-updates", StringComparison.Ordinal)) Assert.True(SpinWait.SpinUntil(trees.IsTidy, TimeSpan.FromSeconds(5)), what);
            }
            CheckNext(trees, command, options, what);
        }
        Assert.InRange(ended, 1, Moments);
    }

    private ChangedTrees Make(string destination) => ChangedTrees.Make(folder, random, Directories, FilesPerDirectory, LargeFile, destination);

    private static TimeSpan Duration(ChangedTrees trees, Command command)
    {
        trees.Reset();
        var watch = Stopwatch.StartNew();
        var whole = command.Run();
        Assert.True(whole is { ExitCode: 0, Stderr: "" }, whole.ToString());
        return watch.Elapsed;
    }

    private static void Check(ChangedTrees trees, Outcome outcome, string options, Command next, params int[] codes) =>
        Check(trees, outcome, options, next, isWhole: true, codes);

    private static void Check(ChangedTrees trees, Outcome outcome, string options, Command next, bool isWhole, params int[] codes)
    {
        if (isWhole) trees.CheckWhole(outcome.ToString());
        Assert.True(codes.Contains(outcome.ExitCode), outcome.ToString());
        Assert.Equal(outcome.ExitCode == Ok, outcome.Stderr.Length == 0);
        Assert.DoesNotContain("   at ", outcome.Stderr, StringComparison.Ordinal);
        CheckNext(trees, next, options, outcome.ToString());
    }

    /// <summary>The next run, with nothing in its way, makes the trees equal and leaves nothing of the last one.</summary>
    private static void CheckNext(ChangedTrees trees, Command command, string options, string what, bool isSubset = false)
    {
        var outcome = command.Run();
        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, $"{outcome}\n--- after\n{what}");
        if (isSubset) trees.CheckHas($"{outcome}\n--- after\n{what}");
        else trees.CheckSame(options.Contains("--delete", StringComparison.Ordinal), $"{outcome}\n--- after\n{what}");
        trees.CheckTidy($"{outcome}\n--- after\n{what}");
    }

    private SmallDisk Disk(int megabytes)
    {
        var disk = SmallDisk.TryMake(folder + "/disk", megabytes);
        Assert.SkipWhen(disk is null, "a file system of its own cannot be mounted here (needs root and CAP_SYS_ADMIN)");
        return disk!;
    }

    /// <summary>A run to <c>dst</c> on a disk, which only it, or the SFTP server, sees.</summary>
    private Command OnDisk(SmallDisk disk, Mode mode, string options)
    {
        string[] server = mode == Mode.Push ? ["--sftp-command", string.Join(' ', disk.Enter) + " /usr/lib/openssh/sftp-server"] : [];
        string[] words = [Repository.Binary, .. server, .. options.Split(' '), .. EndsIn(folder, mode, folder + "/disk/dst/", isAbsolute: true)];
        return new Command(folder, lab.HomeOf(Libc.UserId), Libc.UserId, mode == Mode.Local ? [.. disk.Enter, .. words] : words);
    }

    private Command Synchop(uint user, Mode mode, string options) => lab.Synchop(folder, user, [.. options.Split(' '), .. Ends(mode, folder + "/dst/")]);

    private string[] Ends(Mode mode, string destination) => EndsIn(folder, mode, destination);

    private static string[] EndsIn(string folder, Mode mode, string destination, bool isAbsolute = false) =>
    [
        mode == Mode.Pull ? $"gw,target:{folder}/src/" : isAbsolute ? folder + "/src/" : "src/",
        mode == Mode.Push ? $"gw,target:{destination}" : destination,
    ];

    private static void Give(string folder, uint user)
    {
        using var change = Process.Start("chown", ["-R", $"{user}:{user}", folder]);
        change.WaitForExit();
    }

    private static void Change(string file, int kind)
    {
        switch (kind)
        {
            case 0:
                File.Delete(file);
                break;
            case 1:
                using (var open = File.OpenWrite(file)) open.SetLength(open.Length / 2);
                break;
            case 2:
                using (var open = new FileStream(file, FileMode.Append)) open.Write("and more"u8);
                break;
            default:
                using (var open = File.OpenWrite(file)) open.Write("rewritten"u8);
                break;
        }
    }

    private static bool IsAllowed(byte[] kept, byte[] content)
    {
        byte[] rewritten = [.. kept];
        "rewritten"u8[..Math.Min(9, kept.Length)].CopyTo(rewritten);
        foreach (var whole in new[] { kept, rewritten })
        {
            if (content.AsSpan().SequenceEqual(whole)) return true; // as it was
            if (content.AsSpan().SequenceEqual(whole.AsSpan(0, whole.Length / 2))) return true; // read after it was cut
            if (content.AsSpan().SequenceEqual((byte[])[.. whole, .. "and more"u8])) return true;
        }
        return false;
    }
}
