using SyncHop.Delta;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Hashing;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Signatures;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>
/// Fetches files whose signature is in the store of their host, or whose blocks that host hashes itself: what the local file has already
/// comes from there, the rest is read, and the whole is proven before it takes its place.
/// </summary>
internal sealed class DeltaReceiver(
    SyncOptions options, IReplica destination, SignatureStores? stores, BufferBudget buffers, Report report, Statistics statistics) : IDisposable
{
    private readonly RangeFetcher _fetcher = new(buffers);
    private readonly SigningCopier _reader = new(buffers);
    private readonly Dictionary<IReplica, HostPath> _paths = [];

    /// <summary>Whether a file may go this way.</summary>
    public static bool Handles(PlanItem item) =>
        item.Source.Size >= DeltaSender.SmallestFile && item.Existing is { IsRegular: true, Size: >= DeltaSender.SmallestFile };

    /// <summary>Fetches a file.</summary>
    /// <param name="item">The file.</param>
    /// <param name="source">Its content.</param>
    /// <param name="open">Opens the file to be written; given whether all that will be written is the source's own content.</param>
    /// <param name="sums">Whether the content's checksum is wanted.</param>
    /// <param name="cancellation">Ends the fetching.</param>
    /// <returns>What was fetched, and the first attribute that could not be set; null when the file must be fetched whole.</returns>
    public async Task<(TransferResult Result, ReplicaException? Attribute)?> FetchAsync(
        PlanItem item, ISourceFile source, Func<bool, Task<ITargetFile>> open, bool sums, CancellationToken cancellation)
    {
        FileStat now = await source.StatAsync(cancellation).ConfigureAwait(false);
        bool isHashed = options.Delta is DeltaMode.Auto or DeltaMode.Read
            && await item.Origin.Replica.Host.HashesFilesAsync(cancellation).ConfigureAwait(false);
        byte[]? path = isHashed || stores is null || !options.TrustsSignatures ? null : await PathOf(item).OfAsync(item.Origin.Path, cancellation).ConfigureAwait(false);
        SignatureEntry? entry = path is null ? null : await stores!.FindAsync(path, now, cancellation).ConfigureAwait(false);
        if (entry is null && !isHashed) return null;
        if (entry is not null) statistics.CountSignature(SignatureWriter.RecordBytes(entry.Signature));
        ISourceFile? basis = await OpenBasisAsync(item, cancellation).ConfigureAwait(false);
        if (basis is null) return null;
        await using (basis.ConfigureAwait(false))
        {
            long length = (await basis.StatAsync(cancellation).ConfigureAwait(false)).Size;
            FetchPlan? plan = entry is not null
                ? await PlanAsync(entry.Signature, basis, length, cancellation).ConfigureAwait(false)
                : await HashedPlan.MakeAsync(source, now.Size, basis, length, options.BlockSize, statistics, cancellation).ConfigureAwait(false);
            if (plan is null) return null;
            ITargetFile target = await open(false).ConfigureAwait(false);
            await using (target.ConfigureAwait(false))
            {
                ContentSum? sum = sums ? new ContentSum(options.Sum) : null;
                CopiedSample sample = new(plan.Length, plan.BlockLength);
                byte[] hash = await _fetcher.FetchAsync(plan.Ranges, source, basis, target, options.Inplace, sample, sum, cancellation).ConfigureAwait(false);
                // The hash proves that it is the file that was signed; the sample shows whether that is still there.
                bool holds = (plan.Hash is not { } proof || hash.AsSpan().SequenceEqual(proof.Span))
                    && await sample.HoldsAsync(source, cancellation).ConfigureAwait(false);
                if (holds && options.Verify)
                {
                    ISourceFile written = await target.OpenWrittenAsync(cancellation).ConfigureAwait(false);
                    await using (written.ConfigureAwait(false))
                        holds = await _reader.IsAsync(written, isLocal: true, plan.Length, hash, cancellation).ConfigureAwait(false);
                }
                if (holds)
                {
                    ReplicaException? attribute = await target.CommitAsync(item.DestinationPath, plan.Length, item.Change, cancellation).ConfigureAwait(false);
                    long matched = plan.Ranges.Where(static range => range.IsLocal).Sum(static range => range.Length);
                    statistics.CountMatched(matched, plan.BlockLength);
                    return (new TransferResult(plan.Length - matched, sum?.Finish() ?? ""), attribute);
                }
            }
        }
        report.DeltaFailed(item);
        if (path is not null) await stores!.RemoveAsync(path, cancellation).ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => stores?.Dispose();

    private HostPath PathOf(PlanItem item)
    {
        lock (_paths)
        {
            if (!_paths.TryGetValue(item.Origin.Replica, out HostPath? paths)) _paths.Add(item.Origin.Replica, paths = new HostPath(item.Origin.Replica));
            return paths;
        }
    }

    private async Task<ISourceFile?> OpenBasisAsync(PlanItem item, CancellationToken cancellation)
    {
        try
        {
            return await destination.OpenReadAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            return null;
        }
    }

    private async Task<FetchPlan> PlanAsync(FileSignature wanted, ISourceFile basis, long length, CancellationToken cancellation)
    {
        IReadOnlyList<FetchedRange> ranges;
        try
        {
            SourceFileBytes bytes = new(basis, length, cancellation);
            ranges = await Task.Run(() => RangePlan.Make(wanted, bytes, options.Inplace, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is DeltaException or ReplicaException)
        {
            // What cannot be read cannot help.
            ranges = [new FetchedRange(0, wanted.Length, -1)];
        }
        return new FetchPlan(ranges, wanted.Length, wanted.BlockLength, wanted.Hash!.Value);
    }
}
