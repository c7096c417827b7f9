namespace SyncHop.Sftp;

/// <content>Requests that resolve paths, and names of ids.</content>
public sealed partial class SftpClient
{
    /// <summary>The absolute path of a path (REALPATH); of "." it is where the session starts, usually the home directory.</summary>
    public ValueTask<byte[]> RealPathAsync(ReadOnlyMemory<byte> path, CancellationToken cancellationToken = default)
    {
        PathRequest request = _pathRequests.Rent("realpath");
        request.Packet.Begin(PacketType.RealPath);
        request.Packet.WritePath(path.Span);
        return Submit(request, cancellationToken);
    }

    /// <summary>What a symlink points to (READLINK).</summary>
    public ValueTask<byte[]> ReadLinkAsync(ReadOnlyMemory<byte> path, CancellationToken cancellationToken = default)
    {
        PathRequest request = _pathRequests.Rent("readlink");
        request.Packet.Begin(PacketType.ReadLink);
        request.Packet.WritePath(path.Span);
        return Submit(request, cancellationToken);
    }

    /// <summary>
    /// The absolute path of a path that may begin with ~ or ~user (<see cref="SftpExtension.ExpandPath"/>,
    /// PROTOCOL section 4.9).
    /// </summary>
    public ValueTask<byte[]> ExpandPathAsync(ReadOnlyMemory<byte> path, CancellationToken cancellationToken = default) =>
        ResolveAsync(SftpExtension.ExpandPath, path, cancellationToken);

    /// <summary>
    /// A user's home directory (<see cref="SftpExtension.HomeDirectory"/>, PROTOCOL section 4.11); of the session's own
    /// user for an empty name. Servers before OpenSSH 9.8 answer with the session's own home for every name:
    /// prefer <see cref="ExpandPathAsync"/>.
    /// </summary>
    public ValueTask<byte[]> HomeDirectoryAsync(
        ReadOnlyMemory<byte> userName, CancellationToken cancellationToken = default) =>
        ResolveAsync(SftpExtension.HomeDirectory, userName, cancellationToken);

    /// <summary>
    /// Names of numeric ids (<see cref="SftpExtension.UsersGroupsById"/>, PROTOCOL section 4.12). The request must fit
    /// into <see cref="SftpLimits.PacketLength"/>, some thousand ids at a time always do.
    /// </summary>
    public ValueTask<SftpNamesById> UsersGroupsByIdAsync(
        ReadOnlyMemory<uint> userIds, ReadOnlyMemory<uint> groupIds, CancellationToken cancellationToken = default)
    {
        if (Missing(SftpExtension.UsersGroupsById) is { } missing)
            return ValueTask.FromException<SftpNamesById>(missing);
        NamesByIdRequest request = _namesByIdRequests.Rent(SftpExtension.UsersGroupsById.Name);
        request.SetCounts(userIds.Length, groupIds.Length);
        request.Packet.BeginExtended(SftpExtension.UsersGroupsById);
        WriteIds(request.Packet, userIds.Span);
        WriteIds(request.Packet, groupIds.Span);
        return Submit(request, cancellationToken);
    }

    private static void WriteIds(PacketBuilder packet, ReadOnlySpan<uint> ids)
    {
        packet.WriteUInt32(checked((uint)ids.Length * sizeof(uint)));
        foreach (uint id in ids)
            packet.WriteUInt32(id);
    }

    private ValueTask<byte[]> ResolveAsync(
        SftpExtension extension, ReadOnlyMemory<byte> path, CancellationToken cancellation)
    {
        if (Missing(extension, path) is { } missing)
            return ValueTask.FromException<byte[]>(missing);
        PathRequest request = _pathRequests.Rent(extension.Name);
        request.Packet.BeginExtended(extension);
        request.Packet.WritePath(path.Span);
        return Submit(request, cancellation);
    }
}
