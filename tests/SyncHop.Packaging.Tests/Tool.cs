using System.Diagnostics;
using Xunit;

namespace SyncHop.Packaging.Tests;

/// <summary>Runs programs that judge what is generated.</summary>
internal static class Tool
{
    /// <summary>Runs a program to its end. The test is skipped where it is not installed.</summary>
    /// <returns>The exit code, and what it printed on either stream.</returns>
    public static (int ExitCode, string Output, string Error) Run(string program, IEnumerable<string> arguments, string input = "")
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed (scripts/setup brings it)");
        }

        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            try
            {
                process.StandardInput.Write(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended without reading everything; its exit code says why.
            }

            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), $"{program} does not end");
            return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
    }
}
