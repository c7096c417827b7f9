using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// The handles of one open file: the one it was opened with, and others on further sessions, opened by name when the file
/// turns out to be large. A session on which the name does not open the same kind of file is left out.
/// </summary>
internal sealed class LaneHandles(SftpLanes lanes, SftpLane home, SftpHandle handle, byte[] path, SftpOpenFlags flags)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SftpLane, Task<SftpHandle?>> _others = [];
    private SftpLane _home = home;
    private SftpHandle _handle = handle;

    public SftpLanes Lanes => lanes;

    public SftpLane Home => _home;

    public SftpHandle HomeHandle => _handle;

    /// <summary>Whether all of the file goes over the host's first session.</summary>
    public bool IsOnFirstAlone
    {
        get
        {
            lock (_lock) return _home == lanes.First && _others.Count == 0;
        }
    }

    /// <summary>Where the next piece goes: the least busy of the sessions that have the file open.</summary>
    /// <param name="spread">Whether the file is worth opening on every session; that goes on beside.</param>
    public (SftpLane Lane, SftpHandle Handle) Pick(bool spread)
    {
        if (!spread) return (_home, _handle);
        (SftpLane Lane, SftpHandle Handle) best = (_home, _handle);
        lock (_lock)
        {
            foreach (SftpLane lane in lanes.Live)
            {
                if (lane == _home) continue;
                if (!_others.TryGetValue(lane, out Task<SftpHandle?>? opening)) _others.Add(lane, opening = OpenAsync(lane));
                if (opening is { IsCompletedSuccessfully: true, Result: { } other } && lane.Load < best.Lane.Load) best = (lane, other);
            }
        }
        return best;
    }

    /// <summary>The file on the host's first session.</summary>
    /// <exception cref="ReplicaException">The name does not open the same file any more.</exception>
    public async Task<SftpHandle> OnFirstAsync()
    {
        Task<SftpHandle?> opening;
        lock (_lock)
        {
            if (_home == lanes.First) return _handle;
            if (!_others.TryGetValue(lanes.First, out opening!)) _others.Add(lanes.First, opening = OpenAsync(lanes.First));
        }
        return await opening.ConfigureAwait(false)
            ?? throw new ReplicaException(ReplicaError.Other, "open", "the file cannot be opened again on another connection");
    }

    /// <summary>Makes the first session the file's own, after another was lost.</summary>
    public async Task FallBackAsync()
    {
        lanes.Drop(_home);
        SftpHandle onFirst = await OnFirstAsync().ConfigureAwait(false);
        lock (_lock)
        {
            _others.Remove(lanes.First);
            (_home, _handle) = (lanes.First, onFirst);
        }
    }

    /// <summary>Closes the file on all sessions but its own.</summary>
    /// <exception cref="SftpException">A server reports a failure.</exception>
    public async Task CloseOthersAsync()
    {
        KeyValuePair<SftpLane, Task<SftpHandle?>>[] others;
        lock (_lock)
        {
            others = [.. _others];
            _others.Clear();
        }
        await Task.WhenAll(others.Select(static other => CloseAsync(other.Key, other.Value))).ConfigureAwait(false);
    }

    private static async Task CloseAsync(SftpLane lane, Task<SftpHandle?> opening)
    {
        if (await opening.ConfigureAwait(false) is not { IsClosed: false } handle) return;
        try
        {
            await lane.Client.CloseAsync(handle).ConfigureAwait(false);
        }
        catch (SftpConnectionException)
        {
            // What was written has been acknowledged.
        }
    }

    private async Task<SftpHandle?> OpenAsync(SftpLane lane)
    {
        // SFTP v3 follows a symlink in OPEN, so the name is looked at in the same burst, as for any other open by name.
        Task<SftpAttributes> look = lane.Client.LStatAsync(path).AsTask();
        Task<SftpHandle> opening = lane.Client.OpenAsync(path, flags).AsTask();
        await Task.WhenAll(look, opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!opening.IsCompletedSuccessfully) return null;
        SftpHandle other = await opening.ConfigureAwait(false);
        try
        {
            if (look.IsCompletedSuccessfully && SftpStat.ToStat(await look.ConfigureAwait(false)).IsRegular
                && (flags != SftpOpenFlags.Read || await IsSameAsync(lane, other).ConfigureAwait(false)))
                return other;
            await lane.Client.CloseAsync(other).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SftpException or SftpConnectionException)
        {
            // A session more or less: the file is there without it.
        }
        return null;
    }

    /// <summary>A file that is read may have been replaced by another since it was opened.</summary>
    private async Task<bool> IsSameAsync(SftpLane lane, SftpHandle other)
    {
        Task<SftpAttributes> there = lane.Client.FStatAsync(other).AsTask();
        FileStat? here = lanes.Has(_home) ? SftpStat.ToStat(await _home.Client.FStatAsync(_handle).ConfigureAwait(false)) : Known;
        return here is { } known && known with { AtimeSeconds = 0 } == SftpStat.ToStat(await there.ConfigureAwait(false)) with { AtimeSeconds = 0 };
    }

    /// <summary>What the file was like when somebody last looked, for when its own session is lost.</summary>
    public FileStat? Known { get; set; }
}
