using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>Opens a remote file for changing it where it is.</summary>
internal static class InPlaceOpening
{
    private const uint OwnerWrite = 0x80; // 0200

    /// <summary>
    /// Opens a regular file, or makes it. SFTP v3 follows a symlink in OPEN, so the entry is looked at in the same burst;
    /// only what is swapped between the two requests gets by.
    /// </summary>
    /// <exception cref="ReplicaException">It cannot be opened, or is not a regular file.</exception>
    public static async ValueTask<SftpHandle> OpenAsync(SftpClient client, byte[] path, uint permissions, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Task<FileStat?> look = LookAsync(client, path);
        // Not cancelled once it is sent: the handle must be closed again.
        Task<SftpHandle> opening = client.OpenAsync(path, SftpOpenFlags.Write, default, CancellationToken.None).Translated("open").AsTask();
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        FileStat? found;
        try
        {
            found = await look.ConfigureAwait(false);
        }
        catch
        {
            await CloseAsync(client, opening).ConfigureAwait(false);
            throw;
        }
        if (found is { IsRegular: true } && opening.IsCompletedSuccessfully) return await opening.ConfigureAwait(false);
        await CloseAsync(client, opening).ConfigureAwait(false);
        if (found is null)
        {
            return await client
                .OpenAsync(path, SftpOpenFlags.Write | SftpOpenFlags.Create | SftpOpenFlags.Exclusive, SftpStat.OfPermissions(permissions), CancellationToken.None)
                .Translated("open").ConfigureAwait(false);
        }
        if (found.Value.IsDirectory) throw new ReplicaException(ReplicaError.IsDirectory, "open", "Is a directory (21)");
        if (!found.Value.IsRegular) throw new ReplicaException(ReplicaError.Other, "open", "not a regular file");
        if ((found.Value.Permissions & OwnerWrite) == 0) return await OpenReadOnlyAsync(client, path, found.Value, opening).ConfigureAwait(false);
        return await opening.ConfigureAwait(false);
    }

    private static async Task<FileStat?> LookAsync(SftpClient client, byte[] path)
    {
        try
        {
            return SftpStat.ToStat(await client.LStatAsync(path).Translated("lstat").ConfigureAwait(false));
        }
        catch (ReplicaException missing) when (missing.Error == ReplicaError.NotFound)
        {
            return null;
        }
    }

    /// <summary>Opens a file without write permission for its owner, and leaves it so: the handle stays writable.</summary>
    private static async Task<SftpHandle> OpenReadOnlyAsync(SftpClient client, byte[] path, FileStat found, Task<SftpHandle> refused)
    {
        try
        {
            await client.SetStatAsync(path, SftpStat.OfPermissions(found.Permissions | OwnerWrite)).ConfigureAwait(false);
        }
        catch (SftpException)
        {
            return await refused.ConfigureAwait(false);
        }
        catch (SftpConnectionException lost)
        {
            throw SftpErrors.Translate(lost, "open");
        }
        Task<SftpHandle> opening = client.OpenAsync(path, SftpOpenFlags.Write).Translated("open").AsTask();
        // By name, and behind OPEN: it is sent whether that succeeds or not.
        await client.SetStatAsync(path, SftpStat.OfPermissions(found.Permissions)).Translated("chmod").ConfigureAwait(false);
        return await opening.ConfigureAwait(false);
    }

    private static async Task CloseAsync(SftpClient client, Task<SftpHandle> opening)
    {
        if (!opening.IsCompletedSuccessfully) return;
        try
        {
            await client.CloseAsync(await opening.ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The failure that led here is the one to report.
        }
    }
}
