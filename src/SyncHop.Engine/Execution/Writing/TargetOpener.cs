using SyncHop.Engine.Contract;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Execution.Writing;

/// <summary>Opens files for writing where and how the options want them written.</summary>
/// <param name="destination">The tree they are in.</param>
/// <param name="options">The options.</param>
/// <param name="holding">Directories for partial files.</param>
/// <param name="delayed">What waits for the end of the run; null without <c>--delay-updates</c>.</param>
/// <param name="run">Cancelled when the run is ended.</param>
internal sealed class TargetOpener(
    IReplica destination, SyncOptions options, HoldingDirectories holding, DelayedUpdates? delayed, CancellationToken run)
{
    /// <summary>Files up to this length come in one piece: there is nothing to continue.</summary>
    private const int LongestUnkept = 256 * 1024;

    private const int NameTries = 100;

    /// <summary>Whether the file is new and made in one piece, so that all there is to do is to open a temporary one.</summary>
    public bool OpensAhead(PlanItem item) =>
        !options.Inplace && !options.Verify && item is { Replaces: false, HeldAt: null, Leftover: null, Obstacle: null, Source.Size: < LongestUnkept };

    /// <summary>Opens the file that becomes the item: a temporary one, or with <c>--inplace</c> itself.</summary>
    public async Task<ITargetFile> OpenAsync(PlanItem item, CancellationToken cancellation)
    {
        if (options.Inplace)
        {
            // Another kind of entry cannot become a file.
            if (item is { Replaces: true, Existing: null }) await destination.RemoveFileAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
            return await OpenInPlaceAsync(item, item.DestinationPath, cancellation).ConfigureAwait(false);
        }
        bool keeps = options.Partial && item.Source.Size > LongestUnkept;
        if (keeps && options.PartialDir is not null)
        {
            // There from the beginning, so that it is kept also when this program, or the line, is cut off.
            RelativePath held = await holding.MakeForAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
            ITargetFile partial = await OpenInPlaceAsync(item, held, cancellation).ConfigureAwait(false);
            return Delayed(Kept(partial, item, held, 0));
        }
        ITargetFile file = await CreateAsync(item, cancellation).ConfigureAwait(false);
        if (options.Sparse) file = new SparseTargetFile(file);
        file = await PreparedAsync(file, item, cancellation).ConfigureAwait(false);
        return Delayed(keeps ? Kept(file, item, item.DestinationPath, 0) : file);
    }

    /// <summary>Opens what is left of a file, to go on behind its beginning of <paramref name="start"/> bytes.</summary>
    public async Task<ITargetFile> ContinueAsync(PlanItem item, RelativePath path, long start, CancellationToken cancellation)
    {
        ITargetFile file = await OpenInPlaceAsync(item, path, cancellation).ConfigureAwait(false);
        bool isHeld = item.HeldAt == path;
        return Delayed(options.Partial ? Kept(file, item, isHeld ? path : item.DestinationPath, start) : file);
    }

    /// <summary>Opens a file where it is.</summary>
    public async Task<ITargetFile> OpenInPlaceAsync(PlanItem item, RelativePath path, CancellationToken cancellation)
    {
        ITargetFile file = await destination.OpenWriteAsync(path, item.CreationPermissions, cancellation).ConfigureAwait(false);
        return await PreparedAsync(file, item, cancellation).ConfigureAwait(false);
    }

    private PartialTargetFile Kept(ITargetFile file, PlanItem item, RelativePath keptAs, long start) =>
        new(file, keptAs, start, PartialFiles.MarkOf(item.Source), run);

    private ITargetFile Delayed(ITargetFile file) => delayed is null ? file : delayed.Delay(file);

    private async Task<ITargetFile> PreparedAsync(ITargetFile file, PlanItem item, CancellationToken cancellation)
    {
        if (options.Preallocate && destination.Host.Traits.CanAllocate)
        {
            try
            {
                await file.AllocateAsync(item.Source.Size, cancellation).ConfigureAwait(false);
            }
            catch
            {
                await file.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        return options.Fsync && destination.Host.Traits.CanFlush ? new FlushedTargetFile(file) : file;
    }

    private async Task<ITargetFile> CreateAsync(PlanItem item, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            RelativePath temporary = TemporaryName.For(item.DestinationPath);
            try
            {
                return await destination.CreateFileAsync(temporary, item.CreationPermissions, item.Source.Size, cancellation).ConfigureAwait(false);
            }
            catch (ReplicaException failure) when (failure.Error == ReplicaError.Exists && attempt < NameTries)
            {
            }
        }
    }
}
