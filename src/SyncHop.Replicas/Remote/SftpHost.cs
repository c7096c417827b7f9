using System.Collections.Concurrent;
using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>The final host of a hop chain as a holder of trees, over one SFTP session or several.</summary>
public sealed class SftpHost : IReplicaHost
{
    private const int DefaultOpenFiles = 100;
    private const int SpareHandles = 16;

    // Longer than a server takes to start beside us.
    private static readonly TimeSpan s_far = TimeSpan.FromMilliseconds(15);

    private readonly SftpIdentities _identities;
    private readonly ConcurrentBag<SftpClient> _added = [];
    private readonly Task<byte[]> _home;
    private readonly Lazy<Task<bool>> _hashesFiles;

    /// <param name="client">The session; it belongs to the host from now on.</param>
    /// <param name="user">The name the session logged in with.</param>
    public SftpHost(SftpClient client, string user)
    {
        Lanes = new SftpLanes(client);
        Client = client;
        _identities = new SftpIdentities(client, user);
        _home = FindHomeAsync();
        _hashesFiles = new(() => client.HashesFilesAsync().Translated("hash").AsTask());
    }

    /// <summary>All sessions.</summary>
    internal SftpLanes Lanes { get; }

    /// <summary>The first session, for everything but the content of files.</summary>
    internal SftpClient Client { get; }

    /// <summary>How many sessions there are now.</summary>
    public int Sessions => Lanes.Live.Count;

    /// <summary>Over how many connections they go.</summary>
    public int Connections => Lanes.Live.Count(static lane => !lane.IsFurtherChannel);

    /// <summary>Bytes of content that were asked for or sent, and are not answered yet.</summary>
    public long BytesUnderWay => Lanes.Live.Sum(static lane => lane.Bytes);

    /// <summary>Bytes of memory that the list of one directory may take: a server whose listings do not end is no reason to have none left.</summary>
    public long ListingBytes { get; set; } = 1 << 30;

    /// <summary>Whether the file systems of directories are wanted, which costs a request for each (<c>-x</c>).</summary>
    public bool WantsFileSystems { get; set; }

    internal bool AsksFileSystems => WantsFileSystems && Client.Supports(SftpExtension.StatVfs);

    /// <summary>Is told why a session other than the first was lost; null for nobody.</summary>
    public Action<string>? SessionLost
    {
        get => Lanes.Lost;
        set => Lanes.Lost = value;
    }

    /// <summary>The uid of the login, where the server has told it.</summary>
    internal uint? LoginUid => _identities.LoginUid;

    /// <summary>Where relative paths start, once the server has told; empty before.</summary>
    internal byte[] Home => _home.IsCompletedSuccessfully ? _home.Result : [];

    /// <summary>Whether <c>lsetstat@openssh.com</c> turned out not to set permissions here (a chroot without /proc).</summary>
    internal bool LinkSafeModesFail { get; set; }

    /// <inheritdoc/>
    public IIdentities Identities => _identities;

    /// <inheritdoc/>
    public ReplicaTraits Traits
    {
        get
        {
            SftpLimits limits = Client.Limits;
            return new ReplicaTraits
            {
                IsLocal = false,
                BlockLength = Math.Min(limits.ReadLength, limits.WriteLength),
                Connections = Lanes.Live.Count,
                IsFar = Client.FirstAnswerTime >= s_far,
                OpenFiles = (int)Math.Clamp((limits.OpenHandles ?? DefaultOpenFiles) - SpareHandles, 1, 4096),
                CanMakeSpecialFiles = false,
                CanSetLinkAttributes = Client.Supports(SftpExtension.LSetStat),
                KnowsDevices = false,
                TellsFileSystems = Client.Supports(SftpExtension.StatVfs),
                CanCopyRanges = Client.Supports(SftpExtension.CopyData),
                CanFlush = Client.Supports(SftpExtension.FSync),
                CanAllocate = false,
            };
        }
    }

    /// <summary>Whether the server owes an answer.</summary>
    public bool AwaitsReply => Lanes.Live.Any(static lane => lane.Client.Statistics is var statistics && statistics.Requests > statistics.Replies);

    /// <inheritdoc/>
    public IReplica Open(byte[] root, LinkFollowing follows = LinkFollowing.None) => new SftpReplica(this, root, follows);

    /// <summary>Replaces a leading <c>~</c> or <c>~user</c>, as the remote shell does for rsync.</summary>
    /// <returns>The path, relative to the home directory or absolute.</returns>
    /// <exception cref="ReplicaException">The server cannot tell the user's home directory.</exception>
    public async ValueTask<byte[]> ExpandAsync(byte[] path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path[0] != '~') return path;
        if (path.Length == 1) return "."u8.ToArray();
        if (path[1] == '/') return path.AsSpan().TrimStart("~/"u8) is { Length: > 0 } rest ? rest.ToArray() : "./"u8.ToArray();
        return await Client.ExpandPathAsync(path, cancellation).Translated("expand-path").ConfigureAwait(false);
    }

    /// <summary>
    /// Adds a session of the same login, which carries the content of files from now on. When it is lost, what was under way on
    /// it is done again by the first.
    /// </summary>
    /// <param name="client">The session; it belongs to the host from now on.</param>
    /// <param name="isFurtherChannel">Whether it goes over the connection of another one.</param>
    /// <param name="cancellation">Gives up the wait for what the session is able to do; it is closed with the host.</param>
    public async Task AddAsync(SftpClient client, bool isFurtherChannel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        _added.Add(client);
        // Pieces are cut for the first session; the limits of the same server do not differ.
        await client.LimitsKnown.WaitAsync(cancellation).ConfigureAwait(false);
        Lanes.Add(new SftpLane(client, isFurtherChannel));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> HashesFilesAsync(CancellationToken cancellation)
    {
        if (!Client.MayHashFiles) return false;
        return await _hashesFiles.Value.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (SftpClient client in _added) await client.DisposeAsync().ConfigureAwait(false);
        await Client.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<byte[]> FindHomeAsync()
    {
        try
        {
            return await Client.RealPathAsync("."u8.ToArray()).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Only messages need it; whatever is wrong shows in the first real request.
            return [];
        }
    }
}
