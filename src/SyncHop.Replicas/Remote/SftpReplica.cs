using SyncHop.Engine.Contract;
using SyncHop.Engine.Temporaries;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// A tree on the final host. SFTP v3 has no way to say "do not follow a symlink on the way": below the root the server
/// follows what another user there puts in the way during the run, as for every SFTP client.
/// </summary>
internal sealed class SftpReplica : IReplica
{
    private const int LongestTarget = 4095; // PATH_MAX without the NUL
    private const int QuestionsAtOnce = 1024;

    private readonly SftpHost _host;
    private readonly byte[] _root;
    private readonly LinkFollowing _follows;
    private Task<byte[]?>? _realRoot;

    public SftpReplica(SftpHost host, byte[] root, LinkFollowing follows)
    {
        _host = host;
        _follows = follows;
        ReadOnlySpan<byte> trimmed = root;
        while (trimmed.Length > 1 && trimmed[^1] == '/') trimmed = trimmed[..^1];
        _root = trimmed.IsEmpty ? "."u8.ToArray() : trimmed.ToArray();
    }

    private SftpClient Client => _host.Client;

    public IReplicaHost Host => _host;

    public void Dispose()
    {
        // The session is the host's.
    }

    public byte[] FullPath(RelativePath path)
    {
        byte[] full = PathOf(path);
        if (full[0] == '/') return full;
        if (full.AsSpan().SequenceEqual("."u8)) return _host.Home.Length > 0 ? _host.Home : full;
        ReadOnlySpan<byte> relative = full.AsSpan().StartsWith("./"u8) ? full.AsSpan(2) : full;
        ReadOnlySpan<byte> home = _host.Home.AsSpan().TrimEnd((byte)'/');
        return _host.Home.Length == 0 ? full : [.. home, (byte)'/', .. relative];
    }

    public async ValueTask<byte[]?> ResolveRootAsync(CancellationToken cancellation)
    {
        try
        {
            byte[] path = await Client.RealPathAsync(_root, cancellation).Translated("realpath").ConfigureAwait(false);
            return path is [(byte)'/', ..] && path.Length <= LongestTarget ? path : null;
        }
        catch (ReplicaException)
        {
            return null;
        }
    }

    public async ValueTask<FileStat?> StatAsync(RelativePath path, bool followLink, CancellationToken cancellation)
    {
        byte[] full = PathOf(path);
        try
        {
            SftpAttributes attributes = await (followLink ? Client.StatAsync(full, cancellation) : Client.LStatAsync(full, cancellation))
                .Translated(followLink ? "stat" : "lstat").ConfigureAwait(false);
            FileStat stat = SftpStat.ToStat(attributes);
            if (stat.IsDirectory && _host.AsksFileSystems) stat = stat with { Device = await FileSystemOfAsync(full, cancellation).ConfigureAwait(false) };
            if (followLink && stat.IsDirectory && _follows == LinkFollowing.Beneath && !path.IsRoot) await CheckBeneathAsync(path, cancellation).ConfigureAwait(false);
            return stat;
        }
        catch (ReplicaException missing) when (missing.Error == ReplicaError.NotFound)
        {
            return null;
        }
    }

    public async ValueTask<FileList> ListAsync(RelativePath directory, bool linkTargets, CancellationToken cancellation)
    {
        ListingSink sink = new(_host.ListingBytes);
        try
        {
            await Client.ListDirectoryAsync(PathOf(directory), sink, cancellation).ConfigureAwait(false);
        }
        catch (SftpException refused) when (refused.StatusCode == SftpStatusCode.NoSuchFile)
        {
            // OpenSSH says so for ENOTDIR and ELOOP too; what is still there has not vanished.
            if (await StatAsync(directory, followLink: false, cancellation).ConfigureAwait(false) is null) throw SftpErrors.Translate(refused, "opendir");
            throw new ReplicaException(ReplicaError.NotDirectory, "opendir", "Not a directory (20)");
        }
        catch (Exception failure) when (failure is SftpException or SftpConnectionException)
        {
            throw SftpErrors.Translate(failure, "opendir");
        }
        // OpenSSH's server leaves out what it cannot lstat, which is everything in a directory that may not be entered.
        if (sink.List.Count == 0) await Client.LStatAsync(PathOf(directory.Join("."u8)), cancellation).Translated("opendir").ConfigureAwait(false);
        if (sink.LacksModes) await AddModesAsync(directory, sink.List, cancellation).ConfigureAwait(false);
        if (linkTargets) await AddTargetsAsync(directory, sink, cancellation).ConfigureAwait(false);
        if (_host.AsksFileSystems) await AddFileSystemsAsync(directory, sink.List, cancellation).ConfigureAwait(false);
        return sink.List;
    }

    public async ValueTask<byte[]> ReadLinkAsync(RelativePath path, CancellationToken cancellation)
    {
        byte[] target = await Client.ReadLinkAsync(PathOf(path), cancellation).Translated("readlink").ConfigureAwait(false);
        return target.Length <= LongestTarget ? target : throw new ReplicaException(ReplicaError.Other, "readlink", "File name too long (36)");
    }

    public async ValueTask<ISourceFile> OpenReadAsync(RelativePath path, CancellationToken cancellation)
    {
        byte[] full = PathOf(path);
        (SftpLane lane, SftpHandle handle) = await OpenAsync(
            client => client.OpenAsync(full, SftpOpenFlags.Read, default, cancellation).Translated("open")).ConfigureAwait(false);
        return new SftpSourceFile(new LaneHandles(_host.Lanes, lane, handle, full, SftpOpenFlags.Read));
    }

    public async ValueTask<ITargetFile> CreateFileAsync(RelativePath temporary, uint permissions, long length, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        byte[] full = PathOf(temporary);
        // Not cancelled once it is sent: the caller must learn of the file to remove it again.
        (SftpLane lane, SftpHandle handle) = await OpenAsync(client => client
            .OpenAsync(full, SftpOpenFlags.Write | SftpOpenFlags.Create | SftpOpenFlags.Exclusive, SftpStat.OfPermissions(permissions), CancellationToken.None)
            .Translated("mkstemp"), lost: () => RemoveQuietlyAsync(temporary)).ConfigureAwait(false);
        return new SftpTargetFile(this, new LaneHandles(_host.Lanes, lane, handle, full, SftpOpenFlags.Write), temporary, isTemporary: true);
    }

    public async ValueTask<ITargetFile> OpenWriteAsync(RelativePath path, uint permissions, CancellationToken cancellation)
    {
        byte[] full = PathOf(path);
        SftpHandle handle = await InPlaceOpening.OpenAsync(Client, full, permissions, cancellation).ConfigureAwait(false);
        return new SftpTargetFile(this, new LaneHandles(_host.Lanes, _host.Lanes.First, handle, full, SftpOpenFlags.Write), path, isTemporary: false);
    }

    public ValueTask CreateDirectoryAsync(RelativePath path, uint permissions, CancellationToken cancellation) =>
        Client.MkDirAsync(PathOf(path), SftpStat.OfPermissions(permissions), cancellation).Translated("mkdir");

    public ValueTask CreateSymlinkAsync(RelativePath path, ReadOnlyMemory<byte> target, CancellationToken cancellation) =>
        Client.SymlinkAsync(PathOf(path), target, cancellation).Translated("symlink");

    public ValueTask CreateSpecialAsync(RelativePath path, FileType type, uint permissions, ulong rdev, CancellationToken cancellation) =>
        ValueTask.FromException(new ReplicaException(ReplicaError.NotSupported, "mknod", "SFTP has no such request"));

    public ValueTask RemoveFileAsync(RelativePath path, CancellationToken cancellation) =>
        Client.RemoveAsync(PathOf(path), cancellation).Translated("unlink");

    public async ValueTask RemoveDirectoryAsync(RelativePath path, CancellationToken cancellation)
    {
        try
        {
            await Client.RmDirAsync(PathOf(path), cancellation).ConfigureAwait(false);
        }
        catch (SftpException refused) when (refused.StatusCode == SftpStatusCode.Failure)
        {
            // v3 has no status for ENOTEMPTY, the usual cause of a failure without a name; another is a mount point.
            if (!await IsEmptyAsync(path, cancellation).ConfigureAwait(false)) throw new ReplicaException(ReplicaError.NotEmpty, "rmdir", "Directory not empty (39)");
            await Client.RmDirAsync(PathOf(path), cancellation).Translated("rmdir").ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SftpException or SftpConnectionException)
        {
            throw SftpErrors.Translate(failure, "rmdir");
        }
    }

    /// <summary>Whether a directory is known to have nothing in it.</summary>
    private async Task<bool> IsEmptyAsync(RelativePath directory, CancellationToken cancellation)
    {
        try
        {
            FileList list = await ListAsync(directory, linkTargets: false, cancellation).ConfigureAwait(false);
            return list is { Count: 0, Problems.Count: 0 };
        }
        catch (ReplicaException)
        {
            return false;
        }
    }

    public ValueTask RenameAsync(RelativePath from, RelativePath to, CancellationToken cancellation) => MoveAsync(from, this, to, cancellation);

    public ValueTask MoveAsync(RelativePath from, IReplica tree, RelativePath to, CancellationToken cancellation)
    {
        SftpReplica other = (SftpReplica)tree;
        return Client.Supports(SftpExtension.PosixRename)
            ? Client.PosixRenameAsync(PathOf(from), other.PathOf(to), cancellation).Translated("rename")
            : MoveInStepsAsync(from, other, to, cancellation);
    }

    public ValueTask CreateLinkAsync(RelativePath path, IReplica tree, RelativePath existing, CancellationToken cancellation) =>
        Client.Supports(SftpExtension.HardLink)
            ? Client.HardLinkAsync(((SftpReplica)tree).PathOf(existing), PathOf(path), cancellation).Translated("link")
            : ValueTask.FromException(new ReplicaException(ReplicaError.NotSupported, "link", "the SFTP server does not support it"));

    public async ValueTask<ReplicaException?> SetAttributesAsync(
        RelativePath path, FileType type, AttributeChange change, CancellationToken cancellation)
    {
        FileStat? current = null;
        if (SftpChange.NeedsOwner(change))
        {
            current = await StatAsync(path, followLink: false, cancellation).ConfigureAwait(false);
            if (current is null) return new ReplicaException(ReplicaError.NotFound, "chown", "No such file or directory (2)");
        }
        SftpChange encoded = SftpChange.Of(change, type, current);
        byte[] full = PathOf(path);
        // Both requests go out together; the server takes them in order.
        Task<ReplicaException?> owner = SetAsync(full, type, encoded.Owner, "chown", cancellation);
        Task<ReplicaException?> rest = SetAsync(full, type, encoded.Rest, change.Mtime is null && change.Atime is null ? "chmod" : "set times", cancellation);
        await Task.WhenAll(owner, rest).ConfigureAwait(false);
        return await owner.ConfigureAwait(false) ?? await rest.ConfigureAwait(false) ?? encoded.Unholdable;
    }

    /// <summary>Opens a file on the least busy session; on the first where another cannot.</summary>
    /// <param name="open">Opens it.</param>
    /// <param name="lost">Undoes what a session may have done before it was lost.</param>
    private async ValueTask<(SftpLane Lane, SftpHandle Handle)> OpenAsync(Func<SftpClient, ValueTask<SftpHandle>> open, Func<Task>? lost = null)
    {
        SftpLane lane = _host.Lanes.Choose();
        SftpLane first = _host.Lanes.First;
        if (lane != first)
        {
            try
            {
                return (lane, await open(lane.Client).ConfigureAwait(false));
            }
            catch (ReplicaLostException failure) when (_host.Lanes.Drop(lane, failure))
            {
                if (lost is not null) await lost().ConfigureAwait(false);
            }
            catch (ReplicaException)
            {
                // Out of handles, perhaps. If it is about the file, the first says so too.
            }
        }
        return (first, await open(first.Client).ConfigureAwait(false));
    }

    internal byte[] PathOf(RelativePath path)
    {
        if (path.IsRoot) return _root;
        if (_root.AsSpan().SequenceEqual("."u8)) return path.Bytes.StartsWith("~"u8) ? [.. "./"u8, .. path.Bytes] : path.Bytes.ToArray();
        return _root[^1] == '/' ? [.. _root, .. path.Bytes] : [.. _root, (byte)'/', .. path.Bytes];
    }

    /// <summary>Refuses a symlink that leads out of the tree, as far as the server's REALPATH tells.</summary>
    private async Task CheckBeneathAsync(RelativePath path, CancellationToken cancellation)
    {
        _realRoot ??= ResolveRootAsync(CancellationToken.None).AsTask();
        Task<byte[]> target = Client.ReadLinkAsync(PathOf(path), cancellation).Translated("readlink").AsTask();
        Task<byte[]> reached = Client.RealPathAsync(PathOf(path), cancellation).Translated("realpath").AsTask();
        await Task.WhenAll(reached, target).ConfigureAwait(false);
        byte[] real = await reached.ConfigureAwait(false);
        bool isAbsolute = await target.ConfigureAwait(false) is [(byte)'/', ..];
        byte[]? root = await _realRoot.WaitAsync(cancellation).ConfigureAwait(false);
        bool isBeneath = root is not null && real.AsSpan().StartsWith(root) && (root[^1] == '/' || real.Length == root.Length || real[root.Length] == '/');
        if (isAbsolute || !isBeneath) throw new ReplicaException(ReplicaError.Other, "stat", "Too many levels of symbolic links (40)");
    }

    internal async Task RemoveQuietlyAsync(RelativePath path)
    {
        try
        {
            await Client.RemoveAsync(PathOf(path)).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The failure that led here is the one to report.
        }
    }

    private async Task<ReplicaException?> SetAsync(
        byte[] path, FileType type, SftpAttributes? attributes, string operation, CancellationToken cancellation)
    {
        if (attributes is not SftpAttributes wanted) return null;
        // With --keep-dirlinks a directory may be a symlink to one.
        bool keepsLinks = _follows == LinkFollowing.Beneath && type == FileType.Directory;
        bool linkSafe = !keepsLinks && Client.Supports(SftpExtension.LSetStat) && (type == FileType.Symlink || !(wanted.HasPermissions && _host.LinkSafeModesFail));
        try
        {
            if (linkSafe) await Client.LSetStatAsync(path, wanted, cancellation).ConfigureAwait(false);
            else await Client.SetStatAsync(path, wanted, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (SftpException refused) when (linkSafe && type != FileType.Symlink && wanted.HasPermissions
            && refused.StatusCode is SftpStatusCode.Failure or SftpStatusCode.Unsupported)
        {
            _host.LinkSafeModesFail = true;
            return await SetAsync(path, type, attributes, operation, cancellation).ConfigureAwait(false);
        }
        catch (SftpException refused)
        {
            return SftpErrors.Translate(refused, operation);
        }
        catch (SftpConnectionException lost)
        {
            throw SftpErrors.Translate(lost, operation);
        }
    }

    /// <summary>
    /// Replaces without <c>posix-rename@openssh.com</c>: RENAME fails when the new name is taken, so the old file steps
    /// aside first and comes back when the rename fails.
    /// </summary>
    private async ValueTask MoveInStepsAsync(RelativePath from, SftpReplica tree, RelativePath to, CancellationToken cancellation)
    {
        if (await tree.StatAsync(to, followLink: false, cancellation).ConfigureAwait(false) is not FileStat old)
        {
            await Client.RenameAsync(PathOf(from), tree.PathOf(to), cancellation).Translated("rename").ConfigureAwait(false);
            return;
        }
        // As rename(2) does: it could not be removed below, with what is in it.
        if (old.IsDirectory) throw new ReplicaException(ReplicaError.IsDirectory, "rename", "Is a directory (21)");
        // From here on nothing is cancelled: the old file comes back or goes.
        byte[] target = tree.PathOf(to), aside = tree.PathOf(TemporaryName.AsideFor(to));
        await Client.RenameAsync(target, aside, CancellationToken.None).Translated("rename").ConfigureAwait(false);
        try
        {
            await Client.RenameAsync(PathOf(from), target, CancellationToken.None).Translated("rename").ConfigureAwait(false);
        }
        catch (ReplicaException)
        {
            await Client.RenameAsync(aside, target, CancellationToken.None).Translated("rename").ConfigureAwait(false);
            throw;
        }
        await Client.RemoveAsync(aside, CancellationToken.None).Translated("unlink").ConfigureAwait(false);
    }

    private async Task AddModesAsync(RelativePath directory, FileList list, CancellationToken cancellation)
    {
        // In parts and from the end, as below.
        for (int end = list.Count; end > 0; end -= Math.Min(end, QuestionsAtOnce))
        {
            int start = Math.Max(0, end - QuestionsAtOnce);
            Task<FileStat?>[] lookups = new Task<FileStat?>[end - start];
            for (int i = 0; i < lookups.Length; i++)
                lookups[i] = StatAsync(directory.Join(list.NameOf(list.Entries[start + i])), followLink: false, cancellation).AsTask();
            await Task.WhenAll(lookups).ConfigureAwait(false);
            for (int i = lookups.Length - 1; i >= 0; i--)
            {
                if (await lookups[i].ConfigureAwait(false) is FileStat stat) list.SetStat(start + i, stat);
                else list.RemoveAt(start + i);
            }
        }
    }

    private Task AddTargetsAsync(RelativePath directory, ListingSink sink, CancellationToken cancellation) =>
        CompleteAsync(directory, sink.List, FileType.Symlink, path => ReadLinkAsync(path, cancellation).AsTask(), (index, target) =>
        {
            sink.Count(target.Length);
            sink.List.SetTarget(index, target);
        });

    private Task AddFileSystemsAsync(RelativePath directory, FileList list, CancellationToken cancellation) =>
        CompleteAsync(directory, list, FileType.Directory, path => FileSystemOfAsync(PathOf(path), cancellation), (index, device) =>
            list.SetStat(index, list.Entries[index].Stat with { Device = device }));

    private async Task<ulong> FileSystemOfAsync(byte[] path, CancellationToken cancellation) =>
        (await Client.StatVfsAsync(path, cancellation).Translated("statvfs").ConfigureAwait(false)).FileSystemId;

    /// <summary>Asks for more about all entries of one type; those of which the server does not tell it become problems.</summary>
    private static async Task CompleteAsync<T>(RelativePath directory, FileList list, FileType type, Func<RelativePath, Task<T>> ask, Action<int, T> set)
    {
        List<int> wanted = [];
        for (int i = 0; i < list.Count; i++)
        {
            if (list.Entries[i].Type == type) wanted.Add(i);
        }
        // From the end, so that what is removed moves nothing that is still to be looked at; not all at once, since a server may list millions.
        for (int end = wanted.Count; end > 0; end -= QuestionsAtOnce)
        {
            List<int> some = wanted[Math.Max(0, end - QuestionsAtOnce)..end];
            Task<T>[] answers = [.. some.Select(index => ask(directory.Join(list.NameOf(list.Entries[index]))))];
            await Task.WhenAll(answers.AsEnumerable<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            for (int i = some.Count - 1; i >= 0; i--)
            {
                try
                {
                    set(some[i], await answers[i].ConfigureAwait(false));
                }
                catch (ReplicaException failure) when (answers[i].IsFaulted)
                {
                    list.AddProblem(new ListProblem(list.NameOf(list.Entries[some[i]]).ToArray(), failure));
                    list.RemoveAt(some[i]);
                }
            }
        }
    }
}
