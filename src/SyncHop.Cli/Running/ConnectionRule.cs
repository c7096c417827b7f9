namespace SyncHop.Cli.Running;

/// <summary>What moved in a span of time, over all connections to one host.</summary>
/// <param name="Elapsed">The span.</param>
/// <param name="Bytes">The bytes of the busier direction.</param>
/// <param name="ProcessorTime">The processor time this process took.</param>
internal readonly record struct ConnectionSample(TimeSpan Elapsed, long Bytes, TimeSpan ProcessorTime);

/// <summary>Decides whether one more connection to the final host is worth it.</summary>
/// <param name="roundTrip">From a question to its answer, through all hops; null when unknown.</param>
/// <param name="processors">The processors of this machine.</param>
internal sealed class ConnectionRule(TimeSpan? roundTrip, int processors)
{
    /// <summary>More connections than this only compete.</summary>
    public const int Most = 8;

    /// <summary>What OpenSSH's channels let be under way, in bytes: a connection cannot move more in a round trip.</summary>
    private const double Window = 2 << 20;

    /// <summary>A connection that moves this share of the window in each round trip is held up by it.</summary>
    private const double FullShare = 0.6;

    /// <summary>One more connection must bring this much more, or it was the last.</summary>
    private const double WorthIt = 1.1;

    /// <summary>On shorter links the window is not what limits.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    private double _before;
    private bool _ended;

    /// <summary>Whether no sample will lead to another connection.</summary>
    public bool HasEnded => _ended;

    /// <summary>Whether to open one more.</summary>
    /// <param name="connections">How many there are.</param>
    /// <param name="sample">What moved since the last question, or since the last connection was added.</param>
    public bool WantsMore(int connections, in ConnectionSample sample)
    {
        if (connections >= Most) _ended = true;
        double rate = sample.Bytes / sample.Elapsed.TotalSeconds;
        if (_ended || !(IsHeldUpByWindow(rate / connections) || IsHeldUpByCipher(connections, sample))) return false;
        if (rate < _before * WorthIt)
        {
            _ended = true;
            return false;
        }
        _before = rate;
        return true;
    }

    private bool IsHeldUpByWindow(double rate) =>
        roundTrip is { } time && time >= Short && rate * time.TotalSeconds >= FullShare * Window;

    /// <summary>One connection is one core's work at most; another one needs a core for itself and one for whatever else runs.</summary>
    private bool IsHeldUpByCipher(int connections, in ConnectionSample sample)
    {
        double cores = sample.ProcessorTime / sample.Elapsed;
        return cores >= 0.9 * connections && processors - cores >= 2;
    }
}
