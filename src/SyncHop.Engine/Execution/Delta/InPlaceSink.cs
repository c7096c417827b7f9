using SyncHop.Delta;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>
/// Changes a file where it is: what it has at the very place is left alone, everything else is written. What it has elsewhere is
/// written too, since it may have been written over by then.
/// </summary>
internal sealed class InPlaceSink(ITargetFile target, CopiedSample sample) : IContentSink
{
    /// <summary>Bytes that were left alone.</summary>
    public long Kept { get; private set; }

    public async ValueTask AddAsync(long offset, DeltaCommand command, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        if (command.BasisOffset != offset)
        {
            await target.WriteAsync(offset, data, cancellation).ConfigureAwait(false);
            return;
        }
        sample.Add(offset, data.Span);
        Kept += data.Length;
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}
