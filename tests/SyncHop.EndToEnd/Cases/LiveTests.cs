using System.Diagnostics;
using SyncHop.EndToEnd.Harness;
using SyncHop.Shared;

namespace SyncHop.EndToEnd.Cases;

/// <summary>The display of a run on a terminal, a real one of script(1).</summary>
public sealed class LiveTests(Lab lab) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string folder = lab.NewFolder(Libc.UserId);

    public void Dispose() => Lab.Remove(folder);

    [Fact]
    public async Task A_push_is_shown_while_it_goes_on_and_leaves_nothing_on_the_terminal()
    {
        Make(3, 1_000_000);
        (int code, Screen screen) = await RunAsync("", ["-a", "--bwlimit=1200k", "src/", $"gw,target:{folder}/dst/"]);
        Assert.Equal((0, "", (0, 0)), (code, screen.Text, screen.Cursor));
        Assert.Contains(screen.Seen, text => System.Text.RegularExpressions.Regex.IsMatch(
            text, @"\A━+ +[0-9]{1,2}%  [0-9.]+ [kM]?B of 3\.0 MB  [0-9.]+ [kM]?B/s(  ETA 0:00:0[0-9])?\n[0-2] files? sent, 4 listed, 1 connection\n  (file [0-2])(\n  file [0-2])*\z"));
        Assert.True(Directory.GetFiles(folder + "/dst").Length == 3);
    }

    [Fact]
    public async Task Interrupted_it_leaves_the_error_alone()
    {
        Make(1, 5_000_000);
        (int code, Screen screen) = await RunAsync("", ["-a", "--bwlimit=1m", "src/", "dst/"], (text, keys) =>
        {
            if (!text.Contains("  file 0", StringComparison.Ordinal)) return false;
            keys.Write('\x03');
            keys.Flush();
            return true;
        });
        Assert.Equal((20, "synchop error: received SIGINT, SIGTERM, or SIGHUP (code 20)"), (code, screen.Text));
        Assert.Contains(screen.Seen, text => text.Contains("  file 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopped_it_leaves_the_terminal_to_the_shell_and_comes_back()
    {
        Make(1, 3_000_000);
        bool typed = false;
        (int code, Screen screen) = await RunAsync("", ["-a", "--bwlimit=1m", "src/", "dst/"], (text, keys) =>
        {
            if (typed || !text.Contains("  file 0", StringComparison.Ordinal)) return false;
            keys.Write('\x1a');
            keys.Flush();
            return typed = true;
        }, "bash -c 'set -m; {0}; echo stopped $?; fg >/dev/null; code=$?; echo went on; exit $code'");
        Assert.Equal(0, code);
        Assert.EndsWith("\nwent on", screen.Text, StringComparison.Ordinal);
        int stopped = screen.Seen.FindIndex(text => text.Contains("stopped 148", StringComparison.Ordinal));
        // It may be shown again by then, below.
        Assert.DoesNotContain("listed", screen.Seen[stopped].Split("stopped 148")[0], StringComparison.Ordinal);
        Assert.Contains(screen.Seen.Skip(stopped), text => text.Contains("  file 0", StringComparison.Ordinal));
        Assert.Equal(3_000_000, new FileInfo(folder + "/dst/file 0").Length);
    }

    [Fact]
    public async Task What_fails_meanwhile_is_told_in_lines_of_its_own()
    {
        Make(2, 1_500_000);
        (int code, Screen screen) = await RunAsync("", ["-a", "--bwlimit=1m", "src/", "dst/"], (text, _) =>
        {
            if (!text.Contains("  file 0", StringComparison.Ordinal)) return false;
            // Their temporary files can no longer be renamed.
            Directory.Delete(folder + "/dst", recursive: true);
            return true;
        });
        Assert.Equal(23, code);
        string[] lines = screen.Text.Split('\n');
        Assert.StartsWith("synchop error: ", lines[^1], StringComparison.Ordinal);
        Assert.True(lines.Length >= 3, screen.Text);
        Assert.All(lines, line => Assert.Matches("^synchop[: ]", line));
    }

    [Theory]
    [InlineData("TERM=dumb", "-a")]
    [InlineData("CI=true", "-a")]
    [InlineData("TERM=", "-a")]
    [InlineData("", "-a --no-live")]
    [InlineData("", "-aq")]
    [InlineData("", "-a --info=progress2")]
    public async Task It_is_off_where_it_is_not_wanted(string variable, string options)
    {
        Make(1, 1_200_000);
        (int code, Screen screen) = await RunAsync(variable, [.. options.Split(' '), "--bwlimit=1m", "src/", "dst/"]);
        Assert.Equal(0, code);
        Assert.DoesNotContain(screen.Seen, text => text.Contains("listed", StringComparison.Ordinal));
        Assert.Equal(options.Contains("progress2", StringComparison.Ordinal), screen.Text.Length > 0);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("NO_COLOR=1", false)]
    public async Task Colours_are_left_out_where_they_are_not_wanted(string variable, bool colours)
    {
        Make(1, 1_200_000);
        (int code, Screen screen) = await RunAsync(variable, ["-a", "--bwlimit=1m", "src/", "dst/"]);
        Assert.Equal(0, code);
        Assert.Contains(screen.Seen, text => text.Contains("listed", StringComparison.Ordinal));
        Assert.Equal(colours, screen.HasColours);
    }

    private void Make(int files, int bytes)
    {
        Directory.CreateDirectory(folder + "/src");
        for (int i = 0; i < files; i++) File.WriteAllBytes($"{folder}/src/file {i}", new byte[bytes]);
    }

    /// <summary>Runs synchop on a terminal.</summary>
    /// <param name="variable">What is set beside the usual environment; empty for nothing.</param>
    /// <param name="words">The arguments.</param>
    /// <param name="shell">What runs it, with {0} for its words.</param>
    /// <param name="act">Sees the screen after every change, and may type, until it returns true; null for nobody.</param>
    private async Task<(int Code, Screen Screen)> RunAsync(string variable, string[] words, Func<string, StreamWriter, bool>? act = null, string shell = "exec {0}")
    {
        Command command = lab.Synchop(folder, Libc.UserId, words);
        ProcessStartInfo start = new("script", ["-qec", string.Format(null, shell, $"env TERM=xterm LC_ALL=C.UTF-8 {variable} {command.Line}"), "/dev/null"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        start.Environment["HOME"] = lab.HomeOf(Libc.UserId);
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_patience);
        Screen screen = new();
        char[] buffer = new char[4096];
        try
        {
            while (await process.StandardOutput.ReadAsync(buffer, limit.Token) is > 0 and int count)
            {
                screen.Write(new string(buffer, 0, count));
                if (act is not null && act(screen.Text, process.StandardInput)) act = null;
            }
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        return (process.ExitCode, screen);
    }
}
