using SyncHop.Delta;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Signatures;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>What a new file can be made of.</summary>
/// <param name="Signature">The signature of the file that is there.</param>
/// <param name="File">That file, open for copying ranges of it; null when it is changed in place.</param>
internal sealed record Basis(FileSignature Signature, ISourceFile? File) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => File?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Finds the signature of the file that a new one replaces, where the options allow to use it.</summary>
internal sealed class BasisFinder(
    SyncOptions options, IReplica destination, SignatureStores? stores, SigningCopier copier, Statistics statistics)
{
    private readonly bool _canUseBasis = options.Inplace || destination.Host.Traits.CanCopyRanges;

    /// <summary>The basis for an item; null when its file is sent whole.</summary>
    /// <param name="item">The item.</param>
    /// <param name="path">Its absolute path, by which the store knows it; null when that is not known.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Basis?> FindAsync(PlanItem item, byte[]? path, CancellationToken cancellation)
    {
        if (!_canUseBasis || item.Existing is not { IsRegular: true, Size: >= DeltaSender.SmallestFile } existing) return null;
        ISourceFile? file = null;
        try
        {
            Task<SignatureEntry?> asked = path is null || stores is null
                ? Task.FromResult<SignatureEntry?>(null)
                : stores.FindAsync(path, existing, cancellation);
            file = await destination.OpenReadAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
            // What is there now, not what the list says was there.
            FileStat now = await file.StatAsync(cancellation).ConfigureAwait(false);
            SignatureEntry? entry = await asked.ConfigureAwait(false);
            FileSignature? signature = null;
            if (entry is not null && now.Size == entry.Size && now.MtimeSeconds == entry.Mtime) signature = entry.Signature;
            if (signature is not null) statistics.CountSignature(SignatureWriter.RecordBytes(signature));
            else if (options.Delta == DeltaMode.Read)
                signature = await copier.SignAsync(file, destination.Host.Traits.IsLocal, now.Size, options.BlockSize, cancellation).ConfigureAwait(false);
            if (signature is null) return null;
            Basis basis = new(signature, options.Inplace ? null : file);
            if (!options.Inplace) file = null;
            return basis;
        }
        catch (ReplicaException)
        {
            // It cannot be read: then it cannot be copied from either, and the file is sent whole.
            return null;
        }
        finally
        {
            if (file is not null) await file.DisposeAsync().ConfigureAwait(false);
        }
    }
}
