using SyncHop.Delta;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Signatures;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>What a new file can be made of.</summary>
/// <param name="Matcher">Knows what is in the file that is there.</param>
/// <param name="File">That file, open for reading.</param>
internal sealed record Basis(IBlockMatcher Matcher, ISourceFile File) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => File.DisposeAsync();
}

/// <summary>Finds the signature of the file that a new one replaces, where the options allow to use it.</summary>
internal sealed class BasisFinder(SyncOptions options, IReplica destination, SignatureStores? stores, SigningCopier copier)
{
    private readonly bool _canUseBasis = options.Inplace || destination.Host.Traits.CanCopyRanges;

    /// <summary>The basis for an item; null when its file is sent whole.</summary>
    /// <param name="item">The item.</param>
    /// <param name="size">Length of the new file in bytes.</param>
    /// <param name="path">Its absolute path, by which the store knows it; null when that is not known.</param>
    /// <param name="isHashed">Whether the host itself hashes what is there: then nothing else is asked.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Basis?> FindAsync(PlanItem item, long size, byte[]? path, bool isHashed, CancellationToken cancellation)
    {
        if (!_canUseBasis || item.Existing is not { IsRegular: true, Size: >= DeltaSender.SmallestFile } existing) return null;
        bool asksStores = path is not null && stores is not null && !isHashed && options.TrustsSignatures;
        if (!asksStores && !isHashed && options.Delta != DeltaMode.Read) return null;
        ISourceFile? file = null;
        Task<SignatureEntry?> asked = asksStores ? stores!.FindAsync(path!, existing, cancellation) : Task.FromResult<SignatureEntry?>(null);
        try
        {
            file = await destination.OpenReadAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
            // What is there now, not what the list says was there.
            FileStat now = await file.StatAsync(cancellation).ConfigureAwait(false);
            if (isHashed)
            {
                HostHashMatcher? hashes = await HostHashMatcher.StartAsync(file, now.Size, size, options.BlockSize, cancellation).ConfigureAwait(false);
                return hashes is null ? null : Use(hashes, ref file);
            }
            SignatureEntry? entry = await asked.ConfigureAwait(false);
            FileSignature? signature = null;
            if (entry is not null && now.Size == entry.Size && now.MtimeSeconds == entry.Mtime) signature = entry.Signature;
            bool isStored = signature is not null;
            if (!isStored && options.Delta == DeltaMode.Read)
                signature = await copier.SignAsync(file, destination.Host.Traits.IsLocal, now.Size, options.BlockSize, cancellation).ConfigureAwait(false);
            return signature is null ? null : Use(new SignatureMatcher(signature, isStored), ref file);
        }
        catch (ReplicaException)
        {
            // It cannot be read: then it cannot be copied from either, and the file is sent whole.
            return null;
        }
        finally
        {
            // It uses the store, which is closed when the run ends.
            await ((Task)asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (file is not null) await file.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Hands the open file on.</summary>
    private static Basis Use(IBlockMatcher matcher, ref ISourceFile? file)
    {
        Basis basis = new(matcher, file!);
        file = null;
        return basis;
    }
}
