using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Delta;
using SyncHop.Engine.Execution.Writing;
using SyncHop.Engine.Hashing;
using SyncHop.Engine.Planning;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Scanning;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Execution;

/// <summary>
/// Makes single entries on the destination. What replaces something is made under a temporary name, gets its attributes
/// and is renamed over, so that the old or the new entry is there at every moment; with <c>--inplace</c> files are not.
/// </summary>
internal sealed class EntryMaker(
    IReplica destination, FileCopier copier, DeltaTransfer delta, WritingModes writing, SyncOptions options, BackupKeeper? backups)
{
    private const int NameTries = 100;

    /// <summary>Whether a file may be opened before it is known that its directory is there: it is new, small, and nothing has to be looked up for it.</summary>
    public bool OpensAhead(PlanItem item) => writing.Opener.OpensAhead(item);

    /// <summary>Copies a regular file's content and attributes.</summary>
    /// <param name="item">The file.</param>
    /// <param name="source">Its content.</param>
    /// <param name="opening">The file to be written, when it is being opened already (<see cref="OpenAsync"/>); null when it is not.</param>
    /// <param name="sum">Takes the content's checksum; null where it is not wanted.</param>
    /// <param name="closed">Called when a file that was copied as a whole is closed, if that is before all is done; null for nobody.</param>
    /// <param name="cancellation">Ends the copying; what was written is removed or kept, as the options say.</param>
    /// <returns>What was copied, and the first attribute that could not be set.</returns>
    public async Task<(TransferResult Result, ReplicaException? Attribute)> TransferAsync(
        PlanItem item, ISourceFile source, Task<ITargetFile>? opening, ContentSum? sum, Action? closed, CancellationToken cancellation)
    {
        if (opening is not null) return await CopyAsync(item, source, await opening.ConfigureAwait(false), 0, sum, closed, cancellation).ConfigureAwait(false);
        if (options.Append != AppendMode.None && item.Existing is { } shorter)
            return await AppendAsync(item, source, shorter.Size, sum, closed, cancellation).ConfigureAwait(false);
        if (await writing.Partials.FindAsync(item, source, cancellation).ConfigureAwait(false) is { } left)
        {
            ITargetFile continued = await writing.Opener.ContinueAsync(item, left.Tree, left.Path, left.Length, cancellation).ConfigureAwait(false);
            return await CopyAsync(item, source, continued, left.Length, sum, closed, cancellation).ConfigureAwait(false);
        }
        bool isKept = false;
        if (await delta.TryAsync(item, source, OpenAgainAsync, sum is not null, cancellation).ConfigureAwait(false) is { } done) return done;
        return await CopyAsync(item, source, await OpenAgainAsync(isSource: true).ConfigureAwait(false), 0, sum, closed, cancellation).ConfigureAwait(false);

        async Task<ITargetFile> OpenAgainAsync(bool isSource)
        {
            // Once: what a first attempt has changed where it is must not replace the backup of what was there.
            if (!isKept) await KeepInPlaceAsync(item, cancellation).ConfigureAwait(false);
            isKept = true;
            return await writing.Opener.OpenAsync(item, isSource, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Copies a regular file's content from an earlier copy.</summary>
    /// <param name="item">The file.</param>
    /// <param name="content">The content: that of the earlier copy, or of the source.</param>
    /// <param name="onDestination">Whether it is on the destination's host.</param>
    /// <param name="cancellation">Ends the copying; the temporary file is removed.</param>
    /// <returns>The first attribute that could not be set.</returns>
    public async Task<ReplicaException?> CopyAsync(PlanItem item, ISourceFile content, bool onDestination, CancellationToken cancellation)
    {
        ITargetFile target = await OpenAsync(item, isSource: !onDestination, cancellation).ConfigureAwait(false);
        await using (target.ConfigureAwait(false))
        {
            long size = item.Source.Size;
            if (!onDestination || !destination.Host.Traits.CanCopyRanges)
                size = await copier.CopyAsync(content, target, 0, size, null, cancellation).ConfigureAwait(false);
            else if (size > 0)
                await target.CopyFromAsync(content, 0, size, 0, cancellation).ConfigureAwait(false);
            return await target.CommitAsync(item.DestinationPath, size, item.Change, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a symlink, named pipe, socket or device node with its attributes.</summary>
    /// <returns>The first attribute that could not be set.</returns>
    public async Task<ReplicaException?> MakeAsync(PlanItem item, CancellationToken cancellation)
    {
        if (!item.Replaces) return await MakeAtAsync(item, item.DestinationPath, cancellation).ConfigureAwait(false);
        RelativePath temporary = TemporaryName.For(item.DestinationPath);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                ReplicaException? failure = await MakeAtAsync(item, temporary, cancellation).ConfigureAwait(false);
                if (backups is null) await destination.RenameAsync(temporary, item.DestinationPath, cancellation).ConfigureAwait(false);
                else await backups.ReplaceAsync(item.DestinationPath, () => destination.RenameAsync(temporary, item.DestinationPath, cancellation), cancellation).ConfigureAwait(false);
                // Renaming one name of a file over another one of the same file does nothing (rename(2)).
                if (item.Action is PlanAction.LinkEarlier or PlanAction.LinkName) await RemoveQuietlyAsync(temporary).ConfigureAwait(false);
                return failure;
            }
            catch (ReplicaException failure) when (failure.Error == ReplicaError.Exists && attempt < NameTries)
            {
                temporary = TemporaryName.For(item.DestinationPath);
            }
            catch (Exception failure) when (failure is ReplicaException or OperationCanceledException)
            {
                await RemoveQuietlyAsync(temporary).ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>Opens the file that becomes the item; where <see cref="OpensAhead"/> holds, perhaps before its directory is known to be there.</summary>
    /// <param name="item">The file.</param>
    /// <param name="isSource">Whether all that will be written is the source's own content.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ITargetFile> OpenAsync(PlanItem item, bool isSource, CancellationToken cancellation)
    {
        await KeepInPlaceAsync(item, cancellation).ConfigureAwait(false);
        return await writing.Opener.OpenAsync(item, isSource, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes the backup of a file that is about to be changed where it is; other files get theirs when they are renamed over.</summary>
    private async Task KeepInPlaceAsync(PlanItem item, CancellationToken cancellation)
    {
        if (!options.Inplace || backups is null || !item.Replaces) return;
        // What is written over would change the backup too if that were another name of it.
        if (item.Existing is not null) await backups.CopyAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
        else await backups.MoveAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
    }

    /// <summary>Appends what a file lacks; where what it has turns out to be wrong, all of it is written again.</summary>
    private async Task<(TransferResult Result, ReplicaException? Attribute)> AppendAsync(
        PlanItem item, ISourceFile source, long there, ContentSum? sum, Action? closed, CancellationToken cancellation)
    {
        bool isRight = options.Append == AppendMode.Unverified
            || await StartsWithAsync(source, item.DestinationPath, there, cancellation).ConfigureAwait(false);
        if (backups is not null) await backups.CopyAsync(item.DestinationPath, cancellation).ConfigureAwait(false);
        ITargetFile target = await writing.Opener.OpenInPlaceAsync(item, item.DestinationPath, isRight ? there : 0, cancellation).ConfigureAwait(false);
        (TransferResult result, ReplicaException? attribute) =
            await CopyAsync(item, source, target, isRight ? there : 0, sum, closed, cancellation).ConfigureAwait(false);
        return (isRight ? result : result with { Bytes = (2 * result.Bytes) - there, IsSecondTry = true }, attribute);
    }

    private async Task<bool> StartsWithAsync(ISourceFile source, RelativePath path, long length, CancellationToken cancellation)
    {
        ISourceFile there = await destination.OpenReadAsync(path, cancellation).ConfigureAwait(false);
        await using (there.ConfigureAwait(false))
            return await PartialFiles.EqualLengthAsync(source, there, length, cancellation).ConfigureAwait(false) == length;
    }

    /// <summary>Copies what lies behind the first <paramref name="start"/> bytes, and gives the file its place and attributes.</summary>
    private async Task<(TransferResult Result, ReplicaException? Attribute)> CopyAsync(
        PlanItem item, ISourceFile source, ITargetFile target, long start, ContentSum? sum, Action? closed, CancellationToken cancellation)
    {
        await using (target.ConfigureAwait(false))
        {
            target.Closed = closed;
            long length = await copier.CopyAsync(source, target, start, item.Source.Size, sum, cancellation).ConfigureAwait(false);
            TransferResult result = new(length - start, sum is null ? "" : sum.Finish());
            return (result, await target.CommitAsync(item.DestinationPath, length, item.Change, cancellation).ConfigureAwait(false));
        }
    }

    private async Task<ReplicaException?> MakeAtAsync(PlanItem item, RelativePath path, CancellationToken cancellation)
    {
        if (item.Action is PlanAction.LinkEarlier or PlanAction.LinkName)
        {
            Origin existing = item.Earlier ?? new Origin(destination, item.Group!.DestinationPath);
            await destination.CreateLinkAsync(path, existing.Replica, existing.Path, cancellation).ConfigureAwait(false);
            return null;
        }
        if (item.Action == PlanAction.MakeSymlink)
            await destination.CreateSymlinkAsync(path, item.Target, cancellation).ConfigureAwait(false);
        else
            await destination.CreateSpecialAsync(path, item.Source.Type, item.CreationPermissions, item.Source.Rdev, cancellation).ConfigureAwait(false);
        if (item.Change.IsEmpty) return null;
        return await destination.SetAttributesAsync(path, item.Source.Type, item.Change, cancellation).ConfigureAwait(false);
    }

    private async Task RemoveQuietlyAsync(RelativePath path)
    {
        try
        {
            await destination.RemoveFileAsync(path, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The failure that led here is the one to report.
        }
    }
}
