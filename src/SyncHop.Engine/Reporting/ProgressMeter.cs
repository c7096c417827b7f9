using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SyncHop.Engine.Reporting;

/// <summary>
/// How far the transfer is, for <c>--progress</c> and <c>--info=progress2</c>: what has been listed, how many files have been
/// sent, and the texts in rsync's form.
/// </summary>
/// <param name="total">Whether the whole transfer's progress is shown and not each file's.</param>
/// <param name="humanReadable">The level of <c>--human-readable</c>.</param>
internal sealed class ProgressMeter(bool total, int humanReadable)
{
    /// <summary>rsync shows progress once a second.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    private readonly long _started = Stopwatch.GetTimestamp();
    private long _listed, _listedBytes, _sentBytes, _shownAt;
    private int _transferred;
    private long _lastIndex = -1;
    private volatile bool _complete;

    /// <summary>Whether the whole transfer's progress is shown and not each file's.</summary>
    public bool IsTotal { get; } = total;

    /// <summary>How many entries of the source's file list are known.</summary>
    public long Listed => Interlocked.Read(ref _listed);

    /// <summary>Counts entries of the file list.</summary>
    /// <param name="entries">How many.</param>
    /// <param name="bytes">The length of all that is listed so far.</param>
    public void CountListed(int entries, long bytes)
    {
        Interlocked.Add(ref _listed, entries);
        Interlocked.Exchange(ref _listedBytes, bytes);
    }

    /// <summary>Notes that nothing will be added to the file list.</summary>
    public void EndOfList() => _complete = true;

    /// <summary>Counts bytes of content that were sent.</summary>
    public void CountSent(long bytes) => Interlocked.Add(ref _sentBytes, bytes);

    /// <summary>Whether it is time to show the whole transfer's progress again.</summary>
    public bool IsDue()
    {
        long shown = Interlocked.Read(ref _shownAt);
        bool due = shown == 0 || Stopwatch.GetElapsedTime(shown) >= Interval;
        return due && Interlocked.CompareExchange(ref _shownAt, Stopwatch.GetTimestamp(), shown) == shown;
    }

    /// <summary>One file's progress; without the newline.</summary>
    public byte[] OfFile(long sent, long size, TimeSpan elapsed) => Encoding.ASCII.GetBytes(Figures(sent, size, elapsed, isLast: false) + "  ");

    /// <summary>A file that is done: counts it.</summary>
    /// <param name="index">Its position in the file list.</param>
    /// <param name="size">Its length in bytes.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="isShown">Whether its progress was shown already.</param>
    public byte[] OfFinishedFile(long index, long size, TimeSpan elapsed, bool isShown)
    {
        Finish(index);
        string first = isShown ? "" : Figures(Math.Min(size, FirstBlock), size, elapsed, isLast: false) + "  ";
        return Encoding.ASCII.GetBytes(first + Figures(size, size, elapsed, isLast: true) + Counts() + "\n");
    }

    /// <summary>A file that is done, where only the whole transfer is shown.</summary>
    public void Finish(long index)
    {
        _transferred++;
        _lastIndex = Math.Max(_lastIndex, index);
    }

    /// <summary>The whole transfer's progress; without the newline.</summary>
    public byte[] OfTransfer()
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_started);
        return Encoding.ASCII.GetBytes(
            Figures(Interlocked.Read(ref _sentBytes), Interlocked.Read(ref _listedBytes), elapsed, isLast: true) + Counts());
    }

    /// <summary>The whole transfer's progress at its end.</summary>
    public byte[] OfEnd()
    {
        _lastIndex = Listed - 1;
        return [.. OfTransfer(), (byte)'\n'];
    }

    // What rsync shows first of a file: the first block it sends.
    private const long FirstBlock = 32768;

    private string Counts() => string.Create(
        CultureInfo.InvariantCulture, $" (xfr#{_transferred}, {(_complete ? "to" : "ir")}-chk={Math.Max(0, Listed - _lastIndex - 1)}/{Listed})");

    private string Figures(long sent, long size, TimeSpan elapsed, bool isLast)
    {
        double rate = elapsed.TotalSeconds > 0 ? sent / 1024.0 / elapsed.TotalSeconds : 0;
        double remaining = isLast || rate <= 0 ? elapsed.TotalSeconds : (size - sent) / 1024.0 / rate;
        string unit = "kB/s";
        foreach (string larger in (ReadOnlySpan<string>)["MB/s", "GB/s"])
        {
            if (rate < 1024) break;
            rate /= 1024;
            unit = larger;
        }
        long percent = size == 0 || sent >= size ? 100 : (long)(100.0 * sent / size);
        string count = NumberFormat.Count(sent, humanReadable);
        return string.Create(CultureInfo.InvariantCulture, $"\r{count,15} {percent,3}% {rate,7:F2}{unit} {Time(remaining)}");
    }

    private static string Time(double seconds)
    {
        const double longest = 9999.0 * 3600;
        if (!(seconds >= 0 && seconds <= longest)) return "  ??:??:??";
        long whole = (long)seconds;
        return string.Create(CultureInfo.InvariantCulture, $"{whole / 3600,4}:{whole / 60 % 60:D2}:{whole % 60:D2}");
    }
}
