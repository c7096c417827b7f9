using System.Collections.Concurrent;
using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Resuming;
using SyncHop.Engine.Reporting;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Execution;

/// <summary>Keeps what is replaced or removed under another name (<c>--backup</c>), beside it or in <c>--backup-dir</c>.</summary>
/// <param name="options">The run's options.</param>
/// <param name="destination">The tree that is changed.</param>
/// <param name="directory">The tree of <c>--backup-dir</c>; null when backups stay beside the files.</param>
/// <param name="copier">Copies contents.</param>
/// <param name="extended">Which extended attributes and lists a copy has like what it is of; null for none.</param>
/// <param name="report">Told of each backup.</param>
/// <param name="problems">Told of what a copy could not be given.</param>
/// <param name="resumption">Knows what earlier attempts of this run kept; null when a lost connection ends the run.</param>
internal sealed class BackupKeeper(
    SyncOptions options, IReplica destination, IReplica? directory, FileCopier copier, ExtendedSelection? extended, Report report, Problems problems, Resumption? resumption)
{
    private const uint Everything = 0x1FF; // 0777, less the umask
    private const uint OwnerAccess = 0x1C0; // 0700

    private readonly ConcurrentDictionary<RelativePath, (uint? Uid, uint? Gid)> _owners = new();
    private volatile bool _lacksLinks;

    /// <summary>Whether <c>--backup-dir</c> may be made in this directory of the tree, and so move its time.</summary>
    public bool MayBeMadeIn(RelativePath path)
    {
        if (options.BackupDirectory is not { } typed || typed.AsSpan().StartsWith("/"u8) || typed.AsSpan().StartsWith("../"u8)) return false;
        return path.IsRoot || (typed.AsSpan().StartsWith(path.Bytes) && typed.Length > path.Bytes.Length && typed[path.Bytes.Length] == '/');
    }

    /// <summary>Whether an entry that is removed is kept: a backup beside its file is not backed up again.</summary>
    public bool Keeps(RelativePath path) => directory is not null || !path.Name.EndsWith(options.BackupSuffix);

    /// <summary>Notes what a directory of the tree is about to become: a directory of backups is made like it, though it gets its owner last.</summary>
    public void Note(RelativePath path, AttributeChange change)
    {
        if (directory is not null && (change.Uid is not null || change.Gid is not null)) _owners[path] = (change.Uid, change.Gid);
    }

    /// <summary>Moves an entry, which is not a directory, to its backup's place.</summary>
    public async Task MoveAsync(RelativePath path, CancellationToken cancellation)
    {
        if (!await TryMoveAsync(path, cancellation).ConfigureAwait(false)) await destination.RemoveFileAsync(path, cancellation).ConfigureAwait(false);
    }

    /// <summary>Puts something in the place of an entry that is kept; when that fails the entry is at its place again.</summary>
    /// <param name="path">The entry.</param>
    /// <param name="replace">Renames over it.</param>
    /// <param name="cancellation">Ends the keeping.</param>
    public async Task ReplaceAsync(RelativePath path, Func<ValueTask> replace, CancellationToken cancellation)
    {
        bool missing = await KeepAsync(path, cancellation).ConfigureAwait(false);
        try
        {
            await replace().ConfigureAwait(false);
        }
        catch (Exception) when (missing)
        {
            await RestoreAsync(path).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Notes that what comes to a place where nothing is needs no backup if it comes again.</summary>
    public void NoteNew(RelativePath path) => resumption?.NoteOurs(path);

    /// <summary>Moves a backup back: what was to replace the entry did not come.</summary>
    private async Task RestoreAsync(RelativePath path)
    {
        (IReplica tree, RelativePath from) = PlaceOf(path);
        resumption?.NoteRestored(path);
        try
        {
            await tree.MoveAsync(from, destination, path, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The backup has the old content; the failure that led here is the one to report.
        }
    }

    /// <summary>Keeps an entry that is about to be renamed over: as a second name where the host has hard links.</summary>
    /// <returns>Whether the entry is now missing at its own place.</returns>
    private async Task<bool> KeepAsync(RelativePath path, CancellationToken cancellation)
    {
        if (IsOurs(path)) return false;
        try
        {
            return !await TryLinkAsync(path, cancellation).ConfigureAwait(false) && await TryMoveAsync(path, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure) when (failure.Error == ReplicaError.NotFound)
        {
            // Somebody else may have removed it meanwhile.
            if (await destination.StatAsync(path, followLink: false, cancellation).ConfigureAwait(false) is not null) throw;
            return false;
        }
    }

    private async Task<bool> TryLinkAsync(RelativePath path, CancellationToken cancellation)
    {
        if (_lacksLinks) return false;
        try
        {
            await InPlaceAsync(path, (tree, to) => LinkAsync(tree, to, path, cancellation), cancellation).ConfigureAwait(false);
            return true;
        }
        catch (ReplicaException failure) when (failure.Error != ReplicaError.NotFound)
        {
            _lacksLinks = failure.Error == ReplicaError.NotSupported;
            return false;
        }
    }

    /// <summary>Copies a regular file that is about to be changed where it is (<c>--inplace</c>).</summary>
    public async Task CopyAsync(RelativePath path, CancellationToken cancellation)
    {
        if (IsOurs(path)) return;
        await InPlaceAsync(path, (tree, to) => new ValueTask(CopyAsync(path, tree, to, cancellation)), cancellation).ConfigureAwait(false);
    }

    /// <summary>Whether an earlier attempt of this run put there what would be kept.</summary>
    private bool IsOurs(RelativePath path) => resumption is not null && resumption.IsOurs(path);

    /// <summary>Moves an entry to its backup's place, or copies it there where that is another file system.</summary>
    /// <returns>Whether it was moved.</returns>
    private async Task<bool> TryMoveAsync(RelativePath path, CancellationToken cancellation)
    {
        bool moved = false;
        await InPlaceAsync(path, async (tree, to) =>
        {
            try
            {
                await destination.MoveAsync(path, tree, to, cancellation).ConfigureAwait(false);
                moved = true;
            }
            catch (ReplicaException failure) when (directory is not null && failure.Error is ReplicaError.OtherFileSystem or ReplicaError.Other)
            {
                // SFTP has no status of its own for another file system.
                await CopyAnyAsync(path, tree, to, cancellation).ConfigureAwait(false);
            }
        }, cancellation).ConfigureAwait(false);
        return moved;
    }

    /// <summary>Copies an entry, which is not a directory, to another file system.</summary>
    private async Task CopyAnyAsync(RelativePath path, IReplica tree, RelativePath to, CancellationToken cancellation)
    {
        if (await destination.StatAsync(path, followLink: false, cancellation).ConfigureAwait(false) is not FileStat stat) return;
        if (stat.IsRegular)
        {
            await CopyAsync(path, tree, to, cancellation).ConfigureAwait(false);
            return;
        }
        byte[] target = stat.IsSymlink ? await destination.ReadLinkAsync(path, cancellation).ConfigureAwait(false) : [];
        if (await tree.StatAsync(to, followLink: false, cancellation).ConfigureAwait(false) is { IsDirectory: false })
            await tree.RemoveFileAsync(to, cancellation).ConfigureAwait(false);
        if (stat.IsSymlink) await tree.CreateSymlinkAsync(to, target, cancellation).ConfigureAwait(false);
        else await tree.CreateSpecialAsync(to, stat.Type, stat.Permissions, stat.Rdev, cancellation).ConfigureAwait(false);
        AttributeChange change = AttributesOf(stat, await ReadExtendedAsync(path, stat.Type, cancellation).ConfigureAwait(false));
        if (stat.IsSymlink) change = change with { Permissions = null };
        Tell(tree, to, await tree.SetAttributesAsync(to, stat.Type, change, cancellation).ConfigureAwait(false));
    }

    private ValueTask<ExtendedAttributes?> ReadExtendedAsync(RelativePath path, FileType type, CancellationToken cancellation) =>
        extended is null ? default : destination.ReadExtendedAsync(path, type, extended, cancellation);

    private void Tell(IReplica tree, RelativePath copy, ReplicaException? failure)
    {
        if (failure is not null && extended is not null) problems.Failed("receiver", failure.Operation, tree.FullPath(copy), failure);
    }

    private AttributeChange AttributesOf(in FileStat stat, ExtendedAttributes? besides) => new()
    {
        Extended = extended is null ? null : new ExtendedChange
        {
            Selection = extended,
            Attributes = extended.TakesAttribute is null ? null : besides?.Attributes ?? [],
            SetsAccess = extended.Lists && !stat.IsSymlink,
            Access = besides?.Access,
        },
        Permissions = stat.Permissions,
        Mtime = new Timestamp(stat.MtimeSeconds, stat.MtimeNanoseconds),
        Uid = destination.Host.Identities.IsSuperuser ? stat.Uid : null,
        Gid = destination.Host.Identities.IsSuperuser ? stat.Gid : null,
    };

    private async Task CopyAsync(RelativePath path, IReplica tree, RelativePath to, CancellationToken cancellation)
    {
        const uint privately = 0x180; // 0600
        ISourceFile old = await destination.OpenReadAsync(path, cancellation).ConfigureAwait(false);
        await using (old.ConfigureAwait(false))
        {
            FileStat stat = await old.StatAsync(cancellation).ConfigureAwait(false);
            ITargetFile copy = await tree.CreateFileAsync(TemporaryName.For(to), privately, stat.Size, cancellation).ConfigureAwait(false);
            await using (copy.ConfigureAwait(false))
            {
                if (!destination.Host.Traits.CanCopyRanges) await copier.CopyAsync(old, copy, 0, stat.Size, null, cancellation).ConfigureAwait(false);
                else if (stat.Size > 0) await copy.CopyFromAsync(old, 0, stat.Size, 0, cancellation).ConfigureAwait(false);
                ExtendedAttributes? besides = await ReadExtendedAsync(path, stat.Type, cancellation).ConfigureAwait(false);
                Tell(tree, to, await copy.CommitAsync(to, stat.Size, AttributesOf(stat, besides), cancellation).ConfigureAwait(false));
            }
        }
    }

    private async ValueTask LinkAsync(IReplica tree, RelativePath to, RelativePath path, CancellationToken cancellation)
    {
        try
        {
            await tree.CreateLinkAsync(to, destination, path, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure) when (failure.Error is ReplicaError.Exists or ReplicaError.Other)
        {
            // SFTP v3 has no status of its own for a name that is taken. An older backup gives way to the newer one.
            try
            {
                await tree.RemoveFileAsync(to, cancellation).ConfigureAwait(false);
            }
            catch (ReplicaException missing) when (missing.Error == ReplicaError.NotFound)
            {
                // The name was not taken: links cannot be made here.
                throw failure;
            }
            await tree.CreateLinkAsync(to, destination, path, cancellation).ConfigureAwait(false);
        }
    }

    private async Task InPlaceAsync(RelativePath path, Func<IReplica, RelativePath, ValueTask> keep, CancellationToken cancellation)
    {
        (IReplica tree, RelativePath to) = PlaceOf(path);
        try
        {
            await keep(tree, to).ConfigureAwait(false);
        }
        catch (ReplicaException failure) when (IsMissingAbove(failure) && directory is not null)
        {
            await MakeDirectoriesAsync(path.Parent, cancellation).ConfigureAwait(false);
            await keep(tree, to).ConfigureAwait(false);
        }
        resumption?.NoteOurs(path);
        if (options.Info(InfoFlag.Backup) > 0)
        {
            LineBuilder line = report.NewLine().Text("backed up ").Bytes(path.Bytes).Text(" to ");
            if (options.BackupDirectory is { } typed) line.Bytes(typed.AsSpan().TrimEnd((byte)'/')).Text("/");
            report.Add(line.Bytes(to.Bytes).ToLine());
        }
    }

    private (IReplica Tree, RelativePath Path) PlaceOf(RelativePath path)
    {
        RelativePath name = new([.. path.Bytes, .. options.BackupSuffix]);
        return (directory ?? destination, name);
    }

    /// <summary>Makes the directories above a backup like those above the file.</summary>
    private async Task MakeDirectoriesAsync(RelativePath path, CancellationToken cancellation)
    {
        if (path.IsRoot)
        {
            await PathMaker.MakeAsync(destination.Host, directory!.FullPath(path), dryRun: false, cancellation).ConfigureAwait(false);
            return;
        }
        if (!await TryMakeAsync(path, cancellation).ConfigureAwait(false))
        {
            await MakeDirectoriesAsync(path.Parent, cancellation).ConfigureAwait(false);
            // If the one above could not be made either, the backup itself fails and is reported.
            await TryMakeAsync(path, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Makes one directory, with the attributes of the file's own.</summary>
    /// <returns>Whether the directory above is there.</returns>
    private async Task<bool> TryMakeAsync(RelativePath path, CancellationToken cancellation)
    {
        try
        {
            await CreateAsync(path, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure)
        {
            // Otherwise it is there already: another backup needed it too. If not, the backup itself fails and is reported.
            return !IsMissingAbove(failure);
        }
        if (await destination.StatAsync(path, followLink: false, cancellation).ConfigureAwait(false) is not { IsDirectory: true } like) return true;
        bool gives = destination.Host.Identities.IsSuperuser;
        (uint? uid, uint? gid) = _owners.GetValueOrDefault(path);
        AttributeChange change = new()
        {
            // A directory that its owner may not change would keep the next backup out.
            Permissions = like.Permissions | OwnerAccess,
            Uid = gives && options.Owner ? uid ?? like.Uid : null,
            Gid = gives && options.Group ? gid ?? like.Gid : null,
        };
        await directory!.SetAttributesAsync(path, FileType.Directory, change, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Whether the directory above is not there, or something else is in its place.</summary>
    private static bool IsMissingAbove(ReplicaException failure) => failure.Error is ReplicaError.NotFound or ReplicaError.NotDirectory;

    /// <summary>Makes a directory, also in the place of an older backup that was none.</summary>
    private async Task CreateAsync(RelativePath path, CancellationToken cancellation)
    {
        try
        {
            await directory!.CreateDirectoryAsync(path, Everything, cancellation).ConfigureAwait(false);
        }
        catch (ReplicaException failure) when (failure.Error != ReplicaError.NotFound)
        {
            if (await directory!.StatAsync(path, followLink: false, cancellation).ConfigureAwait(false) is not { IsDirectory: false }) throw;
            await directory.RemoveFileAsync(path, cancellation).ConfigureAwait(false);
            await directory.CreateDirectoryAsync(path, Everything, cancellation).ConfigureAwait(false);
        }
    }
}
