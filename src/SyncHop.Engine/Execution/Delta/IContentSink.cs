using SyncHop.Delta;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>Takes a new file's content in order, knowing for each piece whether the basis has it.</summary>
internal interface IContentSink
{
    /// <summary>Adds the next piece.</summary>
    /// <param name="offset">Where it goes in the new file.</param>
    /// <param name="command">Where the basis has it, or that it has not.</param>
    /// <param name="data">The content itself; valid until the task completes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask AddAsync(long offset, DeltaCommand command, ReadOnlyMemory<byte> data, CancellationToken cancellation);

    /// <summary>Hands on what is held back, after the last piece.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);
}
