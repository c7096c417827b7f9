using System.Diagnostics;
using System.Net;
using System.Text.Json;
using SyncHop.EndToEnd.Harness;
using SyncHop.LinkEmulator;

namespace SyncHop.EndToEnd.Cases;

/// <summary><c>--bench</c> over links whose limits are known.</summary>
public sealed class BenchTests(Lab lab) : IDisposable
{
    private readonly string _folder = lab.NewFolder(Libc.UserId);

    public void Dispose() => Lab.Remove(_folder);

    [Fact]
    public void A_rate_is_named_as_the_limit_and_nothing_is_left_behind()
    {
        const int rate = 4_000_000;
        using Link link = new(new LinkSettings { Delay = TimeSpan.FromMilliseconds(10), BytesPerSecond = rate }, Gateway());
        Outcome outcome = Bench(link, "--json").Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        using JsonDocument result = JsonDocument.Parse(outcome.Stdout);
        JsonElement top = result.RootElement;
        Assert.Equal(2, top.GetProperty("hops").GetArrayLength());
        Assert.InRange(top.GetProperty("hops")[1].GetProperty("round_trip_milliseconds").GetProperty("minimum").GetDouble(), 20, 500);
        foreach (string direction in new[] { "upload", "download" })
        {
            Assert.Equal([1, 2, 4, 8], top.GetProperty(direction).EnumerateArray().Select(each => each.GetProperty("connections").GetInt32()));
            // What was under way when the measuring began counts too.
            Assert.InRange(top.GetProperty(direction)[0].GetProperty("bytes_per_second").GetDouble(), 0.5 * rate, 1.3 * rate);
        }
        string[] findings = [.. top.GetProperty("findings").EnumerateArray().Select(each => each.GetString()!)];
        Assert.StartsWith("upload: the rate of the link limits", findings[0], StringComparison.Ordinal);
        Assert.StartsWith("download: the rate of the link limits", findings[1], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_window_is_named_as_the_limit_and_more_connections_as_the_help()
    {
        using Link link = new(new LinkSettings { Delay = TimeSpan.FromMilliseconds(100) }, Gateway());
        Outcome outcome = Bench(link).Run();

        Assert.True(outcome is { ExitCode: 0, Stderr: "" }, outcome.ToString());
        Assert.Matches(@"upload: the window limits one connection: .* MiB in each round trip of 2\d\d ms; [248] connections are .* times as fast: --connections=[248]\n", outcome.Stdout);
        Assert.Matches(@"small files   \d+ per second\nlisting       \d+ entries per second\n", outcome.Stdout);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void An_interruption_leaves_nothing_behind()
    {
        using Link link = new(new LinkSettings { Delay = TimeSpan.FromMilliseconds(5) }, Gateway());
        Outcome outcome = Bench(link).Run(process =>
        {
            Stopwatch limit = Stopwatch.StartNew();
            while (Directory.GetFiles(_folder, "large1", SearchOption.AllDirectories).Length == 0 && limit.Elapsed < TimeSpan.FromMinutes(1)) Thread.Sleep(20);
            using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        });
        Assert.True(outcome.ExitCode == 20, outcome.ToString());
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_directory_that_cannot_be_written_to_is_one_line()
    {
        Outcome outcome = lab.Synchop(_folder, Libc.UserId, "--bench", $"gw,target:{_folder}/missing").Run();
        Assert.True(outcome is { ExitCode: 11, Stdout: "" }, outcome.ToString());
        Assert.StartsWith($"synchop: cannot make a directory in {_folder}/missing: ", outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Stderr.Count('\n'));
    }

    /// <summary>The way with a link before the gateway.</summary>
    private Command Bench(Link link, params string[] options)
    {
        string config = Path.Combine(_folder, "..", Path.GetFileName(_folder) + ".config");
        File.WriteAllText(config, $"Host gw\n    HostName 127.0.0.1\n    Port {link.Port}\n    HostKeyAlias gw\n" + File.ReadAllText(UsersConfig()));
        return lab.Synchop(_folder, Libc.UserId, ["--ssh-config", config, "--batch", "--bench", .. options, $"gw,target:{_folder}"]);
    }

    private string UsersConfig() => Path.Combine(lab.HomeOf(Libc.UserId), ".ssh", "config");

    private IPEndPoint Gateway()
    {
        Dictionary<string, string> settings = File.ReadLines(UsersConfig()).SkipWhile(static line => line != "Host gw").Skip(1)
            .TakeWhile(static line => line.StartsWith(' ')).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(static words => words[0], static words => words[1]);
        return IPEndPoint.Parse($"{settings["HostName"]}:{settings["Port"]}");
    }
}
