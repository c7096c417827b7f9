using System.Collections;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Execution.Resuming;

/// <summary>
/// What the attempts of one run know of each other when a lost connection is made again: how much of which file was proven to
/// be written, which files were finished, which backed up, and what was counted. The rest the next attempt sees by itself.
/// </summary>
public sealed class Resumption
{
    // 256 KiB: of ten million files thousands still fall on a bit that is free.
    private const int CountedBits = 1 << 21;

    private readonly Lock _lock = new();
    private readonly Dictionary<RelativePath, Beginning> _beginnings = [];
    private readonly HashSet<RelativePath> _beginningPaths = [];
    private readonly Dictionary<RelativePath, Identity> _finished = [];
    private readonly HashSet<RelativePath> _ours = [];
    private readonly Dictionary<RelativePath, long> _furthest = [];
    private readonly BitArray _counted = new(CountedBits);
    private byte[]? _localRoot;
    private bool _remembersFinished, _keepsBackups;
    private bool _hasProgressed;
    private volatile bool _isLost;

    private readonly record struct Identity(long Size, long Mtime, int Nanoseconds)
    {
        public static Identity Of(in FileStat source) => new(source.Size, source.MtimeSeconds, source.MtimeNanoseconds);
    }

    private readonly record struct Beginning(RelativePath Path, Identity Source, long Length);

    /// <summary>Whether the attempt under way has ended because a connection was lost: what is half done stays for the next.</summary>
    public bool IsLost => _isLost;

    /// <summary>Whether anything came to its end, or nearer to it, since the last time this was asked.</summary>
    public bool TakeProgress()
    {
        lock (_lock)
        {
            bool progressed = _hasProgressed;
            _hasProgressed = false;
            return progressed;
        }
    }

    /// <summary>Notes that a connection is lost.</summary>
    public void NoteLoss() => _isLost = true;

    /// <summary>Whether this is not the first attempt that got so far as to look at the trees.</summary>
    internal bool IsContinuation { get; private set; }

    /// <summary>What the attempts so far have counted; null before the first.</summary>
    internal Statistics? Counted { get; private set; }

    /// <summary>Begins an attempt.</summary>
    /// <param name="options">The run's options.</param>
    /// <param name="statistics">Its counts, which those of earlier attempts are part of.</param>
    internal void Begin(SyncOptions options, Statistics statistics)
    {
        // Otherwise their times tell; and what --delay-updates holds back is not finished.
        _remembersFinished = (!options.Times || options.IgnoreTimes) && !options.DelayUpdates;
        _keepsBackups = options.Backup;
        IsContinuation = Counted is not null;
        Counted = statistics;
        _isLost = false;
    }

    /// <summary>Notes how much of a file is written.</summary>
    /// <param name="destination">The tree it is in.</param>
    /// <param name="item">The file.</param>
    /// <param name="path">The name it has until it is complete.</param>
    /// <param name="length">How many bytes of its beginning are proven to be there.</param>
    internal void NoteBeginning(IReplica destination, PlanItem item, RelativePath path, long length)
    {
        lock (_lock)
        {
            if (destination.Host.Traits.IsLocal) _localRoot ??= destination.FullPath(RelativePath.Root);
            _beginnings[item.DestinationPath] = new Beginning(path, Identity.Of(item.Source), length);
            _beginningPaths.Add(path);
            // One that comes no further than before is none: a server may break at the same place each time.
            if (length <= _furthest.GetValueOrDefault(item.DestinationPath)) return;
            _furthest[item.DestinationPath] = length;
            _hasProgressed = true;
        }
    }

    /// <summary>Whether a name is that of a file which an earlier attempt began.</summary>
    internal bool IsBeginning(RelativePath path)
    {
        lock (_lock) return _beginningPaths.Contains(path);
    }

    /// <summary>Takes what an earlier attempt wrote of a file.</summary>
    /// <returns>Where it is, and how much of it is the source's as it is now: 0 when the source has changed. null when nothing was written.</returns>
    internal (RelativePath Path, long Length)? TakeBeginning(PlanItem item)
    {
        lock (_lock)
        {
            if (!_beginnings.Remove(item.DestinationPath, out Beginning beginning)) return null;
            _beginningPaths.Remove(beginning.Path);
            return (beginning.Path, beginning.Source == Identity.Of(item.Source) ? beginning.Length : 0);
        }
    }

    /// <summary>Notes that a file is finished.</summary>
    internal void NoteFinished(PlanItem item)
    {
        lock (_lock)
        {
            Count(item);
            if (_remembersFinished) _finished[item.DestinationPath] = Identity.Of(item.Source);
        }
    }

    /// <summary>Notes that an entry other than a file is made.</summary>
    internal void NoteMade(PlanItem item)
    {
        lock (_lock) Count(item);
    }

    // An entry that was finished before, and is sent anew as the server does not keep its time, is no progress. A hash is enough to tell.
    private void Count(PlanItem item)
    {
        int bit = (int)((uint)item.DestinationPath.GetHashCode() % CountedBits);
        _hasProgressed |= !_counted[bit];
        _counted[bit] = true;
    }

    /// <summary>Whether an earlier attempt finished a file that still is the same on the source.</summary>
    internal bool HasFinished(RelativePath destinationPath, in FileStat source)
    {
        lock (_lock) return _finished.TryGetValue(destinationPath, out Identity identity) && identity == Identity.Of(source);
    }

    /// <summary>Notes that what is in an entry's place from now on is this run's: what was there is kept, or there was nothing.</summary>
    internal void NoteOurs(RelativePath path)
    {
        if (!_keepsBackups) return;
        lock (_lock) _ours.Add(path);
    }

    /// <summary>Notes that what was in an entry's place before is there again.</summary>
    internal void NoteRestored(RelativePath path)
    {
        lock (_lock) _ours.Remove(path);
    }

    /// <summary>Whether what is in an entry's place is this run's, and so needs no backup.</summary>
    internal bool IsOurs(RelativePath path)
    {
        lock (_lock) return _ours.Contains(path);
    }

    /// <summary>Removes what was begun and is not needed any more.</summary>
    /// <param name="destination">The tree it is in.</param>
    internal async Task RemoveRestAsync(IReplica destination)
    {
        List<RelativePath> rest;
        lock (_lock)
        {
            rest = [.. _beginningPaths.Where(path => TemporaryName.TryParse(path.Name, DateTimeOffset.UtcNow, out _, out _))];
            _beginnings.Clear();
            _beginningPaths.Clear();
        }
        foreach (RelativePath path in rest)
        {
            try
            {
                await destination.RemoveFileAsync(path, CancellationToken.None).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The next run removes what is left.
            }
        }
    }

    /// <summary>Removes what was begun on this machine when there will be no further attempt.</summary>
    /// <param name="here">This machine.</param>
    public async Task DiscardAsync(IReplicaHost here)
    {
        ArgumentNullException.ThrowIfNull(here);
        if (_localRoot is null) return;
        using IReplica tree = here.Open(_localRoot);
        await RemoveRestAsync(tree).ConfigureAwait(false);
    }
}
