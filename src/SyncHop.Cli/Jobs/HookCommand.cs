using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using SyncHop.Cli.Terminal;
using SyncHop.Engine;

namespace SyncHop.Cli.Jobs;

/// <summary>A job's own command, before or after its run; what it prints goes to standard error.</summary>
internal static class HookCommand
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    /// <summary>Runs it.</summary>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="variables">Added to its environment.</param>
    /// <param name="output">Where its lines go.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Why it counts as failed; null when it succeeded.</returns>
    public static async Task<string?> RunAsync(
        IReadOnlyList<string> words, IEnumerable<KeyValuePair<string, string>> variables, IOutput output, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(words[0], words.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach ((string name, string value) in variables) start.Environment[name] = value;
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task told = Task.WhenAll(TellAsync(process.StandardOutput), TellAsync(process.StandardError));
            using CancellationTokenRegistration end = cancellation.Register(() => process.Kill(entireProcessTree: true));
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            // What it left running in the background may keep its output open for ever.
            await Task.WhenAny(told, Task.Delay(s_lastWords, cancellation)).ConfigureAwait(false);
            return process.ExitCode == 0 ? null : $"{words[0]} ended with exit code {process.ExitCode}";
        }
        catch (Win32Exception e)
        {
            return $"{words[0]}: {FileFailure.Reason(e)}";
        }

        async Task TellAsync(StreamReader lines)
        {
            try
            {
                while (await lines.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line) output.WriteError(Encoding.UTF8.GetBytes(TerminalText.Escape(line) + "\n"));
            }
            catch (Exception closed) when (closed is IOException or ObjectDisposedException)
            {
                // The command is over, and nobody waits for more.
            }
        }
    }
}
