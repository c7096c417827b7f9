using System.Buffers;
using System.IO.Pipelines;
using SyncHop.Engine;

namespace SyncHop.Cli.Running;

/// <summary>A channel through which bytes pass at a limited rate, each way (<c>--bwlimit</c>).</summary>
internal sealed class ThrottledChannel : IDuplexPipe
{
    private readonly Pipe _sending = new(), _receiving = new();

    /// <param name="inner">The channel.</param>
    /// <param name="limits">The rates of the two directions; channels that share them are limited together.</param>
    public ThrottledChannel(IDuplexPipe inner, (RateLimit Sending, RateLimit Receiving) limits)
    {
        _ = PumpAsync(_sending.Reader, inner.Output, limits.Sending);
        _ = PumpAsync(inner.Input, _receiving.Writer, limits.Receiving);
    }

    /// <inheritdoc/>
    public PipeReader Input => _receiving.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => _sending.Writer;

    private static async Task PumpAsync(PipeReader from, PipeWriter to, RateLimit limit)
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                ReadResult result = await from.ReadAsync().ConfigureAwait(false);
                bool isWanted = await PassAsync(result.Buffer, to, limit).ConfigureAwait(false);
                from.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || !isWanted) break;
            }
        }
        catch (Exception broken)
        {
            // The other end of the pipe is told, as if the channel were its own.
            failure = broken;
        }
        await from.CompleteAsync(failure).ConfigureAwait(false);
        await to.CompleteAsync(failure).ConfigureAwait(false);
    }

    private static async ValueTask<bool> PassAsync(ReadOnlySequence<byte> bytes, PipeWriter to, RateLimit limit)
    {
        while (!bytes.IsEmpty)
        {
            int step = (int)Math.Min(bytes.Length, limit.Step);
            await limit.TakeAsync(step).ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> part in bytes.Slice(0, step)) to.Write(part.Span);
            bytes = bytes.Slice(step);
            FlushResult flushed = await to.FlushAsync().ConfigureAwait(false);
            if (flushed.IsCompleted || flushed.IsCanceled) return false;
        }
        return true;
    }
}
