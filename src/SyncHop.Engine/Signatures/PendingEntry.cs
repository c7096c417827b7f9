using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Signatures;

/// <summary>A store's entry that is written under a temporary name; disposing of it before it is in its place removes it.</summary>
/// <param name="entries">The store's directory.</param>
/// <param name="temporary">The temporary name.</param>
/// <param name="name">The entry's name.</param>
internal sealed class PendingEntry(IReplica entries, RelativePath temporary, RelativePath name) : IAsyncDisposable
{
    private bool _placed;

    /// <summary>Puts it in the place of an older one, all at once.</summary>
    /// <returns>Whether that was possible.</returns>
    public async Task<bool> PlaceAsync(CancellationToken cancellation)
    {
        try
        {
            await entries.RenameAsync(temporary, name, cancellation).ConfigureAwait(false);
            _placed = true;
        }
        catch (ReplicaException)
        {
            // The store is a cache.
        }
        return _placed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_placed) return;
        try
        {
            await entries.RemoveFileAsync(temporary, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            // What led here is what is told.
        }
    }
}
