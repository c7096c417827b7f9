using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// A host's SFTP sessions. Everything about names goes over the first, in whose order it stays; the content of files goes
/// over all of them. Losing the first is losing the host; what another one carried is done again by the first.
/// </summary>
internal sealed class SftpLanes(SftpClient first)
{
    private readonly Lock _lock = new();
    private volatile SftpLane[] _live = [new(first)];

    /// <summary>Is told why a session other than the first was lost; null for nobody.</summary>
    public Action<string>? Lost { get; set; }

    /// <summary>The sessions that are there, the first in front.</summary>
    public IReadOnlyList<SftpLane> Live => _live;

    public SftpLane First => _live[0];

    public void Add(SftpLane lane)
    {
        lock (_lock) _live = [.. _live, lane];
    }

    /// <summary>Gives up a session that failed.</summary>
    /// <returns>False for the first: its failure is the host's.</returns>
    public bool Drop(SftpLane lane, Exception failure)
    {
        lock (_lock)
        {
            if (lane == First) return false;
            if (!Has(lane)) return true;
            _live = Array.FindAll(_live, live => live != lane);
        }
        Lost?.Invoke(failure.Message);
        return true;
    }

    /// <summary>The session with the least under way; the first of those that are equal.</summary>
    public SftpLane Choose()
    {
        SftpLane[] live = _live;
        SftpLane best = live[0];
        foreach (SftpLane lane in live)
        {
            if (lane.Load < best.Load) best = lane;
        }
        return best;
    }

    public bool Has(SftpLane lane) => Array.IndexOf(_live, lane) >= 0;
}
