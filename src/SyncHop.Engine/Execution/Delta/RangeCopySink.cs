using SyncHop.Delta;
using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>Makes a new file: ranges of the basis are copied by the host itself, the rest is written.</summary>
internal sealed class RangeCopySink(ITargetFile target, ISourceFile basis, CopiedSample sample) : IContentSink
{
    /// <summary>The server answers nobody while it copies: milliseconds for that many bytes, also from a slow disk less than a second.</summary>
    private const int LongestCopy = 4 << 20;

    private long _from, _to, _length;

    public async ValueTask AddAsync(long offset, DeltaCommand command, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        if (!command.IsCopy)
        {
            await FlushAsync(cancellation).ConfigureAwait(false);
            await target.WriteAsync(offset, data, cancellation).ConfigureAwait(false);
            return;
        }
        sample.Add(offset, data.Span);
        if (_length > 0 && command.BasisOffset == _from + _length)
        {
            _length += command.Length;
        }
        else
        {
            await FlushAsync(cancellation).ConfigureAwait(false);
            (_from, _to, _length) = (command.BasisOffset, offset, command.Length);
        }
        while (_length >= LongestCopy) await CopyAsync(LongestCopy, cancellation).ConfigureAwait(false);
    }

    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (_length > 0) await CopyAsync(_length, cancellation).ConfigureAwait(false);
    }

    private async ValueTask CopyAsync(long length, CancellationToken cancellation)
    {
        try
        {
            await target.CopyFromAsync(basis, _from, length, _to, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure) when (failure.Operation == "read")
        {
            // Not the sender's file: the one that is there.
            throw new ReplicaException(failure.Error, "read errors mapping", failure.Reason);
        }
        _from += length;
        _to += length;
        _length -= length;
    }
}
