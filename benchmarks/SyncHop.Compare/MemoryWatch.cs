using System.Globalization;

namespace SyncHop.Compare;

/// <summary>
/// Looks at a program's processes while they run and keeps the largest peak (VmHWM in /proc/PID/status, proc(5)). What
/// wait4(2) says is of no use here: a process counts the memory of the one that started it, which is ours.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private long _peak;

    /// <param name="pid">The program; what it starts is found from there.</param>
    public MemoryWatch(int pid) => _timer = new Timer(_ => Look(pid), null, Interval, Interval);

    /// <summary>The largest resident size of one process so far, in bytes.</summary>
    public long PeakBytes
    {
        get
        {
            lock (_lock) return _peak;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look(int pid)
    {
        if (!_lock.TryEnter()) return;
        try
        {
            Visit(pid);
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void Visit(int pid)
    {
        try
        {
            foreach (string line in File.ReadLines($"/proc/{pid}/status"))
            {
                if (!line.StartsWith("VmHWM:", StringComparison.Ordinal)) continue;
                _peak = Math.Max(_peak, 1024 * long.Parse(line.AsSpan(6, line.Length - 9), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture));
                break;
            }
            string children = File.ReadAllText($"/proc/{pid}/task/{pid}/children");
            foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Visit(int.Parse(child, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // It ended meanwhile.
        }
    }
}
