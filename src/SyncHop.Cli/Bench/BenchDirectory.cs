using System.Collections.Concurrent;
using System.Security.Cryptography;
using SyncHop.Cli.Arguments;
using SyncHop.Engine;
using SyncHop.Sftp;

namespace SyncHop.Cli.Bench;

/// <summary>A directory on the final host for what is measured; it goes with everything in it, whatever happens.</summary>
internal sealed class BenchDirectory : IAsyncDisposable
{
    private static readonly TimeSpan RemovalTime = TimeSpan.FromSeconds(30);

    private readonly SftpClient _client;
    private readonly byte[] _path;
    private readonly ConcurrentQueue<byte[]> _files = [];

    private BenchDirectory(SftpClient client, byte[] path) => (_client, _path) = (client, path);

    /// <summary>Its path.</summary>
    public byte[] Path => _path;

    /// <summary>Makes one.</summary>
    /// <param name="client">The session.</param>
    /// <param name="parent">The directory it is made in; empty for the home directory.</param>
    /// <param name="cancellation">Breaks off.</param>
    /// <exception cref="CommandException">It cannot be made.</exception>
    public static async Task<BenchDirectory> MakeAsync(SftpClient client, byte[] parent, CancellationToken cancellation)
    {
        byte[] name = ByteString.Encode(".synchop-bench." + RandomNumberGenerator.GetHexString(12, lowercase: true));
        BenchDirectory directory = new(client, parent.Length == 0 ? name : [.. parent, (byte)'/', .. name]);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            // Not cancelled once it is sent: it has to be removed again.
            await client.MkDirAsync(directory._path, default(SftpAttributes).WithPermissions(0x1C0), CancellationToken.None).ConfigureAwait(false);
            return directory;
        }
        catch (SftpException refused)
        {
            throw new CommandException(ExitCode.FileIo, $"cannot make a directory in {ByteString.Decode(parent.Length == 0 ? "."u8 : parent)}: {refused.Message}");
        }
    }

    /// <summary>Makes a file in it, open for reading and writing.</summary>
    /// <param name="client">The session that the handle is for.</param>
    /// <param name="name">Its name.</param>
    public ValueTask<SftpHandle> OpenAsync(SftpClient client, string name)
    {
        byte[] file = [.. _path, (byte)'/', .. ByteString.Encode(name)];
        _files.Enqueue(file);
        return client.OpenAsync(file, SftpOpenFlags.Read | SftpOpenFlags.Write | SftpOpenFlags.Create, default(SftpAttributes).WithPermissions(0x180));
    }

    /// <summary>Removes it.</summary>
    /// <exception cref="CommandException">It could not be removed.</exception>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource limit = new(RemovalTime);
        try
        {
            await Task.WhenAll(_files.Select(file => _client.RemoveAsync(file, limit.Token).AsTask())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _client.RmDirAsync(_path, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            throw new CommandException(ExitCode.Partial, $"{ByteString.Decode(_path)} could not be removed: {failure.Message}");
        }
    }
}
