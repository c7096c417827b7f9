namespace SyncHop.Cli.Live;

/// <summary>Throughput over the last seconds: what a user takes for the present one, without its leaps.</summary>
internal sealed class RateWindow
{
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(5);

    private readonly Queue<(TimeSpan At, long Bytes)> _samples = new();

    /// <summary>Takes a sample.</summary>
    /// <param name="at">When, not before the last one.</param>
    /// <param name="bytes">How many bytes have passed in all by then.</param>
    /// <returns>Bytes a second.</returns>
    public double Add(TimeSpan at, long bytes)
    {
        while (_samples.Count > 1 && at - _samples.Peek().At > s_length) _samples.Dequeue();
        _samples.Enqueue((at, bytes));
        (TimeSpan first, long before) = _samples.Peek();
        return at > first ? Math.Max(0, bytes - before) / (at - first).TotalSeconds : 0;
    }
}
