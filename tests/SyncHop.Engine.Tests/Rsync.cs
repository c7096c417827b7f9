using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace SyncHop.Engine.Tests;

/// <summary>The real rsync, to ask what is right; a test that needs it is skipped where it is not installed.</summary>
internal static partial class Rsync
{
    /// <summary>Runs rsync in <paramref name="directory"/> and gives its standard output, one byte a character.</summary>
    public static string Run(string directory, string locale, params string[] words)
    {
        ProcessStartInfo start = new("rsync", words)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.Latin1,
            Environment = { ["LC_ALL"] = locale, ["TZ"] = "UTC" },
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("rsync is not installed");
            throw;
        }
        using (process)
        {
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output;
        }
    }

    /// <summary>Makes an empty file or directory of any name.</summary>
    public static void Make(string directory, byte[] name, bool isDirectory)
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(directory), (byte)'/', .. name, 0];
        const uint regular = 0x8000;
        int result = isDirectory ? MakeDirectory(path, Samples.Rwx) : MakeNode(path, regular | Samples.Rw, 0);
        Assert.True(result == 0, $"{Samples.S(path)}: errno {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true)]
    private static partial int MakeDirectory(byte[] path, uint mode);

    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true)]
    private static partial int MakeNode(byte[] path, uint mode, ulong device);
}
