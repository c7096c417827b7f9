using SyncHop.Delta;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>
/// Changes a file where it is: what it has at the very place is left alone, everything else is written. What it has elsewhere is
/// written too, since it may have been written over by then.
/// </summary>
internal sealed class InPlaceSink(ITargetFile target, CopiedSample sample) : IContentSink
{
    private bool _hasWritten;
    private long _lastOffset;
    private byte _last;

    /// <summary>Bytes that were left alone.</summary>
    public long Kept { get; private set; }

    public async ValueTask AddAsync(long offset, DeltaCommand command, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        if (command.BasisOffset != offset)
        {
            _hasWritten = true;
            await target.WriteAsync(offset, data, cancellation).ConfigureAwait(false);
            return;
        }
        (_lastOffset, _last) = (offset + data.Length - 1, data.Span[^1]);
        sample.Add(offset, data.Span);
        Kept += data.Length;
    }

    /// <summary>Where nothing was written, writes the last byte once more: that gives the file the time of its file system's clock.</summary>
    public async ValueTask TouchAsync(CancellationToken cancellation)
    {
        if (!_hasWritten && Kept > 0) await target.WriteAsync(_lastOffset, new[] { _last }, cancellation).ConfigureAwait(false);
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}
