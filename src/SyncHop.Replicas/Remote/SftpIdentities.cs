using System.Text;
using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>
/// Users and groups of the final host: names of ids by <c>users-groups-by-id@openssh.com</c>, and ids of names from
/// /etc/passwd and /etc/group read over SFTP, since the protocol has no request for that direction.
/// </summary>
internal sealed class SftpIdentities(SftpClient client, string user) : IIdentities
{
    private const int LargestAccountFile = 4 << 20;
    private const int FirstRead = 16 << 10;
    private const int IdsPerRequest = 1000;

    private readonly byte[] _login = Encoding.UTF8.GetBytes(user);
    private readonly Lock _lock = new();
    private Task? _loading;
    private AccountFiles? _accounts;
    private FileStat _home;

    private AccountFiles Accounts => _accounts ?? throw new InvalidOperationException("the identities are not loaded");

    public bool IsSuperuser => Accounts.Uid is uint uid ? uid == 0 : user == "root";

    /// <summary>The login's uid; null when the server does not tell, or was not asked yet.</summary>
    public uint? LoginUid => _accounts?.Uid;

    public uint Uid => Accounts.Uid ?? _home.Uid;

    public bool IsMember(uint gid) => Accounts.Memberships.Count > 0 ? Accounts.Memberships.Contains(gid) : gid == _home.Gid;

    public uint? FindUser(ReadOnlySpan<byte> name) => Accounts.User(name);

    public uint? FindGroup(ReadOnlySpan<byte> name) => Accounts.Group(name);

    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        Task loading;
        lock (_lock) loading = _loading ??= LoadOnceAsync();
        await loading.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask<IdentityNames> NamesAsync(
        IReadOnlyCollection<uint> uids, IReadOnlyCollection<uint> gids, CancellationToken cancellation)
    {
        if (!client.Supports(SftpExtension.UsersGroupsById))
        {
            await LoadAsync(cancellation).ConfigureAwait(false);
            return new IdentityNames(Accounts.UserNames, Accounts.GroupNames);
        }
        Dictionary<uint, byte[]> users = [], groups = [];
        uint[] wantedUsers = [.. uids], wantedGroups = [.. gids];
        for (int start = 0; start < Math.Max(wantedUsers.Length, wantedGroups.Length); start += IdsPerRequest)
        {
            ReadOnlyMemory<uint> someUsers = Slice(wantedUsers, start), someGroups = Slice(wantedGroups, start);
            SftpNamesById names;
            try
            {
                names = await client.UsersGroupsByIdAsync(someUsers, someGroups, cancellation).Translated("users-groups-by-id").ConfigureAwait(false);
            }
            catch (ReplicaException)
            {
                // Refused after all: ids stay numbers, as rsync does for ids without a name.
                break;
            }
            Add(users, someUsers, names.Users);
            Add(groups, someGroups, names.Groups);
        }
        return new IdentityNames(users, groups);
    }

    private async Task LoadOnceAsync()
    {
        Task<byte[]> passwd = ReadAsync("/etc/passwd"u8.ToArray());
        Task<byte[]> group = ReadAsync("/etc/group"u8.ToArray());
        Task<FileStat> home = HomeAsync();
        await Task.WhenAll(passwd, group, home).ConfigureAwait(false);
        _home = await home.ConfigureAwait(false);
        byte[] users = await passwd.ConfigureAwait(false), groups = await group.ConfigureAwait(false);
        _accounts = AccountFiles.Parse(users, groups, _login);
    }

    private static ReadOnlyMemory<uint> Slice(uint[] ids, int start) =>
        start >= ids.Length ? default : ids.AsMemory(start, Math.Min(IdsPerRequest, ids.Length - start));

    private static void Add(Dictionary<uint, byte[]> names, ReadOnlyMemory<uint> ids, IReadOnlyList<byte[]> found)
    {
        for (int i = 0; i < Math.Min(ids.Length, found.Count); i++)
        {
            if (found[i].Length > 0) names[ids.Span[i]] = found[i];
        }
    }

    private async Task<FileStat> HomeAsync()
    {
        try
        {
            return SftpStat.ToStat(await client.StatAsync("."u8.ToArray()).Translated("stat").ConfigureAwait(false));
        }
        catch (ReplicaException)
        {
            return default;
        }
    }

    /// <summary>Closes a file that was read; nobody waits for that.</summary>
    private async Task CloseAsync(SftpHandle handle)
    {
        try
        {
            await client.CloseAsync(handle).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The content is here; a connection that is lost shows in the next request.
        }
    }

    /// <summary>The start of a file that may not be there or not be readable: then empty.</summary>
    private async Task<byte[]> ReadAsync(byte[] path)
    {
        try
        {
            SftpHandle handle = await client.OpenAsync(path, SftpOpenFlags.Read).Translated("open").ConfigureAwait(false);
            byte[] content = new byte[FirstRead];
            int length;
            try
            {
                // The size comes with the beginning, which is nearly always all.
                Task<SftpAttributes> size = client.FStatAsync(handle).Translated("fstat").AsTask();
                Task<int> beginning = client.ReadAsync(handle, 0, content).Translated("read").AsTask();
                await Task.WhenAll(size, beginning).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                length = await beginning.ConfigureAwait(false);
                SftpAttributes attributes = await size.ConfigureAwait(false);
                if (attributes.HasSize) Array.Resize(ref content, (int)Math.Min(attributes.Size, LargestAccountFile));
                while (length < content.Length)
                {
                    int read = await client.ReadAsync(handle, length, content.AsMemory(length)).Translated("read").ConfigureAwait(false);
                    if (read == 0) break;
                    length += read;
                }
            }
            finally
            {
                _ = CloseAsync(handle);
            }
            return content[..Math.Min(length, content.Length)];
        }
        catch (ReplicaException)
        {
            return [];
        }
    }
}
