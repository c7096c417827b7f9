using System.Diagnostics;
using System.Text;
using Xunit;

namespace SyncHop.Packaging.Tests;

/// <summary>A program on a pseudo-terminal of script(1), which is typed to and watched.</summary>
internal sealed class Terminal : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly byte[] _buffer = new byte[4096];
    private string _text = "";

    /// <summary>Starts it.</summary>
    /// <param name="command">For the shell.</param>
    /// <param name="environment">What is set beside what we have.</param>
    public Terminal(string command, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new("script", ["-qec", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    /// <summary>Types without waiting.</summary>
    public void Type(string keys)
    {
        _process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(keys));
        _process.StandardInput.BaseStream.Flush();
    }

    /// <summary>Waits for a text to appear.</summary>
    /// <returns>What appeared before it since the last time.</returns>
    public string WaitFor(string text)
    {
        long begin = Stopwatch.GetTimestamp();
        int at;
        while ((at = _text.IndexOf(text, StringComparison.Ordinal)) < 0)
        {
            Task<int> read = _process.StandardOutput.BaseStream.ReadAsync(_buffer, CancellationToken.None).AsTask();
            bool came = read.Wait(Patience - Stopwatch.GetElapsedTime(begin)) && read.Result > 0;
            Assert.True(came, $"\"{text}\" did not appear, but:\n{_text}");
            _text += Encoding.UTF8.GetString(_buffer, 0, read.Result);
        }

        string before = _text[..at];
        _text = _text[(at + text.Length)..];
        return before;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
