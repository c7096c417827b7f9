namespace SyncHop.Sftp;

/// <content>Requests that create, rename and remove names.</content>
public sealed partial class SftpClient
{
    /// <summary>Removes a file or symlink, not a directory (REMOVE).</summary>
    public ValueTask RemoveAsync(ReadOnlyMemory<byte> path, CancellationToken cancellationToken = default) =>
        OnPathAsync(PacketType.Remove, "remove", path, cancellationToken);

    /// <summary>Removes an empty directory (RMDIR).</summary>
    public ValueTask RmDirAsync(ReadOnlyMemory<byte> path, CancellationToken cancellationToken = default) =>
        OnPathAsync(PacketType.RmDir, "rmdir", path, cancellationToken);

    /// <summary>Creates a directory (MKDIR); the server's umask applies to the permissions.</summary>
    public ValueTask MkDirAsync(
        ReadOnlyMemory<byte> path, SftpAttributes attributes = default, CancellationToken cancellationToken = default)
    {
        StatusRequest request = _statusRequests.Rent("mkdir");
        request.Packet.Begin(PacketType.MkDir);
        request.Packet.WritePath(path.Span);
        request.Packet.WriteAttributes(attributes);
        return Submit(request, cancellationToken);
    }

    /// <summary>
    /// Renames (RENAME). It fails if the new name exists; OpenSSH's server does it with a hard link and a removal.
    /// </summary>
    public ValueTask RenameAsync(
        ReadOnlyMemory<byte> oldPath, ReadOnlyMemory<byte> newPath, CancellationToken cancellationToken = default)
    {
        StatusRequest request = _statusRequests.Rent("rename");
        request.Packet.Begin(PacketType.Rename);
        request.Packet.WritePath(oldPath.Span);
        request.Packet.WritePath(newPath.Span);
        return Submit(request, cancellationToken);
    }

    /// <summary>Renames and atomically replaces what the new name had (<see cref="SftpExtension.PosixRename"/>, PROTOCOL section 4.3).</summary>
    public ValueTask PosixRenameAsync(
        ReadOnlyMemory<byte> oldPath, ReadOnlyMemory<byte> newPath, CancellationToken cancellationToken = default) =>
        OnTwoPathsAsync(SftpExtension.PosixRename, oldPath, newPath, cancellationToken);

    /// <summary>Creates a hard link (<see cref="SftpExtension.HardLink"/>, PROTOCOL section 4.5).</summary>
    public ValueTask HardLinkAsync(
        ReadOnlyMemory<byte> existingPath, ReadOnlyMemory<byte> newPath, CancellationToken cancellationToken = default) =>
        OnTwoPathsAsync(SftpExtension.HardLink, existingPath, newPath, cancellationToken);

    /// <summary>
    /// Creates a symlink (SYMLINK). The target goes first on the wire, as OpenSSH's server and those that follow it want
    /// it, contrary to the draft (PROTOCOL section 4.1).
    /// </summary>
    public ValueTask SymlinkAsync(
        ReadOnlyMemory<byte> linkPath, ReadOnlyMemory<byte> targetPath, CancellationToken cancellationToken = default)
    {
        StatusRequest request = _statusRequests.Rent("symlink");
        request.Packet.Begin(PacketType.Symlink);
        request.Packet.WritePath(targetPath.Span);
        request.Packet.WritePath(linkPath.Span);
        return Submit(request, cancellationToken);
    }

    private ValueTask OnPathAsync(
        PacketType type, string operation, ReadOnlyMemory<byte> path, CancellationToken cancellation)
    {
        StatusRequest request = _statusRequests.Rent(operation);
        request.Packet.Begin(type);
        request.Packet.WritePath(path.Span);
        return Submit(request, cancellation);
    }

    private ValueTask OnTwoPathsAsync(
        SftpExtension extension, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second, CancellationToken cancellation)
    {
        if (Missing(extension, first) is { } missing)
            return ValueTask.FromException(missing);
        StatusRequest request = _statusRequests.Rent(extension.Name);
        request.Packet.BeginExtended(extension);
        request.Packet.WritePath(first.Span);
        request.Packet.WritePath(second.Span);
        return Submit(request, cancellation);
    }
}
