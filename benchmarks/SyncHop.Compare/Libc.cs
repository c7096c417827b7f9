using System.ComponentModel;
using System.Collections;
using System.Runtime.InteropServices;
using System.Text;

namespace SyncHop.Compare;

/// <summary>What getrusage(2) says of a process that ended, with all it waited for.</summary>
internal readonly record struct Usage(int ExitCode, double CpuSeconds);

/// <summary>
/// Processes with their resource usage. .NET's own Process class knows no process groups, and reaps children whose
/// usage is wanted here; the two cannot be used together.
/// </summary>
internal static unsafe partial class Libc
{
    private const int SetChildSubreaper = 36; // PR_SET_CHILD_SUBREAPER
    private const short SetProcessGroup = 0x02; // POSIX_SPAWN_SETPGROUP
    private const short SetSignalDefault = 0x04; // POSIX_SPAWN_SETSIGDEF
    private const short SetSignalMask = 0x08; // POSIX_SPAWN_SETSIGMASK
    private const int WriteAppendCreate = 0x1 | 0x400 | 0x40;
    // Larger than glibc's posix_spawn_file_actions_t (80 bytes), posix_spawnattr_t (336) and sigset_t (128).
    private const int OpaqueLength = 512;

    /// <summary>Makes this process the parent of its descendants' orphans (prctl(2)).</summary>
    public static void AdoptOrphans() => _ = Control(SetChildSubreaper, 1, 0, 0, 0);

    /// <summary>Sends a signal to all processes of a group (kill(2)).</summary>
    public static void Signal(int group, int signal) => _ = Kill(-group, signal);

    /// <summary>Waits for a process, or for one of a group when negative (wait4(2)).</summary>
    /// <returns>null when there is none.</returns>
    public static Usage? Wait(int pid)
    {
        RawUsage raw = default;
        int status;
        int ended;
        do ended = Wait4(pid, &status, 0, &raw);
        while (ended < 0 && Marshal.GetLastPInvokeError() == 4); // EINTR
        if (ended < 0) return null;
        int exitCode = (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
        double cpu = raw.UserSeconds + raw.SystemSeconds + ((raw.UserMicroseconds + raw.SystemMicroseconds) / 1e6);
        return new Usage(exitCode, cpu);
    }

    /// <summary>Starts a program in a process group of its own (posix_spawn(3)).</summary>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    public static int Spawn(IReadOnlyList<string> arguments, string directory, IReadOnlyDictionary<string, string> variables, string log)
    {
        byte* actions = stackalloc byte[OpaqueLength];
        byte* attributes = stackalloc byte[OpaqueLength];
        Check(ActionsInit(actions));
        Check(AttributesInit(attributes));
        nint[] environment = Strings(Environment(variables));
        nint[] argv = Strings(arguments);
        try
        {
            Check(AddOpen(actions, 0, "/dev/null", 0, 0));
            Check(AddOpen(actions, 1, log, WriteAppendCreate, 0x1A4)); // 0644
            Check(AddDuplicate(actions, 1, 2));
            Check(AddChangeDirectory(actions, directory));
            // .NET ignores and blocks signals without which sshd does not notice that a command has ended.
            byte* signals = stackalloc byte[OpaqueLength];
            Check(EmptySignals(signals));
            Check(SetMask(attributes, signals));
            Check(FillSignals(signals));
            Check(SetDefault(attributes, signals));
            Check(SetFlags(attributes, SetProcessGroup | SetSignalDefault | SetSignalMask));
            fixed (nint* envp = environment)
            fixed (nint* args = argv)
            {
                int error = SpawnPath(out int pid, arguments[0], actions, attributes, args, envp);
                return error == 0 ? pid : throw new Win32Exception(error, $"{arguments[0]}: {new Win32Exception(error).Message}");
            }
        }
        finally
        {
            foreach (nint text in environment.Concat(argv)) Marshal.FreeCoTaskMem(text);
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
        }
    }

    private static List<string> Environment(IReadOnlyDictionary<string, string> variables)
    {
        List<string> all = [.. variables.Select(variable => $"{variable.Key}={variable.Value}")];
        foreach (DictionaryEntry own in System.Environment.GetEnvironmentVariables())
        {
            if (!variables.ContainsKey((string)own.Key)) all.Add($"{own.Key}={own.Value}");
        }
        return all;
    }

    private static nint[] Strings(IEnumerable<string> texts) => [.. texts.Select(Marshal.StringToCoTaskMemUTF8), 0];

    private static void Check(int error)
    {
        if (error != 0) throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    private static partial int Wait4(int pid, int* status, int options, RawUsage* usage);

    [LibraryImport("libc", EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SpawnPath(out int pid, string file, byte* actions, byte* attributes, nint* argv, nint* envp);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddChangeDirectory(byte* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefault(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSignals(byte* signals);

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct RawUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
