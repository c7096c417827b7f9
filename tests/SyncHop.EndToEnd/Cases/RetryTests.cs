using System.Diagnostics;
using System.Globalization;
using SyncHop.EndToEnd.Harness;

namespace SyncHop.EndToEnd.Cases;

/// <summary>A connection that is lost is made again, and the run goes on where it stopped.</summary>
public sealed class RetryTests(Lab lab)
{
    private const int Moments = 20;
    private const int Files = 40;
    private const int BigSize = 12 << 20;

    private static readonly int[] Lost = [12, 30];

    [Theory]
    [InlineData(Mode.Push, "-a")]
    [InlineData(Mode.Pull, "-a")]
    [InlineData(Mode.Push, "-r")] // no times: what is finished must be known by itself
    [InlineData(Mode.Pull, "-a --delete --backup --suffix=.old")]
    [InlineData(Mode.Push, "-a --inplace --backup --suffix=.old")]
    [InlineData(Mode.Push, "-a --delay-updates")]
    [InlineData(Mode.Pull, "-a --partial-dir=.p")]
    public void A_gateway_that_is_lost_at_any_moment_ends_nothing(Mode mode, string options)
    {
        var folder = lab.NewFolder(Libc.UserId);
        Make(folder);
        using var relay = new Relay(int.Parse(lab.PortOf("gw"), CultureInfo.InvariantCulture));
        string[] words = ["--retries=3", "--retry-wait=0", .. options.Split(' '), .. Ends(folder, relay, mode)];
        var random = new Random(HashCode.Combine(mode, options.Length));
        Reset(folder);
        var watch = Stopwatch.StartNew();
        var whole = lab.Synchop(folder, Libc.UserId, words).Run();
        Assert.True(whole is { ExitCode: 0, Stderr: "" }, whole.ToString());
        var duration = watch.Elapsed;
        var told = 0;
        for (var i = 0; i < Moments; i++)
        {
            Reset(folder);
            var before = relay.Connections;
            var moment = duration * random.NextDouble();
            var outcome = lab.Synchop(folder, Libc.UserId, words).Run(process =>
            {
                // Before it is connected there is nothing to lose.
                SpinWait.SpinUntil(() => relay.Connections > before || process.HasExited);
                if (!process.WaitForExit(moment)) relay.Cut();
            });
            var what = $"cut after {moment.TotalMilliseconds:F0} of {duration.TotalMilliseconds:F0} ms\n{outcome}";
            Assert.True(outcome.ExitCode == 0, what);
            if (outcome.Stderr.Contains("trying again", StringComparison.Ordinal)) told++;
            Same(folder, options, what);
        }
        Assert.True(told > 0, "no cut came in time");
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData(Mode.Push)]
    [InlineData(Mode.Pull)]
    public void A_large_file_goes_on_where_it_stopped(Mode mode)
    {
        const long size = 200 << 20;
        var folder = lab.NewFolder(Libc.UserId);
        Directory.CreateDirectory(folder + "/src");
        Directory.CreateDirectory(folder + "/dst");
        Fill(folder + "/src/big", size, new Random(1));
        using var relay = new Relay(int.Parse(lab.PortOf("gw"), CultureInfo.InvariantCulture));

        var outcome = lab.Synchop(folder, Libc.UserId, ["-a", "--stats", "--retries=2", "--retry-wait=0", .. Ends(folder, relay, mode)]).Run(process =>
        {
            SpinWait.SpinUntil(() => process.HasExited || Partial(folder) > size / 2);
            relay.Cut();
        });

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Contains("trying again", outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal(["big"], Directory.GetFileSystemEntries(folder + "/dst").Select(path => Path.GetFileName(path)));
        Assert.True(File.ReadAllBytes(folder + "/src/big").AsSpan().SequenceEqual(File.ReadAllBytes(folder + "/dst/big")));
        Assert.Contains("Number of regular files transferred: 1\n", outcome.Stdout, StringComparison.Ordinal);
        // Both attempts together sent little more than the file once: what was on its way when the line was cut.
        var line = outcome.Stdout.Split('\n').First(text => text.StartsWith(mode == Mode.Push ? "Total bytes sent: " : "Total bytes received: ", StringComparison.Ordinal));
        var bytes = long.Parse(line.Split(": ")[1].Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        Assert.InRange(bytes, size, size + (40 << 20));
        Lab.Remove(folder);
    }

    [Fact]
    public void A_line_that_falls_silent_is_given_up_and_made_again()
    {
        var folder = lab.NewFolder(Libc.UserId);
        Directory.CreateDirectory(folder + "/src");
        Fill(folder + "/src/big", 200 << 20, new Random(1));
        Directory.CreateDirectory(folder + "/dst");
        using var relay = new Relay(int.Parse(lab.PortOf("gw"), CultureInfo.InvariantCulture));

        var outcome = lab.Synchop(folder, Libc.UserId, ["-a", "--timeout=2", "--retries=2", "--retry-wait=0", .. Ends(folder, relay, Mode.Push)]).Run(process =>
        {
            SpinWait.SpinUntil(() => process.HasExited || Partial(folder) > 20 << 20);
            relay.Silence();
        });

        Assert.True(outcome.ExitCode == 0, outcome.ToString());
        Assert.Contains("io timeout after 2 seconds", outcome.Stderr, StringComparison.Ordinal);
        Assert.True(File.ReadAllBytes(folder + "/src/big").AsSpan().SequenceEqual(File.ReadAllBytes(folder + "/dst/big")));
        Assert.Equal(["big"], Directory.GetFileSystemEntries(folder + "/dst").Select(path => Path.GetFileName(path)));
        Lab.Remove(folder);
    }

    [Fact]
    public void A_server_that_is_killed_is_started_again()
    {
        var folder = lab.NewFolder(Libc.UserId);
        Make(folder);
        var server = folder + "/server";
        File.WriteAllText(server, $"#!/bin/sh\necho $$ >{folder}/pid\nexec /usr/lib/openssh/sftp-server\n");
        Libc.SetMode(server, Tree.Octal("755"));
        var killed = 0;
        for (var i = 0; i < Moments; i++)
        {
            Reset(folder);
            File.Delete(folder + "/pid");
            var outcome = lab.Synchop(folder, Libc.UserId, "-a", "--retries=3", "--retry-wait=0", "--sftp-command", server, "src/", $"gw,target:{folder}/dst/").Run(process =>
            {
                string text = "";
                SpinWait.SpinUntil(() => process.HasExited || (Directory.Exists(folder + "/dst/d0") && (text = File.ReadAllText(folder + "/pid")).EndsWith('\n')));
                Thread.Sleep(i * 5);
                if (!process.HasExited) Libc.Signal(int.Parse(text, CultureInfo.InvariantCulture), 9);
            });
            Assert.True(outcome.ExitCode == 0, outcome.ToString());
            if (outcome.Stderr.Contains("trying again", StringComparison.Ordinal)) killed++;
            Same(folder, "-a", outcome.ToString());
        }
        Assert.True(killed > 0, "none was killed in time");
        Lab.Remove(folder);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, true)]
    public void A_line_that_does_not_come_back_ends_the_run_with_one_line_that_names_the_hop(int retries, bool again)
    {
        var folder = lab.NewFolder(Libc.UserId);
        Directory.CreateDirectory(folder + "/src");
        Fill(folder + "/src/big", 200 << 20, new Random(1));
        Directory.CreateDirectory(folder + "/dst");
        using var relay = new Relay(int.Parse(lab.PortOf("gw"), CultureInfo.InvariantCulture));

        var outcome = lab.Synchop(folder, Libc.UserId, ["-a", $"--retries={retries}", "--retry-wait=0", .. Ends(folder, relay, Mode.Pull)]).Run(process =>
        {
            SpinWait.SpinUntil(() => process.HasExited || Partial(folder) > 20 << 20);
            relay.Dispose();
        });

        Assert.True(Lost.Contains(outcome.ExitCode), outcome.ToString());
        var lines = outcome.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(retries, lines.Count(line => line.Contains("trying again", StringComparison.Ordinal)));
        Assert.Equal(again, outcome.Stderr.Contains("(2 of 2)", StringComparison.Ordinal));
        Assert.Contains(" of 2, ", lines[^2], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder + "/dst"));
        Lab.Remove(folder);
    }

    private string[] Ends(string folder, Relay relay, Mode mode)
    {
        var config = folder + "/config";
        var lines = File.ReadAllLines(lab.HomeOf(Libc.UserId) + "/.ssh/config").ToList();
        var gateway = lines.IndexOf("Host gw");
        lines.Insert(gateway + 1, string.Create(CultureInfo.InvariantCulture, $"    Port {relay.Port}"));
        lines.Insert(gateway + 1, "    HostKeyAlias gw");
        File.WriteAllLines(config, lines);
        var remote = "gw,target:" + folder;
        return ["--ssh-config", config, mode == Mode.Pull ? remote + "/src/" : "src/", mode == Mode.Push ? remote + "/dst/" : "dst/"];
    }

    private static long Partial(string folder) =>
        Directory.EnumerateFiles(folder + "/dst", ".big.*").Select(file => new FileInfo(file).Length).FirstOrDefault();

    private static void Make(string folder)
    {
        var random = new Random(7);
        for (var d = 0; d < 4; d++)
        {
            Directory.CreateDirectory($"{folder}/src/d{d}");
            for (var f = 0; f < Files / 4; f++) Fill($"{folder}/src/d{d}/f{f}", random.Next(9000), random);
        }
        Fill(folder + "/src/big", BigSize, random);
        Directory.CreateDirectory(folder + "/old/d1");
        Fill(folder + "/old/d1/f1", 5000, random);
        Fill(folder + "/old/big", 3_000_000, random);
        File.SetLastWriteTimeUtc(folder + "/old/big", DateTime.UnixEpoch.AddDays(9999));
        File.SetLastWriteTimeUtc(folder + "/old/d1/f1", DateTime.UnixEpoch.AddDays(9999));
    }

    private static void Fill(string path, long size, Random random)
    {
        var content = new byte[size];
        random.NextBytes(content);
        File.WriteAllBytes(path, content);
    }

    private static void Reset(string folder)
    {
        Lab.Remove(folder + "/dst");
        using var copy = Process.Start("cp", ["-a", folder + "/old", folder + "/dst"]);
        copy.WaitForExit();
    }

    private static void Same(string folder, string options, string what)
    {
        var names = Directory.EnumerateFiles(folder + "/src", "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder + "/src", path)).ToList();
        foreach (var name in names)
        {
            Assert.True(File.ReadAllBytes($"{folder}/src/{name}").AsSpan().SequenceEqual(File.ReadAllBytes($"{folder}/dst/{name}")), $"{name} differs, {what}");
        }
        string[] kept = options.Contains("--backup", StringComparison.Ordinal) ? ["big.old", "d1/f1.old"] : [];
        foreach (var name in kept)
        {
            Assert.True(File.ReadAllBytes($"{folder}/old/{name[..^4]}").AsSpan().SequenceEqual(File.ReadAllBytes($"{folder}/dst/{name}")), $"{name} is not the old file, {what}");
        }
        var found = Directory.EnumerateFileSystemEntries(folder + "/dst", "*", SearchOption.AllDirectories)
            .Where(path => !Directory.Exists(path) || Path.GetFileName(path).StartsWith('.')).Select(path => Path.GetRelativePath(folder + "/dst", path));
        Assert.True(names.Concat(kept).Order(StringComparer.Ordinal).SequenceEqual(found.Order(StringComparer.Ordinal)), $"{string.Join(' ', found)}\n{what}");
    }
}
