using System.Globalization;

namespace SyncHop.Cli.Running;

/// <summary>What moved in a span of time, over all connections to one host.</summary>
/// <param name="Connections">How many there were.</param>
/// <param name="Elapsed">The span.</param>
/// <param name="Bytes">The bytes of the busier direction.</param>
/// <param name="ProcessorTime">The processor time this process took.</param>
internal readonly record struct ConnectionSample(int Connections, TimeSpan Elapsed, long Bytes, TimeSpan ProcessorTime)
{
    /// <summary>Bytes in a second.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Bytes / Elapsed.TotalSeconds : 0;
}

/// <summary>Decides whether one more connection to the final host is worth it.</summary>
/// <param name="roundTrip">From a question to its answer, through all hops; null when unknown.</param>
/// <param name="processors">The processors of this machine.</param>
internal sealed class ConnectionRule(TimeSpan? roundTrip, int processors)
{
    /// <summary>More connections than this only compete.</summary>
    public const int Most = 8;

    /// <summary>
    /// What OpenSSH's channels let be under way, in bytes: a connection cannot move more in a round trip, nor its gateway's channel, which
    /// two channels share.
    /// </summary>
    public const int Window = 2 << 20;

    /// <summary>A connection that moves this share of the window in each round trip is held up by it.</summary>
    private const double FullShare = 0.6;

    /// <summary>One more connection must bring this much more, or it was the last; where there are many, less: <see cref="WorthItOfShare"/>.</summary>
    private const double WorthIt = 0.1;

    /// <summary>Of what one of those before it moves, one more must bring this part at least.</summary>
    private const double WorthItOfShare = 0.4;

    /// <summary>The share of a processor that a connection takes when its cipher is what limits it.</summary>
    private const double FullProcessor = 0.9;

    /// <summary>On shorter links the window is not what limits.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    private ConnectionSample _before;
    private ConnectionSample _latest;

    /// <summary>Why there will be no more; null while there may be.</summary>
    public string? Ended { get; private set; }

    /// <summary>What holds the connections up, for the user; null when nothing does that another one could help.</summary>
    /// <param name="sample">What moved since the last question, none of it over a connection that was just opened.</param>
    public string? Obstacle(in ConnectionSample sample)
    {
        if (sample.Connections > _latest.Connections) _before = _latest;
        _latest = sample;
        if (Ended is not null) return null;
        if (sample.Connections >= Most)
        {
            Ended = $"{Most} are the most";
            return null;
        }
        string? obstacle = WindowObstacle(sample) ?? CipherObstacle(sample);
        if (obstacle is null || sample.Rate >= _before.Rate * (1 + Math.Min(WorthIt, WorthItOfShare / Math.Max(1, _before.Connections)))) return obstacle;
        Ended = string.Create(
            CultureInfo.InvariantCulture,
            $"{sample.Connections} move {sample.Rate / 1e6:F1} MB/s, {_before.Connections} moved {_before.Rate / 1e6:F1}");
        return null;
    }

    private string? WindowObstacle(in ConnectionSample sample)
    {
        if (roundTrip is not { } time || time < Short) return null;
        double perTrip = sample.Rate / sample.Connections * time.TotalSeconds;
        return perTrip < FullShare * Window ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"each moves {perTrip / (1 << 20):F1} MiB in a round trip of {time.TotalMilliseconds:F0} ms, and a window has 2 MiB");
    }

    /// <summary>One connection is one core's work at most; another one needs a core for itself and one for whatever else runs.</summary>
    private string? CipherObstacle(in ConnectionSample sample)
    {
        double cores = sample.ProcessorTime / sample.Elapsed;
        return cores >= FullProcessor * sample.Connections && processors - cores >= 2
            ? string.Create(CultureInfo.InvariantCulture, $"they take {cores:F1} of {processors} processors")
            : null;
    }
}
