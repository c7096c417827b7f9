using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Execution.Writing;

/// <summary>Opens files for writing where and how the options want them written.</summary>
/// <param name="destination">The tree they are in.</param>
/// <param name="options">The options.</param>
/// <param name="backups">Keeps what is replaced; null when it is not kept.</param>
/// <param name="holding">Directories for partial files.</param>
/// <param name="directory">An absolute directory for partial files; null for none.</param>
/// <param name="delayed">What waits for the end of the run; null without <c>--delay-updates</c>.</param>
/// <param name="staging">Where new files are written; null for beside the files they become.</param>
/// <param name="resumption">Remembers files that a lost connection leaves incomplete; null for nobody.</param>
/// <param name="run">Cancelled when the run is ended.</param>
internal sealed class TargetOpener(
    IReplica destination, SyncOptions options, BackupKeeper? backups, HoldingDirectories holding, PartialDirectory? directory, DelayedUpdates? delayed, StagingDirectory? staging,
    Resumption? resumption, CancellationToken run)
{
    /// <summary>Files up to this length come in one piece: there is nothing to continue.</summary>
    private const int LongestUnkept = 256 * 1024;

    private const int NameTries = 100;

    /// <summary>Whether the file is new and made in one piece, so that all there is to do is to open a temporary one.</summary>
    public bool OpensAhead(PlanItem item) =>
        !options.Inplace && !options.Verify && item is { Replaces: false, HeldAt: null, Leftover: null, Obstacle: null, Source.Size: < LongestUnkept };

    /// <summary>Opens the file that becomes the item: a temporary one, or with <c>--inplace</c> itself.</summary>
    /// <param name="item">The file.</param>
    /// <param name="isSource">Whether all that is written is the source's own content: then a later attempt can go on from it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ITargetFile> OpenAsync(PlanItem item, bool isSource, CancellationToken cancellation)
    {
        if (options.Inplace)
        {
            // Another kind of entry cannot become a file; its backup is made by moving it.
            if (backups is null && item is { Replaces: true, Existing: null }) await destination.RemoveFileAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
            return await OpenInPlaceAsync(item, item.DestinationPath, isSource ? 0 : null, cancellation).ConfigureAwait(false);
        }
        bool keeps = options.Partial && item.Source.Size > LongestUnkept;
        if (keeps && directory is not null)
        {
            if (directory.PlaceOf(item) is { } place && await TryOpenAsync(item, place, cancellation).ConfigureAwait(false) is { } placed) return placed;
            keeps = false;
        }
        if (keeps && options.PartialDir is not null && staging is null)
        {
            // There from the beginning, so that it is kept also when this program, or the line, is cut off.
            RelativePath held = await holding.MakeForAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
            ITargetFile partial = await OpenInPlaceAsync(item, held, isSource ? 0 : null, cancellation).ConfigureAwait(false);
            return Delayed(Kept(BackedUp(partial, item), item, held, 0), item);
        }
        ITargetFile file = await CreateAsync(item, isSource, cancellation).ConfigureAwait(false);
        file = BackedUp(await PreparedAsync(file, item, isNew: true, cancellation).ConfigureAwait(false), item);
        if (!keeps) return Delayed(file, item);
        RelativePath kept = options.PartialDir is null
            ? item.DestinationPath
            : await holding.MakeForAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
        return Delayed(Kept(file, item, kept, 0), item);
    }

    /// <summary>Opens what is left of a file, to go on behind its beginning of <paramref name="start"/> bytes.</summary>
    public async Task<ITargetFile> ContinueAsync(PlanItem item, IReplica tree, RelativePath path, long start, CancellationToken cancellation)
    {
        if (tree == directory?.Tree) return await OpenPlacedAsync(item, path, start, cancellation).ConfigureAwait(false);
        bool isItsOwn = path == item.DestinationPath;
        if (isItsOwn && options.Partial) path = await SetAsideAsync(path, cancellation).ConfigureAwait(false);
        ITargetFile file = await OpenInPlaceAsync(item, path, start, cancellation).ConfigureAwait(false);
        // A beginning in the file's own place is nothing to be kept: the old version was when the beginning came there.
        if (!isItsOwn) file = BackedUp(file, item);
        bool isHeld = item.HeldAt == path;
        return Delayed(options.Partial ? Kept(file, item, isHeld ? path : item.DestinationPath, start) : file, item);
    }

    /// <summary>
    /// Gives a beginning that was kept under the file's own name a temporary one. It loses its mark when it is written on: if this program
    /// is then killed, nobody could tell it from a file that somebody changed, and <c>--update</c> would take it for newer.
    /// </summary>
    /// <returns>Its path; the old one where it cannot be renamed.</returns>
    private async Task<RelativePath> SetAsideAsync(RelativePath path, CancellationToken cancellation)
    {
        RelativePath aside = TemporaryName.For(path);
        try
        {
            await destination.RenameAsync(path, aside, cancellation).ConfigureAwait(false);
            return aside;
        }
        catch (ReplicaException)
        {
            return path;
        }
    }

    /// <summary>Opens an item's file in the directory of partial files; where that cannot be, nothing is kept, as in rsync.</summary>
    private async Task<ITargetFile?> TryOpenAsync(PlanItem item, RelativePath place, CancellationToken cancellation)
    {
        try
        {
            return await OpenPlacedAsync(item, place, 0, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            return null;
        }
    }

    private async Task<ITargetFile> OpenPlacedAsync(PlanItem item, RelativePath place, long start, CancellationToken cancellation)
    {
        ITargetFile file = await directory!.OpenAsync(item, place, cancellation).ConfigureAwait(false);
        file = await PreparedAsync(file, item, isNew: false, cancellation).ConfigureAwait(false);
        return Delayed(BackedUp(directory.Moved(Kept(file, item, place, start), place), item), item);
    }

    /// <summary>Opens a file where it is, of which the first <paramref name="start"/> bytes are right; null when none may count on what is written.</summary>
    public async Task<ITargetFile> OpenInPlaceAsync(PlanItem item, RelativePath path, long? start, CancellationToken cancellation)
    {
        // Its backup, if it needs one, is made: what a lost connection leaves in its place is ours.
        if (path == item.DestinationPath) resumption?.NoteOurs(path);
        ITargetFile file = await destination.OpenWriteAsync(path, item.CreationPermissions, cancellation).ConfigureAwait(false);
        file = Resumable(file, item, path, start);
        return await PreparedAsync(file, item, isNew: false, cancellation).ConfigureAwait(false);
    }

    private PartialTargetFile Kept(ITargetFile file, PlanItem item, RelativePath keptAs, long start) =>
        new(file, keptAs, start, PartialFiles.MarkOf(item.Source), run);

    private ITargetFile Resumable(ITargetFile file, PlanItem item, RelativePath path, long? start) =>
        resumption is null || start is null ? file : new ResumableTargetFile(file, destination, item, path, start.Value, resumption);

    /// <summary>As in rsync, what is copied from an earlier copy has its name at once: other names may become links to it.</summary>
    private ITargetFile Delayed(ITargetFile file, PlanItem item) =>
        delayed is null || item.Action is PlanAction.CopyEarlier or PlanAction.LinkEarlier ? file : delayed.Delay(file, item.Replaces);

    private ITargetFile BackedUp(ITargetFile file, PlanItem item) =>
        backups is not null && item.Replaces && !options.Inplace ? new BackedUpFile(file, item.DestinationPath, backups, destination, mustKeep: !options.DelayUpdates) : file;

    private async Task<ITargetFile> PreparedAsync(ITargetFile file, PlanItem item, bool isNew, CancellationToken cancellation)
    {
        try
        {
            if (options.Preallocate && destination.Host.Traits.CanAllocate) await file.AllocateAsync(item.Source.Size, cancellation).ConfigureAwait(false);
            if (options.Sparse)
            {
                long there = isNew ? 0 : (await file.StatAsync(cancellation).ConfigureAwait(false)).Size;
                file = new SparseTargetFile(file, there);
            }
            return options.Fsync && destination.Host.Traits.CanFlush ? new FlushedTargetFile(file) : file;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<ITargetFile> CreateAsync(PlanItem item, bool isSource, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            RelativePath temporary = TemporaryName.For(item.DestinationPath);
            try
            {
                if (staging is not null)
                    return await staging.CreateAsync(item.DestinationPath, item.CreationPermissions, item.Source.Size, cancellation).ConfigureAwait(false);
                ITargetFile file = await destination
                    .CreateFileAsync(temporary, item.CreationPermissions, item.Source.Size, cancellation).ConfigureAwait(false);
                return Resumable(file, item, temporary, isSource ? 0 : null);
            }
            catch (ReplicaException failure) when (failure.Error == ReplicaError.Exists && attempt < NameTries)
            {
            }
        }
    }
}
