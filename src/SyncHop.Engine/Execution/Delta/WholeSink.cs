using SyncHop.Delta;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>Writes everything.</summary>
internal sealed class WholeSink(ITargetFile target) : IContentSink
{
    public ValueTask AddAsync(long offset, DeltaCommand command, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        target.WriteAsync(offset, data, cancellation);

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}
