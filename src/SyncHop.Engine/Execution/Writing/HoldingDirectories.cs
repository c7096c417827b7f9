using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Execution.Writing;

/// <summary>The directories that partial and delayed files are in, one in each directory that needs one.</summary>
internal sealed class HoldingDirectories(IReplica destination, SyncOptions options)
{
    private const uint Private = 0x1C0; // 0700

    private readonly Dictionary<RelativePath, Task> _made = [];
    private readonly HashSet<RelativePath> _found = [];

    /// <summary>Makes the directory that a file is held in, if it is not there.</summary>
    /// <returns>Where the file is held.</returns>
    public async Task<RelativePath> MakeForAsync(RelativePath file, CancellationToken cancellation)
    {
        RelativePath parent = file.Parent;
        Task making;
        lock (_made)
        {
            if (!_made.TryGetValue(parent, out making!)) _made.Add(parent, making = MakeAsync(parent.Join(options.HoldingDirectory), cancellation));
        }
        await making.ConfigureAwait(false);
        return PlaceOf(file);
    }

    /// <summary>Where a file is held.</summary>
    public RelativePath PlaceOf(RelativePath file) => options.HeldPathOf(file);

    /// <summary>Notes that a directory has one already.</summary>
    public void Note(RelativePath parent)
    {
        lock (_made) _found.Add(parent);
    }

    /// <summary>Whether a directory has one.</summary>
    public bool IsIn(RelativePath parent)
    {
        lock (_made) return _made.ContainsKey(parent) || _found.Contains(parent);
    }

    /// <summary>The directories that have one.</summary>
    public IReadOnlyList<RelativePath> All()
    {
        lock (_made) return [.. _made.Keys.Union(_found)];
    }

    /// <summary>Removes a directory's, unless something is left in it; what needs one again has it made again.</summary>
    public async Task RemoveAsync(RelativePath parent, CancellationToken cancellation)
    {
        lock (_made)
        {
            _made.Remove(parent);
            _found.Remove(parent);
        }
        try
        {
            await destination.RemoveDirectoryAsync(parent.Join(options.HoldingDirectory), cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            // What is in it was not this run's to finish.
        }
    }

    private async Task MakeAsync(RelativePath path, CancellationToken cancellation)
    {
        try
        {
            await destination.CreateDirectoryAsync(path, Private, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            // It is there, or the file cannot be made in it and says why.
        }
    }
}
