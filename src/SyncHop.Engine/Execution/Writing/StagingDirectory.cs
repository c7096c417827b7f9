using SyncHop.Engine.Contract;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Execution.Writing;

/// <summary>The directory of <c>--temp-dir</c>.</summary>
/// <param name="directory">The directory, on the destination's host.</param>
/// <param name="destination">The tree that files go to.</param>
/// <param name="options">The options.</param>
internal sealed class StagingDirectory(IReplica directory, IReplica destination, SyncOptions options)
{
    private const uint Private = 0x180; // 0600
    private const long CopyBytes = 16 << 20;

    private readonly FileCopier _copier = new(destination.Host, destination.Host, new BufferBudget(CopyBytes), null);

    /// <summary>The directory.</summary>
    public IReplica Directory => directory;

    /// <summary>The tree that files go to.</summary>
    public IReplica Destination => destination;

    /// <summary>Makes a new file that becomes <paramref name="path"/>.</summary>
    /// <exception cref="ReplicaException">It cannot be made; <see cref="ReplicaError.Exists"/> when the name is taken.</exception>
    public async ValueTask<ITargetFile> CreateAsync(RelativePath path, uint permissions, long length, CancellationToken cancellation)
    {
        RelativePath temporary = TemporaryName.For(RelativePath.Root.Join(path.Name));
        return new StagedTargetFile(await directory.CreateFileAsync(temporary, permissions, length, cancellation).ConfigureAwait(false), temporary, this);
    }

    /// <summary>Copies a complete file to its place on another file system.</summary>
    /// <returns>The first attribute that could not be set.</returns>
    /// <exception cref="ReplicaException">It cannot be copied; what was there before stays.</exception>
    public async ValueTask<ReplicaException?> CopyAsync(
        RelativePath temporary, RelativePath path, long length, AttributeChange change, CancellationToken cancellation)
    {
        ISourceFile whole = await directory.OpenReadAsync(temporary, cancellation).ConfigureAwait(false);
        await using (whole.ConfigureAwait(false))
        {
            ITargetFile file = await destination.CreateFileAsync(TemporaryName.For(path), Private, length, cancellation).ConfigureAwait(false);
            if (options.Sparse) file = new SparseTargetFile(file, there: 0);
            if (options.Fsync && destination.Host.Traits.CanFlush) file = new FlushedTargetFile(file);
            await using (file.ConfigureAwait(false))
            {
                if (options.Sparse || !destination.Host.Traits.CanCopyRanges)
                    await _copier.CopyAsync(whole, file, 0, length, null, cancellation).ConfigureAwait(false);
                else if (length > 0)
                    await file.CopyFromAsync(whole, 0, length, 0, cancellation).ConfigureAwait(false);
                // Without -p the mode is the one that open(2) gave the first file.
                AttributeChange all = change with { Permissions = change.Permissions ?? (await whole.StatAsync(cancellation).ConfigureAwait(false)).Permissions };
                return await file.CommitAsync(path, length, all, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes what killed runs left there.</summary>
    public async Task CleanAsync(CancellationToken cancellation)
    {
        try
        {
            FileList list = await directory.ListAsync(RelativePath.Root, linkTargets: false, cancellation).ConfigureAwait(false);
            DateTimeOffset now = DateTimeOffset.UtcNow;
            for (int i = 0; i < list.Count; i++)
            {
                FileList.Entry entry = list.Entries[i];
                if (entry.Stat.IsRegular && Leftovers.IsLeftover(list.NameOf(entry), entry.Stat, now))
                    await RemoveQuietlyAsync(RelativePath.Root.Join(list.NameOf(list.Entries[i]))).ConfigureAwait(false);
            }
        }
        catch (ReplicaException)
        {
            // A directory that may be written to and not listed is good enough.
        }
    }

    /// <summary>Removes a file whose fate is reported elsewhere.</summary>
    public async ValueTask RemoveQuietlyAsync(RelativePath temporary)
    {
        try
        {
            await directory.RemoveFileAsync(temporary, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The failure that led here is the one to report.
        }
    }
}
