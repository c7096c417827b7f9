using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Signatures;

/// <summary>The stores that hold signatures of one host's files: the one on that host, then the one on this machine.</summary>
/// <param name="there">On the host itself; null when it is not wanted.</param>
/// <param name="here">On this machine, for a host whose home cannot be written; null when there is no such directory.</param>
internal sealed class SignatureStores(SignatureStore? there, SignatureStore? here) : IDisposable
{
    /// <summary>The entry that describes the file that is there now; null when there is none.</summary>
    /// <param name="path">The file's absolute path on its host.</param>
    /// <param name="now">Its stat.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<SignatureEntry?> FindAsync(byte[] path, FileStat now, CancellationToken cancellation)
    {
        if (there is not null && await there.FindAsync(path, now.Size, cancellation).ConfigureAwait(false) is { } found && found.Describes(now)) return found;
        if (here is not null && await here.FindAsync(path, now.Size, cancellation).ConfigureAwait(false) is { } cached && cached.Describes(now)) return cached;
        return null;
    }

    /// <summary>Keeps an entry where that is possible.</summary>
    /// <returns>Whether it was kept.</returns>
    public async Task<bool> PutAsync(SignatureEntry entry, CancellationToken cancellation) =>
        (there is not null && await there.PutAsync(entry, cancellation).ConfigureAwait(false))
        || (here is not null && await here.PutAsync(entry, cancellation).ConfigureAwait(false));

    /// <summary>Drops a file's entries.</summary>
    public async Task RemoveAsync(byte[] path, CancellationToken cancellation)
    {
        if (there is not null) await there.RemoveAsync(path, cancellation).ConfigureAwait(false);
        if (here is not null) await here.RemoveAsync(path, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        there?.Dispose();
        here?.Dispose();
    }
}
