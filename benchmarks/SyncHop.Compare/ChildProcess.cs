using System.ComponentModel;
using System.Diagnostics;

namespace SyncHop.Compare;

/// <summary>What one run of a program cost.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="CpuSeconds">User and system time of the program and everything it started on this side.</param>
/// <param name="PeakBytes">The largest resident size of any of its processes.</param>
/// <param name="ExitCode">Its exit code, or 128 and the signal that ended it.</param>
internal sealed record Cost(double Seconds, double CpuSeconds, long PeakBytes, int ExitCode);

/// <summary>A program in a process group of its own.</summary>
internal sealed class ChildProcess
{
    private const int Killed = 9;
    private const int Terminated = 15;

    private readonly int _pid;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Starts it.</summary>
    /// <param name="arguments">The program's path and its arguments.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="variables">Variables besides our own.</param>
    /// <param name="log">The file to which its output is appended.</param>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    public ChildProcess(IReadOnlyList<string> arguments, string directory, IReadOnlyDictionary<string, string> variables, string log)
    {
        // ssh's proxy processes outlive their parent for a moment; as their reaper we still see what they cost.
        Libc.AdoptOrphans();
        _pid = Libc.Spawn(arguments, directory, variables, log);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it cost; null when it took longer than <paramref name="limit"/> and was killed.</returns>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    public static Cost? Run(
        IReadOnlyList<string> arguments, string directory, IReadOnlyDictionary<string, string> variables, string log, TimeSpan limit) =>
        new ChildProcess(arguments, directory, variables, log).WaitForExit(limit);

    /// <summary>Asks it to end, and waits for that.</summary>
    public void Terminate()
    {
        Libc.Signal(_pid, Terminated);
        _ = WaitForExit(TimeSpan.FromSeconds(10));
    }

    /// <summary>Waits for it and for what it left behind in its process group.</summary>
    /// <returns>What they cost; null when they took longer than <paramref name="limit"/> and were killed.</returns>
    public Cost? WaitForExit(TimeSpan limit)
    {
        bool overdue = false;
        using Timer timer = new(
            _ =>
            {
                overdue = true;
                Libc.Signal(_pid, Killed);
            },
            null, limit, Timeout.InfiniteTimeSpan);
        using MemoryWatch memory = new(_pid);
        Usage usage = Libc.Wait(_pid) ?? throw new InvalidOperationException("the program was waited for already");
        double seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        double cpu = usage.CpuSeconds;
        while (Libc.Wait(-_pid) is { } left) cpu += left.CpuSeconds;
        return overdue ? null : new Cost(seconds, cpu, memory.PeakBytes, usage.ExitCode);
    }
}
