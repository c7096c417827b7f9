namespace SyncHop.Sftp;

/// <content>STAT, SETSTAT and their relatives, and statvfs.</content>
public sealed partial class SftpClient
{
    /// <summary>Attributes of a path; of a symlink itself (LSTAT).</summary>
    public ValueTask<SftpAttributes> LStatAsync(ReadOnlyMemory<byte> path, CancellationToken cancellationToken = default) =>
        StatPathAsync(PacketType.LStat, "lstat", path, cancellationToken);

    /// <summary>Attributes of a path; of what a symlink points to (STAT).</summary>
    public ValueTask<SftpAttributes> StatAsync(ReadOnlyMemory<byte> path, CancellationToken cancellationToken = default) =>
        StatPathAsync(PacketType.Stat, "stat", path, cancellationToken);

    /// <summary>Attributes of an open file (FSTAT).</summary>
    public ValueTask<SftpAttributes> FStatAsync(SftpHandle handle, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ReadOnlySpan<byte> handleBytes = handle.Bytes;
        AttributesRequest request = _attributesRequests.Rent("fstat");
        request.Packet.Begin(PacketType.FStat);
        request.WriteHandle(handle);
        return Submit(request, cancellationToken);
    }

    /// <summary>Sets the attributes that are present, following symlinks (SETSTAT).</summary>
    public ValueTask SetStatAsync(
        ReadOnlyMemory<byte> path, SftpAttributes attributes, CancellationToken cancellationToken = default)
    {
        StatusRequest request = _statusRequests.Rent("setstat");
        request.Packet.Begin(PacketType.SetStat);
        request.Packet.WritePath(path.Span);
        request.Packet.WriteAttributes(attributes);
        return Submit(request, cancellationToken);
    }

    /// <summary>Sets the attributes that are present of an open file (FSETSTAT).</summary>
    public ValueTask FSetStatAsync(
        SftpHandle handle, SftpAttributes attributes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ReadOnlySpan<byte> handleBytes = handle.Bytes;
        StatusRequest request = _statusRequests.Rent("fsetstat");
        request.Packet.Begin(PacketType.FSetStat);
        request.WriteHandle(handle);
        request.Packet.WriteAttributes(attributes);
        return Submit(request, cancellationToken);
    }

    /// <summary>
    /// Sets the attributes that are present, of a symlink itself (<see cref="SftpExtension.LSetStat"/>,
    /// PROTOCOL section 4.7). A size is refused by OpenSSH's server.
    /// </summary>
    public ValueTask LSetStatAsync(
        ReadOnlyMemory<byte> path, SftpAttributes attributes, CancellationToken cancellationToken = default)
    {
        if (Missing(SftpExtension.LSetStat, path) is { } missing)
            return ValueTask.FromException(missing);
        StatusRequest request = _statusRequests.Rent(SftpExtension.LSetStat.Name);
        request.Packet.BeginExtended(SftpExtension.LSetStat);
        request.Packet.WritePath(path.Span);
        request.Packet.WriteAttributes(attributes);
        return Submit(request, cancellationToken);
    }

    /// <summary>Figures of the file system of a path (<see cref="SftpExtension.StatVfs"/>, PROTOCOL section 4.4).</summary>
    public ValueTask<SftpFileSystemInfo> StatVfsAsync(
        ReadOnlyMemory<byte> path, CancellationToken cancellationToken = default)
    {
        if (Missing(SftpExtension.StatVfs, path) is { } missing)
            return ValueTask.FromException<SftpFileSystemInfo>(missing);
        FileSystemRequest request = _fileSystemRequests.Rent(SftpExtension.StatVfs.Name);
        request.Packet.BeginExtended(SftpExtension.StatVfs);
        request.Packet.WritePath(path.Span);
        return Submit(request, cancellationToken);
    }

    /// <summary>Figures of the file system of an open file (<see cref="SftpExtension.FStatVfs"/>, PROTOCOL section 4.4).</summary>
    public ValueTask<SftpFileSystemInfo> FStatVfsAsync(SftpHandle handle, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (Missing(SftpExtension.FStatVfs) is { } missing)
            return ValueTask.FromException<SftpFileSystemInfo>(missing);
        ReadOnlySpan<byte> handleBytes = handle.Bytes;
        FileSystemRequest request = _fileSystemRequests.Rent(SftpExtension.FStatVfs.Name);
        request.Packet.BeginExtended(SftpExtension.FStatVfs);
        request.WriteHandle(handle);
        return Submit(request, cancellationToken);
    }

    private ValueTask<SftpAttributes> StatPathAsync(
        PacketType type, string operation, ReadOnlyMemory<byte> path, CancellationToken cancellation)
    {
        AttributesRequest request = _attributesRequests.Rent(operation);
        request.Packet.Begin(type);
        request.Packet.WritePath(path.Span);
        return Submit(request, cancellation);
    }
}
