using System.Diagnostics;
using System.Text;

namespace SyncHop.EndToEnd.Harness;

/// <summary>What a finished program said. Output is byte strings.</summary>
internal sealed record Outcome(string Line, int ExitCode, string Stdout, string Stderr)
{
    public override string ToString() =>
        $"$ {Line}\nexit code {ExitCode}\n--- stdout\n{ByteString.Show(Stdout)}--- stderr\n{ByteString.Show(Stderr)}";
}

/// <summary>Runs a program without terminal and input, with a clean environment, and with a time limit.</summary>
internal sealed class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly ProcessStartInfo start;

    public Command(string directory, string home, uint user, IReadOnlyList<string> words)
    {
        // Another user than ours: only root gets here.
        if (user != Libc.UserId)
            words = ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", .. words];
        // Whoever started the tests in the background has us ignore signals, and children inherit that.
        start = new ProcessStartInfo("env", ["--default-signal=INT,HUP,TERM", .. words])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
            StandardErrorEncoding = Encoding.Latin1,
        };
        start.Environment.Clear();
        start.Environment["HOME"] = home;
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["TZ"] = "UTC";
        start.Environment["LC_ALL"] = "C";
        Line = string.Join(' ', words.Select(Quote));
    }

    /// <summary>The command as one would type it.</summary>
    public string Line { get; }

    public Outcome Run() => Run(_ => { });

    /// <summary>Starts it, lets <paramref name="meanwhile"/> have the process, and waits for its end.</summary>
    public Outcome Run(Action<Process> meanwhile)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var stdout = process.StandardOutput.ReadToEndAsync();
        var stderr = process.StandardError.ReadToEndAsync();
        try
        {
            meanwhile(process);
            if (!process.WaitForExit(Limit))
                throw new TimeoutException($"no end after {Limit.TotalSeconds} s: {Line}");
            // A grandchild may still hold the pipes: that is a fault too.
            if (!Task.WaitAll([stdout, stderr], Limit))
                throw new TimeoutException($"its output stays open: {Line}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        return new Outcome(Line, process.ExitCode, stdout.Result, stderr.Result);
    }

    private static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./,:=@%+".Contains(c, StringComparison.Ordinal))
            ? word
            : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
