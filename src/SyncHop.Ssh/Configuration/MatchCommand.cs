using System.ComponentModel;
using System.Diagnostics;

namespace SyncHop.Ssh.Configuration;

/// <summary>The commands of <c>Match exec</c>.</summary>
internal static class MatchCommand
{
    /// <summary>Runs a command by a shell, with nothing to read and its output dropped; errors go through.</summary>
    /// <param name="command">The command, tokens expanded.</param>
    /// <param name="shell">The user's shell; null or empty for <c>/bin/sh</c>.</param>
    /// <returns>Whether it ended with exit code 0.</returns>
    /// <exception cref="HopException">There is no such shell.</exception>
    public static bool Succeeds(string command, string? shell)
    {
        var start = new ProcessStartInfo(string.IsNullOrEmpty(shell) ? "/bin/sh" : shell, ["-c", command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            process.OutputDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            // Without a limit .NET would also wait for the end of the output, which what the shell left in the background holds.
            while (!process.WaitForExit(int.MaxValue))
            {
            }

            return process.ExitCode == 0;
        }
        catch (Win32Exception e)
        {
            throw HopException.Config($"cannot run {Printable.Line(start.FileName)} for Match exec: {Printable.Line(e.Message)}");
        }
    }
}
