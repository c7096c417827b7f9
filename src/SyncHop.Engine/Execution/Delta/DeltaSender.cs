using SyncHop.Delta;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Hashing;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Signatures;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>
/// Sends files to a host that cannot compute anything: with the signature of what is there, which comes from the store, only what
/// changed is sent; and the signature of what was sent is put into the store for the next time.
/// </summary>
internal sealed class DeltaSender : IDisposable
{
    /// <summary>A file that fits into a few packets is sent in less time than it takes to ask for its signature.</summary>
    public const long SmallestFile = 256 * 1024;

    /// <summary>Memory for signatures and their indexes, over all files.</summary>
    private const long SignatureBytes = 96 << 20;

    /// <summary>Bytes of memory a block takes while its file is sent: both signatures, the index, the store's entry.</summary>
    private const int BytesPerBlock = 48;

    private readonly SyncOptions _options;
    private readonly IReplica _destination;
    private readonly bool _sourceIsLocal;
    private readonly SignatureStores? _stores;
    private readonly SigningCopier _copier;
    private readonly BasisFinder _basis;
    private readonly HostPath _paths;
    private readonly BufferBudget _memory = new(SignatureBytes);
    private readonly Report _report;
    private readonly Statistics _statistics;

    /// <param name="options">The run's options.</param>
    /// <param name="destination">Where files are sent.</param>
    /// <param name="sourceIsLocal">Whether they are read on this machine.</param>
    /// <param name="stores">Where signatures are kept; null for nowhere.</param>
    /// <param name="buffers">Bounds the memory of contents on the way.</param>
    /// <param name="report">Told when a signature was wrong.</param>
    /// <param name="statistics">Counts.</param>
    public DeltaSender(
        SyncOptions options, IReplica destination, bool sourceIsLocal, SignatureStores? stores, BufferBudget buffers, Report report,
        Statistics statistics)
    {
        _options = options;
        _destination = destination;
        _sourceIsLocal = sourceIsLocal;
        _stores = stores;
        _report = report;
        _statistics = statistics;
        _copier = new SigningCopier(buffers);
        _paths = new HostPath(destination);
        if (stores is not null) _paths.AskEarly(CancellationToken.None);
        _basis = new BasisFinder(options, destination, stores, _copier);
    }

    /// <summary>Whether a file is worth it.</summary>
    public static bool Handles(PlanItem item) => item.Source.Size >= SmallestFile;

    /// <summary>Whether a file will have the size and time it has now, so that an entry of its old content would describe the new one too.</summary>
    public static bool LooksUnchanged(PlanItem item, long size) =>
        item.Existing is { } old && old.Size == size && old.MtimeSeconds == item.Change.Mtime?.Seconds;

    /// <summary>Sends a file.</summary>
    /// <param name="item">The file.</param>
    /// <param name="source">Its content.</param>
    /// <param name="open">Opens the file to be written, given whether all that will be written is the source's own content; a second time when the first attempt shows that the signature was wrong.</param>
    /// <param name="sums">Whether the content's checksum is wanted.</param>
    /// <param name="cancellation">Ends the sending.</param>
    /// <returns>What was sent, and the first attribute that could not be set.</returns>
    public async Task<(TransferResult Result, ReplicaException? Attribute)> SendAsync(
        PlanItem item, ISourceFile source, Func<bool, Task<ITargetFile>> open, bool sums, CancellationToken cancellation)
    {
        long size = (await source.StatAsync(cancellation).ConfigureAwait(false)).Size;
        int memory = MemoryOf(item.Existing?.Size ?? 0) + MemoryOf(size);
        memory = (int)Math.Min(memory, SignatureBytes);
        await _memory.TakeAsync(memory).ConfigureAwait(false);
        try
        {
            // The host opens it while it is asked for what it has.
            Task<ITargetFile> opening = open(true);
            (Attempt attempt, Basis? basis) = await FindBasisAsync(item, source, size, opening, sums, cancellation).ConfigureAwait(false);
            if (basis is null) return (await SendAsync(attempt, null, await opening.ConfigureAwait(false), cancellation).ConfigureAwait(false))!.Value;
            await using (basis.ConfigureAwait(false))
            {
                var sent = await TrySendAsync(attempt, basis, await opening.ConfigureAwait(false), cancellation).ConfigureAwait(false);
                _statistics.CountSignature(basis.Matcher.SignatureBytes);
                if (sent is not null) return sent.Value;
            }
            _report.DeltaFailed(item);
            if (attempt.Path is not null) await _stores!.RemoveAsync(attempt.Path, cancellation).ConfigureAwait(false);
            return (await SendAsync(attempt, null, await open(true).ConfigureAwait(false), cancellation).ConfigureAwait(false))!.Value;
        }
        finally
        {
            _memory.Return(memory);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stores?.Dispose();

    private sealed record Attempt(PlanItem Item, ISourceFile Source, long Size, byte[]? Path, bool Sums)
    {
        /// <summary>Whether all content is written, and has been looked at: what fails from then on is nothing that a signature is to blame for.</summary>
        public bool IsWritten { get; set; }
    }

    /// <summary>Finds out what the file can be made of.</summary>
    private async Task<(Attempt, Basis?)> FindBasisAsync(
        PlanItem item, ISourceFile source, long size, Task<ITargetFile> opening, bool sums, CancellationToken cancellation)
    {
        try
        {
            bool isHashed = _options.Delta is DeltaMode.Auto or DeltaMode.Read && await _destination.Host.HashesFilesAsync(cancellation).ConfigureAwait(false);
            byte[]? path = _stores is null || isHashed ? null : await _paths.OfAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
            Basis? basis = await _basis.FindAsync(item, size, path, isHashed, cancellation).ConfigureAwait(false);
            return (new Attempt(item, source, size, path, sums), basis);
        }
        catch
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully) await opening.Result.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private int MemoryOf(long size) =>
        (int)Math.Min((size / Math.Max(1, _options.BlockSize ?? BlockSize.For(size)) + 1) * BytesPerBlock, SignatureBytes);

    /// <returns>null when the basis turned out not to be what its signature says, or when it cannot be copied from.</returns>
    private async Task<(TransferResult Result, ReplicaException? Attribute)?> TrySendAsync(
        Attempt attempt, Basis basis, ITargetFile target, CancellationToken cancellation)
    {
        try
        {
            return await SendAsync(attempt, basis, target, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure) when (!attempt.IsWritten && failure.Operation != "write")
        {
            // The basis has no part in a write that fails, as on a full disk. What else is wrong with more than it shows again when
            // the file is sent whole.
            return null;
        }
    }

    /// <returns>null when the basis turned out not to be what its signature says.</returns>
    private async Task<(TransferResult Result, ReplicaException? Attribute)?> SendAsync(
        Attempt attempt, Basis? basis, ITargetFile target, CancellationToken cancellation)
    {
        await using (target.ConfigureAwait(false))
        {
            CopiedSample sample = new(attempt.Size, Math.Max(1, basis?.Matcher.BlockLength ?? 1));
            IContentSink sink = basis is null ? new WholeSink(target)
                : _options.Inplace ? new InPlaceSink(target, sample)
                : new RangeCopySink(target, basis.File, sample);
            ContentSum? sum = attempt.Sums ? new ContentSum(_options.Sum) : null;
            SignedContent content = await _copier.CopyAsync(
                attempt.Source, _sourceIsLocal, attempt.Size, basis?.Matcher, _options.BlockSize, sink, sum, cancellation).ConfigureAwait(false);
            // A file in which nothing was written still has its old time, which is no clock's.
            if (attempt.Path is not null && sink is InPlaceSink unwritten) await unwritten.TouchAsync(cancellation).ConfigureAwait(false);
            // Its file system's own clock, before the file is anybody else's to change: see SignatureEntry.SignedAt.
            Task<FileStat> stamp = target.StatAsync(cancellation).AsTask();
            // Its bytes travel while the file's are acknowledged, looked at and renamed.
            Task<PendingEntry?> entry = PrepareAsync(attempt, content.Signature, stamp, cancellation);
            try
            {
                if ((basis is not null || _options.Verify)
                    && !await HoldsAsync(attempt, basis, target, sample, content.Hash, cancellation).ConfigureAwait(false))
                {
                    return null;
                }
                await stamp.ConfigureAwait(false);
                attempt.IsWritten = true;
                ReplicaException? attribute = await target
                    .CommitAsync(attempt.Item.DestinationPath, attempt.Size, attempt.Item.Change, cancellation).ConfigureAwait(false);
                long matched = sink is InPlaceSink inPlace ? inPlace.Kept : content.Matched;
                if (basis is not null) _statistics.CountMatched(matched, basis.Matcher.BlockLength);
                // Where the time could not be set, or somebody else's file is there by now, it describes nothing: that is seen when it is read.
                bool isSigned = await entry.ConfigureAwait(false) is { } pending && await pending.PlaceAsync(cancellation).ConfigureAwait(false);
                if (isSigned) _statistics.CountSignature(SignatureWriter.RecordBytes(content.Signature));
                if (!isSigned && attempt.Path is not null && LooksUnchanged(attempt.Item, attempt.Size)) await _stores!.RemoveAsync(attempt.Path, cancellation).ConfigureAwait(false);
                return (new TransferResult(attempt.Size - matched, sum?.Finish() ?? ""), attribute);
            }
            finally
            {
                await ((Task)entry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (entry.IsCompletedSuccessfully && entry.Result is { } left) await left.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether what was written is what it must be, as far as that is looked at.</summary>
    /// <exception cref="ReplicaException">It is not, and no signature is to blame.</exception>
    private async Task<bool> HoldsAsync(
        Attempt attempt, Basis? basis, ITargetFile target, CopiedSample sample, ReadOnlyMemory<byte> hash, CancellationToken cancellation)
    {
        ISourceFile written = await target.OpenWrittenAsync(cancellation).ConfigureAwait(false);
        await using (written.ConfigureAwait(false))
        {
            bool holds = _options.Verify
                ? await _copier.IsAsync(written, _destination.Host.Traits.IsLocal, attempt.Size, hash, cancellation).ConfigureAwait(false)
                : await sample.HoldsAsync(written, cancellation).ConfigureAwait(false);
            if (!holds && basis is null) throw new ReplicaException(ReplicaError.Other, "verify", "what was written reads back differently");
            return holds;
        }
    }

    /// <summary>Writes the entry of the file as it will be; null where there will be none.</summary>
    private async Task<PendingEntry?> PrepareAsync(Attempt attempt, FileSignature signature, Task<FileStat> stamp, CancellationToken cancellation)
    {
        // What --delay-updates renames at the end is not in place yet. Without a time of its own a file is as new as its signature.
        if (attempt.Path is null || _options.DelayUpdates || attempt.Item.Change.Mtime is not { } mtime) return null;
        long signedAt;
        try
        {
            signedAt = (await stamp.ConfigureAwait(false)).MtimeSeconds;
        }
        catch (ReplicaException)
        {
            // The one that sends the file tells.
            return null;
        }
        SignatureEntry entry = new(attempt.Path, attempt.Size, mtime.Seconds, signedAt, signature);
        // One that will never be trusted is not worth its bytes.
        return entry.IsTrustworthy ? await _stores!.PrepareAsync(entry, cancellation).ConfigureAwait(false) : null;
    }
}
