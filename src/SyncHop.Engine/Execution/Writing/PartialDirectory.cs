using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;

namespace SyncHop.Engine.Execution.Writing;

/// <summary>
/// An absolute <c>--partial-dir</c>: one directory for the partial files of all others, by their last component. Of several files of one
/// name the first that comes has it for the run; the others are written beside their places, and nothing of them is kept.
/// </summary>
/// <param name="directory">The directory, on the destination's host, perhaps on another file system.</param>
/// <param name="destination">The tree that files go to.</param>
/// <param name="options">The options.</param>
internal sealed class PartialDirectory(IReplica directory, IReplica destination, SyncOptions options)
{
    private const uint Private = 0x1C0; // 0700

    private readonly StagingDirectory _staging = new(directory, destination, options);
    private readonly Dictionary<RelativePath, RelativePath> _takenBy = [];
    private readonly Lock _lock = new();
    private Task? _making;
    private bool _isMade;

    /// <summary>The directory.</summary>
    public IReplica Tree => directory;

    /// <summary>Where an item's partial file is; null when another item has that name.</summary>
    public RelativePath? PlaceOf(PlanItem item)
    {
        RelativePath name = RelativePath.Root.Join(item.DestinationPath.Name);
        lock (_lock) return _takenBy.TryAdd(name, item.DestinationPath) || _takenBy[name] == item.DestinationPath ? name : null;
    }

    /// <summary>Opens a partial file as it is, or a new one; the directory is made, but not what is above it.</summary>
    public async Task<ITargetFile> OpenAsync(PlanItem item, RelativePath name, CancellationToken cancellation)
    {
        lock (_lock) _making ??= MakeAsync(cancellation);
        await _making.ConfigureAwait(false);
        return await directory.OpenWriteAsync(name, item.CreationPermissions, cancellation).ConfigureAwait(false);
    }

    /// <summary>Has a file in the directory moved to its place when it is complete.</summary>
    public ITargetFile Moved(ITargetFile file, RelativePath name) => new StagedTargetFile(file, name, _staging);

    /// <summary>Removes the directory if this run made it and leaves nothing in it.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        if (!_isMade) return;
        try
        {
            await directory.RemoveDirectoryAsync(RelativePath.Root, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            // Something is in it.
        }
    }

    private async Task MakeAsync(CancellationToken cancellation)
    {
        try
        {
            await directory.CreateDirectoryAsync(RelativePath.Root, Private, cancellation).ConfigureAwait(false);
            _isMade = true;
        }
        catch (ReplicaException)
        {
            // It is there, or no file can be made in it.
        }
    }
}
