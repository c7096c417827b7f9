using System.Runtime.InteropServices;

namespace SyncHop.Benchmarks;

/// <summary>Processor time (user and system) of this process and of the children that it waited for: <c>getrusage(2)</c>.</summary>
internal static unsafe partial class ProcessorTime
{
    private const int Self = 0;
    private const int Children = -1;

    /// <summary>Seconds that this process has used on all its threads.</summary>
    public static double OfThisProcess => Seconds(Self);

    /// <summary>Seconds that ended children have used.</summary>
    public static double OfChildren => Seconds(Children);

    private static double Seconds(int who)
    {
        // struct rusage of 64-bit systems: two timevals (seconds, microseconds) and fourteen longs.
        long* usage = stackalloc long[18];
        return GetResourceUsage(who, usage) == 0
            ? usage[0] + usage[2] + ((usage[1] + usage[3]) * 1e-6)
            : throw new InvalidOperationException($"getrusage: error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int GetResourceUsage(int who, long* usage);
}
