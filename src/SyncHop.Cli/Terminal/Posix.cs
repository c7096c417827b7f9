using System.Buffers;
using System.Runtime.InteropServices;

namespace SyncHop.Cli.Terminal;

/// <summary>The libc calls of the terminal and of standard output. Names and constants are Linux's.</summary>
internal static unsafe partial class Posix
{
    public const int Eintr = 4;
    public const int Eagain = 11;
    public const int Epipe = 32;
    public const short PollIn = 1;
    public const short PollOut = 4;

    private const int OpenReadWrite = 2;
    private const int OpenNoControllingTerminal = 0x100;
    private const int OpenCloseOnExec = 0x80000;

    /// <summary>Opens a terminal for reading and writing; -1 if there is none.</summary>
    public static int OpenTerminal(string path) => Open(path, OpenReadWrite | OpenNoControllingTerminal | OpenCloseOnExec);

    /// <summary>
    /// Opens <c>/dev/null</c> in place of a standard descriptor that is closed (<c>synchop &gt;&amp;-</c>): otherwise the next
    /// socket or file gets its number, and the program's text.
    /// </summary>
    public static void FillStandardDescriptors()
    {
        int descriptor;
        do descriptor = Open("/dev/null", OpenReadWrite);
        while (descriptor is >= 0 and <= 2);
        if (descriptor > 2) Close(descriptor);
    }

    /// <summary>Writes all of <paramref name="data"/>, waiting where the descriptor is non-blocking.</summary>
    /// <returns>0, or the errno of the failure.</returns>
    public static int WriteAll(int descriptor, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            nint written;
            fixed (byte* start = data) written = Write(descriptor, start, (nuint)data.Length);
            if (written >= 0)
            {
                data = data[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == Eagain) WaitFor(descriptor, PollOut, -1);
            else if (error != Eintr) return error;
        }

        return 0;
    }

    /// <summary>Opens a file for reading; -1 with the last error set if it cannot be.</summary>
    public static int OpenForReading(byte[] path)
    {
        fixed (byte* start = (byte[])[.. path, 0]) return OpenBytes(start, OpenCloseOnExec);
    }

    /// <summary>Everything that is still to be read from a descriptor; null with the last error set on failure.</summary>
    public static byte[]? ReadAll(int descriptor)
    {
        ArrayBufferWriter<byte> all = new();
        while (true)
        {
            Span<byte> room = all.GetSpan(65536);
            nint read;
            fixed (byte* start = room) read = Read(descriptor, start, (nuint)room.Length);
            if (read == 0) return all.WrittenSpan.ToArray();
            if (read > 0) all.Advance((int)read);
            else if (Marshal.GetLastPInvokeError() == Eagain) WaitFor(descriptor, PollIn, -1);
            else if (Marshal.GetLastPInvokeError() != Eintr) return null;
        }
    }

    /// <summary>Waits until <paramref name="descriptor"/> is ready or <paramref name="milliseconds"/> passed (-1: for ever).</summary>
    public static bool WaitFor(int descriptor, short events, int milliseconds)
    {
        PollDescriptor poll = new() { Descriptor = descriptor, Events = events };
        return Poll(&poll, 1, milliseconds) > 0;
    }

    /// <summary>The process's umask. POSIX can only tell it by setting another: nothing may be creating files meanwhile.</summary>
    public static uint GetUmask()
    {
        const uint closed = 0x3F; // 0077
        uint umask = Umask(closed);
        _ = Umask(umask);
        return umask;
    }

    /// <summary>Lets every write go to the end of the file, wherever that is by then: .NET writes to where it was at first.</summary>
    public static void AlwaysAppend(SafeHandle file)
    {
        const int setStatusFlags = 4; // F_SETFL
        const int append = 0x400; // O_APPEND
        _ = Fcntl(file, setStatusFlags, append);
    }

    /// <summary>Whether this process may write to a terminal without getting in the way of the one that the user sees (setpgid(2)).</summary>
    public static bool IsForeground(int terminal)
    {
        int group = ForegroundGroup(terminal);
        return group < 0 || group == ProcessGroup(); // A terminal that does not control this process has no foreground for it.
    }

    /// <summary>A terminal's columns and rows (TIOCGWINSZ, ioctl_tty(2)); 80 and 24 where it does not tell.</summary>
    public static (int Columns, int Rows) WindowSize(int terminal)
    {
        const nuint getWindowSize = 0x5413;
        ushort* size = stackalloc ushort[4]; // struct winsize: rows, columns, and both in pixels
        bool isKnown = Ioctl(terminal, getWindowSize, size) == 0 && size[0] > 0 && size[1] > 0;
        return isKnown ? (size[1], size[0]) : (80, 24);
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>Keeps memory, in which secrets may be, out of core files (setrlimit(2)).</summary>
    public static void ForbidCoreFiles()
    {
        const int core = 4; // RLIMIT_CORE
        ulong* none = stackalloc ulong[2]; // struct rlimit: rlim_cur and rlim_max
        none[0] = none[1] = 0;
        _ = SetLimit(core, none);
    }

    /// <summary>Has a write beyond the largest length a file may have (RLIMIT_FSIZE) fail like one to a full disk, and not end the process.</summary>
    public static void SurviveFileSizeLimit() => _ = SetDisposition(SigXfsz, IgnoreSignal);

    /// <summary>
    /// Stops this process as if nobody had watched for ^Z: in a process group that no shell looks after the kernel lets it go on.
    /// Returns when it was continued.
    /// </summary>
    public static void StopByTerminal()
    {
        const int actionSize = 256; // More than any struct sigaction has; zeros are SIG_DFL, without flags and mask.
        byte* usual = stackalloc byte[actionSize], watched = stackalloc byte[actionSize];
        new Span<byte>(usual, actionSize).Clear();
        if (SetAction(SigTstp, usual, watched) != 0) return;
        _ = Raise(SigTstp);
        _ = SetAction(SigTstp, watched, null);
    }

    private const int SigTstp = 20;
    private const int SigXfsz = 25;
    private const nint IgnoreSignal = 1; // SIG_IGN

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetDisposition(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SetAction(int signal, byte* action, byte* former);

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int Raise(int signal);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ulong* limit);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(SafeHandle file, int command, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int OpenBytes(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial void Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int descriptor, nuint request, ushort* argument);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int ForegroundGroup(int terminal);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int ProcessGroup();

    [LibraryImport("libc", EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    public static partial int GetTerminalAttributes(int descriptor, byte* attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    public static partial int SetTerminalAttributes(int descriptor, int actions, byte* attributes);

    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitAtOnce(int code);
}
