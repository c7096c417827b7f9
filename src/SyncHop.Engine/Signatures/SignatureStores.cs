using SyncHop.Engine.Contract;

namespace SyncHop.Engine.Signatures;

/// <summary>The stores that hold signatures of one host's files: the one on that host, then the one on this machine.</summary>
/// <param name="there">On the host itself; null when it is not wanted.</param>
/// <param name="here">On this machine, for a host whose home cannot be written; null when there is no such directory.</param>
internal sealed class SignatureStores(SignatureStore? there, SignatureStore? here) : IDisposable
{
    private static ReadOnlySpan<byte> Directory => ".cache/synchop/signatures"u8;

    /// <summary>The stores for a host's files that the options ask for; null for none.</summary>
    /// <param name="request">The run.</param>
    /// <param name="host">The host that the files are on.</param>
    /// <param name="name">What it is called in a store on this machine.</param>
    public static SignatureStores? Open(SyncRequest request, IReplicaHost host, byte[] name)
    {
        SignatureStoreChoice choice = request.Options.SignatureStore;
        if (choice.Kind == SignatureStoreKind.None) return null;
        if (host.Traits.IsLocal)
        {
            byte[]? directory = choice.Directory ?? request.SignatureDirectory;
            return directory is null ? null : new SignatureStores(new SignatureStore(host, directory, []), null);
        }
        // The directory that was named is the one that was meant; the other store has its usual place.
        byte[]? here = choice.Kind == SignatureStoreKind.Local ? choice.Directory ?? request.SignatureDirectory : request.SignatureDirectory;
        SignatureStore? local = here is null || request.Here is null ? null : new SignatureStore(request.Here, here, name);
        if (choice.Kind == SignatureStoreKind.Local) return new SignatureStores(null, local);
        return new SignatureStores(new SignatureStore(host, choice.Directory ?? Directory.ToArray(), []), local);
    }

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

    /// <summary>Writes an entry where that is possible, without putting it in its place yet.</summary>
    /// <returns>null when no store can be written.</returns>
    public async Task<PendingEntry?> PrepareAsync(SignatureEntry entry, CancellationToken cancellation) =>
        (there is null ? null : await there.PrepareAsync(entry, cancellation).ConfigureAwait(false))
        ?? (here is null ? null : await here.PrepareAsync(entry, cancellation).ConfigureAwait(false));

    /// <summary>Keeps an entry where that is possible.</summary>
    /// <returns>Whether it was kept.</returns>
    public async Task<bool> PutAsync(SignatureEntry entry, CancellationToken cancellation)
    {
        if (await PrepareAsync(entry, cancellation).ConfigureAwait(false) is not { } pending) return false;
        await using (pending.ConfigureAwait(false)) return await pending.PlaceAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Drops a file's entries.</summary>
    public async Task RemoveAsync(byte[] path, CancellationToken cancellation)
    {
        if (there is not null) await there.RemoveAsync(path, cancellation).ConfigureAwait(false);
        if (here is not null) await here.RemoveAsync(path, cancellation).ConfigureAwait(false);
    }

    /// <summary>The time by the clock of the host that the files are on, or by ours where it cannot be asked: seconds since 1970 UTC.</summary>
    public async Task<long> ClockAsync(CancellationToken cancellation) =>
        (there is null ? null : await there.ClockAsync(cancellation).ConfigureAwait(false)) ?? DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>All stores.</summary>
    public IEnumerable<SignatureStore> All => new[] { there, here }.OfType<SignatureStore>();

    /// <inheritdoc/>
    public void Dispose()
    {
        there?.Dispose();
        here?.Dispose();
    }
}
