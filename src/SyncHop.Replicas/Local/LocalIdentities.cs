using System.Buffers;
using System.Runtime.InteropServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>Users and groups of this machine, from the C library's name service (nsswitch.conf(5)).</summary>
public sealed unsafe class LocalIdentities : IIdentities
{
    private const int FirstBufferLength = 4096;
    private const int LastBufferLength = 16 * 1024 * 1024; // a group's record has all its members

    private uint[] _groups = [];

    /// <inheritdoc/>
    public bool IsSuperuser => Uid == 0;

    /// <inheritdoc/>
    public uint Uid { get; private set; } = Libc.geteuid();

    /// <inheritdoc/>
    public ValueTask LoadAsync(CancellationToken cancellation)
    {
        Uid = Libc.geteuid();
        int count = Libc.getgroups(0, null);
        uint[] groups = new uint[Math.Max(count, 0)];
        fixed (uint* list = groups)
        {
            count = groups.Length == 0 ? 0 : Libc.getgroups(groups.Length, list);
        }
        _groups = [.. groups.AsSpan(0, Math.Max(count, 0)), Libc.getegid()];
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public bool IsMember(uint gid) => _groups.AsSpan().Contains(gid);

    /// <inheritdoc/>
    public ValueTask<IdentityNames> NamesAsync(
        IReadOnlyCollection<uint> uids, IReadOnlyCollection<uint> gids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(uids);
        ArgumentNullException.ThrowIfNull(gids);
        Dictionary<uint, byte[]> users = [];
        Dictionary<uint, byte[]> groups = [];
        foreach (uint uid in uids)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Find((record, buffer, size, result) => Libc.getpwuid_r(uid, record, buffer, size, result)) is { } account)
                users[uid] = account.Name;
        }
        foreach (uint gid in gids)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Find((record, buffer, size, result) => Libc.getgrgid_r(gid, record, buffer, size, result)) is { } account)
                groups[gid] = account.Name;
        }
        return ValueTask.FromResult(new IdentityNames(users, groups));
    }

    /// <inheritdoc/>
    public uint? FindUser(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Contains((byte)0)) return null;
        byte[] key = [.. name, 0];
        return Find((record, buffer, size, result) => Libc.getpwnam_r(in key[0], record, buffer, size, result))?.Id;
    }

    /// <inheritdoc/>
    public uint? FindGroup(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Contains((byte)0)) return null;
        byte[] key = [.. name, 0];
        return Find((record, buffer, size, result) => Libc.getgrnam_r(in key[0], record, buffer, size, result))?.Id;
    }

    private delegate int LookUp(AccountRecord* record, byte* buffer, nint size, AccountRecord** result);

    /// <summary>Looks up with a larger buffer each time the C library asks for one.</summary>
    private static (uint Id, byte[] Name)? Find(LookUp lookUp)
    {
        for (int size = FirstBufferLength; size <= LastBufferLength; size *= 4)
        {
            byte[] text = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                fixed (byte* buffer = text)
                {
                    AccountRecord record;
                    AccountRecord* found = null;
                    int error;
                    do error = lookUp(&record, buffer, size, &found);
                    while (error == Errno.EINTR);
                    if (error == Errno.ERANGE) continue;
                    if (error != Errno.None || found is null) return null;
                    return (record.Id, MemoryMarshal.CreateReadOnlySpanFromNullTerminated(record.Name).ToArray());
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(text);
            }
        }
        return null;
    }
}
