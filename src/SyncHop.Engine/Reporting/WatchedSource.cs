using System.Diagnostics;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;

namespace SyncHop.Engine.Reporting;

/// <summary>A source file whose reads are shown as progress.</summary>
/// <param name="source">The file.</param>
/// <param name="item">What it is in the transfer.</param>
/// <param name="place">Where its line goes.</param>
/// <param name="head">What stands before the progress; null when names are not shown.</param>
/// <param name="lineIsLast">Whether the place's line comes behind the progress, and <paramref name="head"/> is another one.</param>
/// <param name="lines">Shows it.</param>
/// <param name="meter">Counts.</param>
internal sealed class WatchedSource(
    ISourceFile source, PlanItem item, OrderedLines.Place place, byte[]? head, bool lineIsLast, OrderedLines lines, ProgressMeter meter) : ISourceFile
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _read, _shownAt = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public ValueTask<FileStat> StatAsync(CancellationToken cancellation) => source.StatAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        int count = await source.ReadAsync(offset, buffer, cancellation).ConfigureAwait(false);
        long read = Interlocked.Add(ref _read, count);
        meter.CountSent(count);
        if (meter.IsTotal)
        {
            if (meter.IsDue()) lines.ShowStatus(meter.OfTransfer());
        }
        else if (IsDue())
        {
            lines.Show(place, head, meter.OfFile(read, Math.Max(item.Source.Size, read), Stopwatch.GetElapsedTime(_started)));
        }
        return count;
    }

    /// <inheritdoc/>
    public ValueTask<BlockHashes?> HashAsync(long offset, long length, int blockLength, CancellationToken cancellation) =>
        source.HashAsync(offset, length, blockLength, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>Has the place's line end with the figures of the file that is done.</summary>
    public void Finish()
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_started);
        if (meter.IsTotal)
        {
            meter.Finish(item.ListIndex);
            return;
        }
        if (lineIsLast) (place.Head, place.IsLast) = (head, true);
        place.Tail = isShown => meter.OfFinishedFile(item.ListIndex, item.Source.Size, elapsed, isShown);
    }

    private bool IsDue()
    {
        long shown = Interlocked.Read(ref _shownAt);
        return Stopwatch.GetElapsedTime(shown) >= ProgressMeter.Interval
            && Interlocked.CompareExchange(ref _shownAt, Stopwatch.GetTimestamp(), shown) == shown;
    }
}
