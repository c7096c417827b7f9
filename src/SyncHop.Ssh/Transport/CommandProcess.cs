using System.Collections;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SyncHop.Ssh.Transport;

/// <summary>
/// A program whose standard input and output are a socket. <see cref="System.Diagnostics.Process"/> knows pipes only,
/// through which every byte would be copied once more; this program reads and writes the connection itself.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class CommandProcess
{
    private const int Interrupted = 4;
    private const int ById = 1;
    private const int HasExited = 4;
    private const int HangUp = 1, Kill = 9, BrokenPipe = 13, Terminate = 15;
    private const short SetSignalDefaults = 4, SetSignalMask = 8;

    // Larger than the opaque types of any libc: glibc's posix_spawnattr_t has 336 bytes, sigset_t and siginfo_t 128.
    private const int Opaque = 1024;

    private static readonly int LeaveWaitable = OperatingSystem.IsMacOS() ? 0x20 : 0x01000000;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _id;
    private bool _reaped;

    private CommandProcess(int id) => _id = id;

    /// <summary>Completes with the exit code, or minus the number of the signal that ended the program.</summary>
    public Task<int> Exit => _exit.Task;

    /// <summary>Runs a command by a shell. Standard error stays ours, as does the terminal.</summary>
    /// <exception cref="Win32Exception">The shell cannot be started.</exception>
    public static CommandProcess Start(string shell, string command, Socket connection)
    {
        IntPtr actions = Marshal.AllocHGlobal(Opaque), attributes = Marshal.AllocHGlobal(Opaque),
            signals = Marshal.AllocHGlobal(Opaque);
        bool held = false;
        try
        {
            connection.SafeHandle.DangerousAddRef(ref held);
            int descriptor = (int)connection.SafeHandle.DangerousGetHandle();
            Check(posix_spawn_file_actions_init(actions));
            Check(posix_spawn_file_actions_adddup2(actions, descriptor, 0));
            Check(posix_spawn_file_actions_adddup2(actions, descriptor, 1));
            Check(posix_spawnattr_init(attributes));
            // .NET ignores SIGPIPE, which a program would inherit.
            _ = sigemptyset(signals);
            Check(posix_spawnattr_setsigmask(attributes, signals));
            _ = sigaddset(signals, BrokenPipe);
            Check(posix_spawnattr_setsigdefault(attributes, signals));
            Check(posix_spawnattr_setflags(attributes, SetSignalDefaults | SetSignalMask));
            Check(posix_spawn(out int id, shell, actions, attributes, [shell, "-c", command, null], Environments()));
            _ = posix_spawnattr_destroy(attributes);
            _ = posix_spawn_file_actions_destroy(actions);
            var process = new CommandProcess(id);
            new Thread(process.Wait) { IsBackground = true, Name = "synchop command" }.Start();
            return process;
        }
        finally
        {
            if (held) connection.SafeHandle.DangerousRelease();
            Marshal.FreeHGlobal(actions);
            Marshal.FreeHGlobal(attributes);
            Marshal.FreeHGlobal(signals);
        }
    }

    /// <summary>
    /// Waits until the program has seen the end of its connection; then tells it, at last forces it. Returns when it is gone.
    /// </summary>
    /// <param name="grace">The time for each.</param>
    public void End(TimeSpan grace)
    {
        foreach (int signal in (ReadOnlySpan<int>)[HangUp, Terminate, Kill])
        {
            if (_exit.Task.Wait(grace)) return;
            lock (_lock)
                if (!_reaped) _ = kill(_id, signal);
        }

        _exit.Task.Wait(grace);
    }

    // Looks first and reaps under the lock, so that no signal goes to a stranger with the same id.
    private void Wait()
    {
        IntPtr information = Marshal.AllocHGlobal(Opaque);
        while (waitid(ById, _id, information, HasExited | LeaveWaitable) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }

        Marshal.FreeHGlobal(information);
        int status = 0;
        lock (_lock)
        {
            while (waitpid(_id, out status, 0) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }

            _reaped = true;
        }

        _exit.SetResult((status & 0x7f) == 0 ? (status >> 8) & 0xff : -(status & 0x7f));
    }

    private static string?[] Environments()
    {
        var result = new List<string?>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables()) result.Add($"{entry.Key}={entry.Value}");
        result.Add(null);
        return [.. result];
    }

    private static void Check(int error)
    {
        if (error != 0) throw new Win32Exception(error);
    }

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(IntPtr actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(IntPtr actions, int from, int to);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(IntPtr actions);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(IntPtr attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(IntPtr attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(IntPtr attributes, IntPtr signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(IntPtr attributes, IntPtr signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(IntPtr attributes);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(
        out int id, string path, IntPtr actions, IntPtr attributes, string?[] arguments, string?[] environment);

    [LibraryImport("libc")]
    private static partial int sigemptyset(IntPtr signals);

    [LibraryImport("libc")]
    private static partial int sigaddset(IntPtr signals, int signal);

    [LibraryImport("libc")]
    private static partial int kill(int id, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int kind, int id, IntPtr information, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int id, out int status, int options);
}
