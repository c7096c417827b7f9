using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SyncHop.LinkEmulator;

/// <summary>Nanoseconds of CLOCK_MONOTONIC, and sleeping until one of them: .NET's own sleeps count whole milliseconds.</summary>
internal static partial class MonotonicClock
{
    private const int ClockMonotonic = 1;
    private const int TimerAbsoluteTime = 1;
    private const int SetTimerSlack = 29; // PR_SET_TIMERSLACK
    private const long Second = 1_000_000_000;

    /// <summary>Now, in nanoseconds.</summary>
    public static long Now => Stopwatch.GetTimestamp() * (Second / Stopwatch.Frequency);

    /// <summary>A time span in nanoseconds.</summary>
    public static long Nanoseconds(TimeSpan time) => time.Ticks * 100;

    /// <summary>Lets the calling thread's sleeps end when they should and not 50 µs later (prctl(2), timer slack).</summary>
    public static void BePrecise() => _ = Control(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Sleeps until <paramref name="time"/>, in nanoseconds; not at all when it is past.</summary>
    public static unsafe void SleepUntil(long time)
    {
        Timespec until = new() { Seconds = time / Second, Nanoseconds = time % Second };
        while (Now < time) _ = Sleep(ClockMonotonic, TimerAbsoluteTime, &until, null);
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static unsafe partial int Sleep(int clock, int flags, Timespec* request, Timespec* remain);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
