using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Writing;

/// <summary><c>--delay-updates</c>: the files that wait for their names, and what must wait for them.</summary>
/// <param name="destination">The tree they are in.</param>
/// <param name="holding">The directories they wait in.</param>
/// <param name="backups">Keeps what they replace; null when it is not kept.</param>
/// <param name="itemsAtOnce">How many are renamed at once.</param>
internal sealed class DelayedUpdates(IReplica destination, HoldingDirectories holding, BackupKeeper? backups, int itemsAtOnce)
{
    private readonly Lock _lock = new();
    private readonly List<(RelativePath Path, bool Replaces)> _files = [];
    private readonly List<(RelativePath Path, AttributeChange Change)> _directories = [];

    /// <summary>Lets a file wait in a holding directory when it is complete.</summary>
    /// <param name="file">The file.</param>
    /// <param name="replaces">Whether something is in its place by now.</param>
    public ITargetFile Delay(ITargetFile file, bool replaces) => new DelayedTargetFile(file, replaces, this);

    /// <summary>Lets a directory's attributes wait: the renames change its time.</summary>
    public void Postpone(RelativePath directory, AttributeChange change)
    {
        lock (_lock) _directories.Add((directory, change));
    }

    /// <summary>Gives all files their names and removes the holding directories; nothing is being written any more.</summary>
    /// <param name="failed">Told of each that could not be done.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task RenameAsync(Action<RelativePath, ReplicaException> failed, CancellationToken cancellation)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = itemsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(_files, parallel, async (file, token) =>
        {
            try
            {
                await RenameAsync(file.Path, file.Replaces, token).ConfigureAwait(false);
            }
            catch (ReplicaException failure)
            {
                failed(file.Path, failure);
            }
        }).ConfigureAwait(false);
        await Parallel.ForEachAsync(holding.All(), parallel,
            async (parent, token) => await holding.RemoveAsync(parent, token).ConfigureAwait(false)).ConfigureAwait(false);
        _files.Clear();
    }

    /// <summary>Sets the directories' attributes when all files have their names.</summary>
    /// <param name="failed">Told of each that could not be done.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task FinishAsync(Action<RelativePath, ReplicaException> failed, CancellationToken cancellation)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = itemsAtOnce, CancellationToken = cancellation };
        // A directory may close to its owner what is below it: the deepest first.
        foreach (IGrouping<int, (RelativePath Path, AttributeChange Change)> level in _directories
            .GroupBy(directory => directory.Path.IsRoot ? 0 : 1 + directory.Path.Bytes.Count((byte)'/')).OrderByDescending(level => level.Key))
        {
            await Parallel.ForEachAsync(level, parallel, async (directory, token) =>
            {
                try
                {
                    if (await destination.SetAttributesAsync(directory.Path, FileType.Directory, directory.Change, token).ConfigureAwait(false) is { } failure)
                        failed(directory.Path, failure);
                }
                catch (ReplicaException failure)
                {
                    failed(directory.Path, failure);
                }
            }).ConfigureAwait(false);
        }
    }

    private async ValueTask RenameAsync(RelativePath file, bool replaces, CancellationToken cancellation)
    {
        if (backups is not null && replaces)
        {
            await backups.ReplaceAsync(file, () => destination.RenameAsync(holding.PlaceOf(file), file, cancellation), cancellation).ConfigureAwait(false);
            return;
        }
        backups?.NoteNew(file);
        await destination.RenameAsync(holding.PlaceOf(file), file, cancellation).ConfigureAwait(false);
    }

    private sealed class DelayedTargetFile(ITargetFile inner, bool replaces, DelayedUpdates updates) : TargetFileDecorator(inner)
    {
        public override async ValueTask<ReplicaException?> CommitAsync(
            RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
        {
            RelativePath held = await updates.HoldAsync(path, cancellation).ConfigureAwait(false);
            ReplicaException? failure = await Inner.CommitAsync(held, length, change, cancellation).ConfigureAwait(false);
            lock (updates._lock) updates._files.Add((path, replaces));
            return failure;
        }
    }

    private Task<RelativePath> HoldAsync(RelativePath path, CancellationToken cancellation) => holding.MakeForAsync(path, cancellation);
}
