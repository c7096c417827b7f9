using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using SyncHop.Engine;

namespace SyncHop.Cli.Terminal;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP end the run: the first one cancels it, so that temporary files are removed; one that comes more than
/// <see cref="Grace"/> later ends the process at once. SIGTSTP (^Z) stops it when the terminal is as it was. A signal that was ignored
/// when the program started (nohup(1)) stays ignored.
/// </summary>
internal sealed class Signals : IDisposable
{
    // timeout(1) signals its child and then its group, and a shell and its terminal may both pass one on: that is one wish, not two.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action _beforeExit;
    private readonly Action _exit;
    private readonly Action<Action> _suspend;
    private readonly TimeProvider _clock;
    private long _first;

    /// <summary>Begins to watch for signals.</summary>
    /// <param name="beforeExit">Called before a second signal ends the process: restores the terminal.</param>
    /// <param name="suspend">Is given what stops the process, and calls it between restoring the terminal and taking it again; null for nothing around it.</param>
    /// <param name="exit">Ends the process; null for the usual way, with a line on standard error.</param>
    /// <param name="clock">Tells signals apart that belong together; null for the system's.</param>
    public Signals(Action beforeExit, Action<Action>? suspend = null, Action? exit = null, TimeProvider? clock = null)
    {
        (_beforeExit, _suspend, _exit, _clock) = (beforeExit, suspend ?? (static stop => stop()), exit ?? ExitAtOnce, clock ?? TimeProvider.System);
        ulong ignored = IgnoredMask();
        Watch(PosixSignal.SIGHUP, 1, OnSignal);
        Watch(PosixSignal.SIGINT, 2, OnSignal);
        Watch(PosixSignal.SIGTERM, 15, OnSignal);
        if (!OperatingSystem.IsWindows()) Watch(PosixSignal.SIGTSTP, 20, OnStop);

        void Watch(PosixSignal signal, int number, Action<PosixSignalContext> handler)
        {
            bool isIgnored = (ignored >> (number - 1) & 1) != 0;
            if (!isIgnored) _registrations.Add(PosixSignalRegistration.Create(signal, handler));
        }
    }

    /// <summary>Cancelled by the first signal, or by <see cref="Cancel"/>.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Ends the run for another reason than a signal.</summary>
    public void Cancel() => _cancellation.CancelAsync();

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        long now = Math.Max(1, _clock.GetTimestamp());
        long first = Interlocked.CompareExchange(ref _first, now, 0);
        if (first == 0)
        {
            Cancel(); // Not on this thread: a callback that blocks must not keep the second signal waiting.
            return;
        }

        if (_clock.GetElapsedTime(first, now) < Grace) return;
        _beforeExit();
        _exit();
    }

    private void OnStop(PosixSignalContext context)
    {
        context.Cancel = true;
        _suspend(Posix.StopByTerminal);
    }

    private static void ExitAtOnce()
    {
        const int standardError = 2;
        // A reader that is stuck may be why somebody loses patience: the line must not wait for it.
        if (Posix.WaitFor(standardError, Posix.PollOut, 0))
            Posix.WriteAll(standardError, Encoding.ASCII.GetBytes($"synchop {ExitCodeText.Describe(ExitCode.Signal)}\n"));
        Posix.ExitAtOnce((int)ExitCode.Signal);
    }

    /// <summary>The signals ignored by this process, bit N-1 for signal N (proc(5), SigIgn).</summary>
    private static ulong IgnoredMask()
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith("SigIgn:", StringComparison.Ordinal))
                    return ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No /proc: watch all of them.
        }

        return 0;
    }
}
