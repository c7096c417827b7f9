using SyncHop.Engine.Contract;
using SyncHop.Engine.Execution.Delta;
using SyncHop.Engine.Scanning;
using SyncHop.Engine.Temporaries;

namespace SyncHop.Engine.Execution;

/// <summary>
/// Tells whether a source file is the very file on the destination where not both are on this machine. SFTP tells no file's number, two
/// hosts may be one or share a disk, and both sides' paths are often equal on different hosts: so a file that is made on one side is
/// looked for on the other, once in each directory.
/// </summary>
/// <param name="destination">The destination.</param>
internal sealed class SharedPlaces(IReplica destination)
{
    private const uint Private = 0x180; // 0600

    /// <summary>A directory is looked at again when this many others came since.</summary>
    private const int MostKept = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IReplica, HostPath> _paths = [];
    private readonly Dictionary<RelativePath, Task<bool>> _looks = [];

    /// <summary>Whether both are one file, or may be.</summary>
    /// <param name="source">The source file.</param>
    /// <param name="path">The file on the destination.</param>
    /// <param name="directory">The directory it is in there, whose time is to be set back when something was made in it; null where that comes anyway.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<bool> AreOneAsync(Origin source, RelativePath path, DirectoryProgress? directory, CancellationToken cancellation)
    {
        byte[] from = await PathsOf(source.Replica).OfAsync(source.Path, cancellation).ConfigureAwait(false) ?? source.Replica.FullPath(source.Path);
        byte[] to = await PathsOf(destination).OfAsync(path, cancellation).ConfigureAwait(false) ?? destination.FullPath(path);
        if (!from.AsSpan().SequenceEqual(to)) return false;
        directory?.Touch();
        Task<bool> look;
        lock (_lock)
        {
            if (_looks.Count == MostKept) _looks.Clear();
            if (!_looks.TryGetValue(path.Parent, out look!)) _looks.Add(path.Parent, look = IsSharedAsync(source, path));
        }
        return await look.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private HostPath PathsOf(IReplica replica)
    {
        lock (_lock)
        {
            if (!_paths.TryGetValue(replica, out HostPath? paths)) _paths.Add(replica, paths = new HostPath(replica));
            return paths;
        }
    }

    private async Task<bool> IsSharedAsync(Origin source, RelativePath path)
    {
        RelativePath name = TemporaryName.For(path);
        try
        {
            ITargetFile made = await destination.CreateFileAsync(name, Private, 0, CancellationToken.None).ConfigureAwait(false);
            await using (made.ConfigureAwait(false))
                return await source.Replica.StatAsync(source.Path.Parent.Join(name.Name), followLink: false, CancellationToken.None).ConfigureAwait(false) is not null;
        }
        catch (ReplicaException)
        {
            // Nobody can tell; what stays is no loss.
            return true;
        }
    }
}
