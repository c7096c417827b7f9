using System.Globalization;
using System.Runtime.InteropServices;
using SyncHop.Engine;

namespace SyncHop.Cli.Terminal;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP end the run: the first one cancels it, so that temporary files are removed, the second one ends
/// the process at once. A signal that was ignored when the program started (nohup(1)) stays ignored.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action _beforeExit;
    private int _received;

    /// <summary>Begins to watch for signals.</summary>
    /// <param name="beforeExit">Called before a second signal ends the process: restores the terminal.</param>
    public Signals(Action beforeExit)
    {
        _beforeExit = beforeExit;
        ulong ignored = IgnoredMask();
        Watch(PosixSignal.SIGHUP, 1);
        Watch(PosixSignal.SIGINT, 2);
        Watch(PosixSignal.SIGTERM, 15);

        void Watch(PosixSignal signal, int number)
        {
            bool isIgnored = (ignored >> (number - 1) & 1) != 0;
            if (!isIgnored) _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
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
        if (Interlocked.Increment(ref _received) == 1)
        {
            Cancel(); // Not on this thread: a callback that blocks must not keep the second signal waiting.
            return;
        }

        _beforeExit();
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
