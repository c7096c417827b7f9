using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Signatures;

namespace SyncHop.Engine.Execution.Delta;

/// <summary>Moves less than whole files where the options and the two sides allow that.</summary>
internal sealed class DeltaTransfer : IDisposable
{
    private readonly SyncOptions _options;
    private readonly DeltaSender? _sender;
    private readonly DeltaReceiver? _receiver;
    private readonly SignatureStores? _outdated;
    private readonly HostPath _paths;

    /// <param name="request">The run's sides and options.</param>
    /// <param name="destination">The tree that is changed.</param>
    /// <param name="buffers">Bounds the memory of contents on the way.</param>
    /// <param name="report">Told when a signature was wrong.</param>
    /// <param name="statistics">Counts.</param>
    public DeltaTransfer(SyncRequest request, IReplica destination, BufferBudget buffers, Report report, Statistics statistics)
    {
        _options = request.Options;
        bool enabled = IsEnabled(request);
        bool toThere = !request.DestinationHost.Traits.IsLocal;
        bool fromThere = !request.SourceHost.Traits.IsLocal;
        if (enabled && fromThere && !toThere)
        {
            SignatureStores? published = SignatureStores.Open(request, request.SourceHost, request.SourceName);
            _receiver = new DeltaReceiver(_options, destination, published, buffers, report, statistics);
        }
        _paths = new HostPath(destination);
        bool sends = enabled && (toThere || !fromThere);
        if (!sends && toThere) _outdated = SignatureStores.Open(request, request.DestinationHost, request.DestinationName);
        if (!sends && !_options.Verify) return;
        SignatureStores? stores = sends && toThere ? SignatureStores.Open(request, request.DestinationHost, request.DestinationName) : null;
        // Reading a local basis puts nothing on any wire.
        DeltaMode mode = !sends ? DeltaMode.Off : toThere ? _options.Delta : DeltaMode.Read;
        _sender = new DeltaSender(_options with { Delta = mode }, destination, !fromThere, stores, buffers, report, statistics);
    }

    /// <summary>What <c>-vv</c> says about it before the first file.</summary>
    public static string Describe(SyncRequest request)
    {
        // What is appended to keeps what it has.
        if (request.Options.Append != AppendMode.None) return "delta-transmission enabled";
        if (!IsEnabled(request)) return "delta-transmission disabled for local transfer or --whole-file";
        ReplicaTraits there = request.DestinationHost.Traits;
        return there.CanCopyRanges || request.Options.Inplace
            ? "delta-transmission enabled"
            : "delta-transmission disabled: the server has no copy-data (--inplace needs none)";
    }

    /// <summary>Moves a file, if it is worth it.</summary>
    /// <param name="item">The file.</param>
    /// <param name="source">Its content.</param>
    /// <param name="open">Opens the file to be written; given whether all that will be written is the source's own content.</param>
    /// <param name="sums">Whether the content's checksum is wanted.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>What was moved, and the first attribute that could not be set; null when the file is to be copied whole.</returns>
    public async Task<(TransferResult Result, ReplicaException? Attribute)?> TryAsync(
        PlanItem item, ISourceFile source, Func<bool, Task<ITargetFile>> open, bool sums, CancellationToken cancellation)
    {
        if (!item.Source.IsRegular) return null;
        if (_receiver is not null && DeltaReceiver.Handles(item)
            && await _receiver.FetchAsync(item, source, open, sums, cancellation).ConfigureAwait(false) is { } fetched)
        {
            return fetched;
        }
        if (_outdated is not null && DeltaSender.Handles(item) && DeltaSender.LooksUnchanged(item, item.Source.Size)
            && await _paths.OfAsync(item.DestinationPath, cancellation).ConfigureAwait(false) is { } path)
        {
            await _outdated.RemoveAsync(path, cancellation).ConfigureAwait(false);
        }
        if (_sender is null || !(_options.Verify || DeltaSender.Handles(item))) return null;
        return await _sender.SendAsync(item, source, open, sums, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender?.Dispose();
        _receiver?.Dispose();
        _outdated?.Dispose();
    }

    private static bool IsEnabled(SyncRequest request)
    {
        bool isLocal = request.SourceHost.Traits.IsLocal && request.DestinationHost.Traits.IsLocal;
        return request.Options.Delta != DeltaMode.Off && !(request.Options.WholeFile ?? isLocal);
    }
}
