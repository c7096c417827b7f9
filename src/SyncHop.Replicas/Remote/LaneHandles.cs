using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// The handles of one open file: the one it was opened with, and others on further sessions, opened by name when the file
/// turns out to be large. A session on which the name does not open the same file is left out.
/// </summary>
/// <param name="lanes">The host's sessions.</param>
/// <param name="home">The session it was opened on.</param>
/// <param name="handle">The open file there.</param>
/// <param name="path">Its name.</param>
/// <param name="flags">How it is opened by that name: to read, or to write.</param>
internal sealed class LaneHandles(SftpLanes lanes, SftpLane home, SftpHandle handle, byte[] path, SftpOpenFlags flags)
{
    /// <summary>From here on a file is large: the other sessions' round trips for opening it are worth it.</summary>
    public const long SpreadFrom = 2 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<SftpLane, Task<SftpHandle?>> _others = [];
    private (SftpLane Lane, SftpHandle Handle) _home = (home, handle);

    public SftpLanes Lanes => lanes;

    /// <summary>The session the file belongs to, with its handle: what is about the file as a whole goes over it.</summary>
    public (SftpLane Lane, SftpHandle Handle) Home
    {
        get
        {
            lock (_lock) return _home;
        }
    }

    /// <summary>Whether all of the file goes over one session, in whose order it stays.</summary>
    public bool IsOnOneSession
    {
        get
        {
            lock (_lock) return _others.Count == 0;
        }
    }

    /// <summary>What the file was like when somebody last looked, for when its own session is lost.</summary>
    public FileStat? Known { get; set; }

    /// <summary>Where the next piece goes: the least busy of the sessions that have the file open.</summary>
    /// <param name="spread">Whether the file is worth opening on every session; that goes on beside.</param>
    public ValueTask<(SftpLane Lane, SftpHandle Handle)> PickAsync(bool spread)
    {
        IReadOnlyList<SftpLane> live = lanes.Live;
        lock (_lock)
        {
            if (!lanes.Has(_home.Lane)) return new ValueTask<(SftpLane, SftpHandle)>(MoveHomeAsync());
            (SftpLane Lane, SftpHandle Handle) best = _home;
            if (!spread || live.Count == 1) return ValueTask.FromResult(best);
            foreach (SftpLane lane in live)
            {
                if (lane == _home.Lane) continue;
                if (!_others.TryGetValue(lane, out Task<SftpHandle?>? opening)) _others.Add(lane, opening = OpenAsync(lane));
                if (opening is { IsCompletedSuccessfully: true, Result: { } other } && lane.Load < best.Lane.Load) best = (lane, other);
            }
            return ValueTask.FromResult(best);
        }
    }

    /// <summary>The file on the host's first session.</summary>
    /// <exception cref="ReplicaException">The name does not open the same file any more.</exception>
    /// <exception cref="ReplicaLostException">The first session is lost.</exception>
    public async Task<SftpHandle> OnFirstAsync()
    {
        Task<SftpHandle?> opening;
        lock (_lock)
        {
            if (_home.Lane == lanes.First) return _home.Handle;
            if (!_others.TryGetValue(lanes.First, out opening!)) _others.Add(lanes.First, opening = OpenAsync(lanes.First));
        }
        return await opening.ConfigureAwait(false)
            ?? throw new ReplicaException(ReplicaError.Other, "open", "the file cannot be opened again after its connection was lost");
    }

    /// <summary>Makes the first session the file's own, after another was lost.</summary>
    /// <exception cref="ReplicaException">The name does not open the same file any more.</exception>
    public async Task<(SftpLane Lane, SftpHandle Handle)> MoveHomeAsync()
    {
        SftpHandle onFirst = await OnFirstAsync().ConfigureAwait(false);
        lock (_lock)
        {
            _others.Remove(lanes.First);
            _home = (lanes.First, onFirst);
            return _home;
        }
    }

    /// <summary>Closes the file on all sessions but its own.</summary>
    /// <exception cref="SftpException">A server reports a failure.</exception>
    public Task CloseOthersAsync()
    {
        KeyValuePair<SftpLane, Task<SftpHandle?>>[] others;
        lock (_lock)
        {
            if (_others.Count == 0) return Task.CompletedTask;
            others = [.. _others];
            _others.Clear();
        }
        return Task.WhenAll(others.Select(other => CloseAsync(other.Key, other.Value)));
    }

    private async Task CloseAsync(SftpLane lane, Task<SftpHandle?> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!opening.IsCompletedSuccessfully || await opening.ConfigureAwait(false) is not { IsClosed: false } handle) return;
        try
        {
            await lane.Client.CloseAsync(handle).ConfigureAwait(false);
        }
        catch (SftpConnectionException lost)
        {
            // What was written has been acknowledged; the next file need not find out again.
            lanes.Drop(lane, lost);
        }
    }

    /// <summary>Opens the file by its name.</summary>
    /// <returns>null when that is not the same file, or the session refuses.</returns>
    private async Task<SftpHandle?> OpenAsync(SftpLane lane)
    {
        // SFTP v3 follows a symlink in OPEN, so the name is looked at in the same burst, as for any other open by name.
        Task<SftpAttributes> look = lane.Client.LStatAsync(path).AsTask();
        Task<SftpHandle> opening = lane.Client.OpenAsync(path, flags).AsTask();
        await Task.WhenAll(look, opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.Exception?.InnerException is SftpConnectionException gone)
            return lanes.Drop(lane, gone) ? null : throw SftpErrors.Translate(gone, "open");
        if (!opening.IsCompletedSuccessfully) return null;
        SftpHandle other = await opening.ConfigureAwait(false);
        try
        {
            if (look.IsCompletedSuccessfully && SftpStat.ToStat(await look.ConfigureAwait(false)).IsRegular
                && (flags != SftpOpenFlags.Read || await IsSameAsync(lane, other).ConfigureAwait(false)))
            {
                return other;
            }
            await lane.Client.CloseAsync(other).ConfigureAwait(false);
        }
        catch (SftpConnectionException lost)
        {
            lanes.Drop(lane, lost);
        }
        catch (SftpException)
        {
            // A session more or less: the file is there without it.
        }
        return null;
    }

    /// <summary>A file that is read may have been replaced by another since it was opened.</summary>
    private async Task<bool> IsSameAsync(SftpLane lane, SftpHandle other)
    {
        Task<SftpAttributes> there = lane.Client.FStatAsync(other).AsTask();
        Task<FileStat?> look = LookHereAsync();
        await Task.WhenAll(there, look).ConfigureAwait(false);
        FileStat? here = await look.ConfigureAwait(false);
        FileStat found = SftpStat.ToStat(await there.ConfigureAwait(false));
        // Nobody has learned anything of the file yet: then it may be any.
        return here is not { } known || known with { AtimeSeconds = 0 } == found with { AtimeSeconds = 0 };
    }

    private async Task<FileStat?> LookHereAsync()
    {
        (SftpLane lane, SftpHandle handle) = Home;
        try
        {
            if (lanes.Has(lane)) return SftpStat.ToStat(await lane.Client.FStatAsync(handle).ConfigureAwait(false));
        }
        catch (SftpConnectionException lost) when (lanes.Drop(lane, lost))
        {
        }
        return Known;
    }
}
