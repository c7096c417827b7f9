using System.Runtime.InteropServices;

namespace SyncHop.Cli.Tests;

/// <summary>Pipes and pseudo-terminals to test with.</summary>
internal static partial class Native
{
    private const int OpenReadWrite = 2;
    private const int OpenNoControllingTerminal = 0x100;

    /// <summary>Opens a pipe: its reading end and its writing end.</summary>
    public static (int Read, int Write) OpenPipe()
    {
        int[] ends = new int[2];
        if (Pipe(ends) != 0) throw new InvalidOperationException("pipe failed");
        return (ends[0], ends[1]);
    }

    /// <summary>Opens a pseudo-terminal: the side a terminal emulator has, and the device file of the other one.</summary>
    public static (int Controller, string Device) OpenPseudoTerminal()
    {
        int controller = OpenPseudoTerminalController(OpenReadWrite | OpenNoControllingTerminal);
        byte[] name = new byte[128];
        bool failed = controller < 0 || Grant(controller) != 0 || Unlock(controller) != 0 || Name(controller, name, (nuint)name.Length) != 0;
        if (failed) throw new InvalidOperationException("no pseudo-terminal");
        return (controller, System.Text.Encoding.ASCII.GetString(name).TrimEnd('\0'));
    }

    [LibraryImport("libc", EntryPoint = "pipe")]
    private static partial int Pipe(int[] ends);

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int OpenPseudoTerminalController(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int controller);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int controller);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int Name(int controller, byte[] name, nuint length);

    [LibraryImport("libc", EntryPoint = "read")]
    public static partial nint Read(int descriptor, byte[] buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpid")]
    public static partial int ProcessId();

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);
}
