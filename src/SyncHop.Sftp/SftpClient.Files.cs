namespace SyncHop.Sftp;

/// <content>OPEN, CLOSE, READ, WRITE, fsync and copy-data.</content>
public sealed partial class SftpClient
{
    /// <summary>
    /// Opens a file (OPEN). Of <paramref name="attributes"/> servers use the permissions of a file they create.
    /// If cancelled, a handle that arrives later is closed.
    /// </summary>
    public ValueTask<SftpHandle> OpenAsync(
        ReadOnlyMemory<byte> path, SftpOpenFlags flags, SftpAttributes attributes = default,
        CancellationToken cancellationToken = default)
    {
        HandleRequest request = _handleRequests.Rent("open");
        request.Packet.Begin(PacketType.Open);
        request.Packet.WritePath(path.Span);
        request.Packet.WriteUInt32((uint)flags);
        request.Packet.WriteAttributes(attributes);
        return Submit(request, cancellationToken);
    }

    /// <summary>
    /// Closes a file or directory (CLOSE). Requests on the handle that were called before are carried out before;
    /// later ones throw. Await it after writing: some servers report a failed write only here.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The handle was closed before.</exception>
    public ValueTask CloseAsync(SftpHandle handle, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        cancellationToken.ThrowIfCancellationRequested();
        return Submit(EncodeClose(handle.TakeForClose(), follows: handle.HasUnsent), cancellationToken);
    }

    /// <summary>
    /// Reads from <paramref name="offset"/> (READ) at most <see cref="SftpLimits.ReadLength"/> bytes.
    /// The buffer is lent until the task completes; also if that is by cancellation, nothing is written to it afterwards.
    /// </summary>
    /// <returns>The number of bytes read, fewer than asked for as the server likes; 0 at the end of the file.</returns>
    public ValueTask<int> ReadAsync(
        SftpHandle handle, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (buffer.IsEmpty)
            return ValueTask.FromResult(0);
        buffer = buffer[..Math.Min(buffer.Length, Limits.ReadLength)];
        ReadOnlySpan<byte> handleBytes = handle.Bytes;
        ReadRequest request = _readRequests.Rent("read");
        request.SetBuffer(buffer);
        request.Packet.Begin(PacketType.Read);
        request.WriteHandle(handle);
        request.Packet.WriteUInt64((ulong)offset);
        request.Packet.WriteUInt32((uint)buffer.Length);
        return Submit(request, cancellationToken);
    }

    /// <summary>
    /// Writes <paramref name="data"/>, at most <see cref="SftpLimits.WriteLength"/> bytes, at <paramref name="offset"/>
    /// (WRITE) and completes with the server's acknowledgement. The data are lent until then.
    /// </summary>
    public ValueTask WriteAsync(
        SftpHandle handle, long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        Submit(EncodeWrite(handle, offset, data, awaitsAcceptance: false), cancellationToken);

    /// <summary>
    /// Writes like <see cref="WriteAsync"/> and completes as soon as the data have been copied into the channel, which
    /// waits while too much is unacknowledged. From then on the buffer is the caller's again;
    /// the server's answer is awaited by the result.
    /// </summary>
    public ValueTask<SftpPendingWrite> QueueWriteAsync(
        SftpHandle handle, long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        WriteRequest request = EncodeWrite(handle, offset, data, awaitsAcceptance: true);
        if (Reject(request, cancellationToken) is { } error)
            return ValueTask.FromException<SftpPendingWrite>(error);
        request.Start(detached: false, cancellationToken);
        ValueTask<SftpPendingWrite> accepted = request.Accepted;
        _connection.Submit(request);
        return accepted;
    }

    /// <summary>Flushes a file to stable storage (<see cref="SftpExtension.FSync"/>, PROTOCOL section 4.6).</summary>
    public ValueTask FSyncAsync(SftpHandle handle, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (Missing(SftpExtension.FSync) is { } missing)
            return ValueTask.FromException(missing);
        ReadOnlySpan<byte> handleBytes = handle.Bytes;
        StatusRequest request = _statusRequests.Rent(SftpExtension.FSync.Name);
        request.Packet.BeginExtended(SftpExtension.FSync);
        request.WriteHandle(handle);
        return Submit(request, cancellationToken);
    }

    /// <summary>
    /// Copies on the server <paramref name="length"/> bytes, 0: to the end of the file, from one open file to another
    /// (<see cref="SftpExtension.CopyData"/>, PROTOCOL section 4.10). Both offsets count from the start of their file.
    /// </summary>
    public ValueTask CopyDataAsync(
        SftpHandle source, long sourceOffset, long length, SftpHandle target, long targetOffset,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegative(sourceOffset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(targetOffset);
        if (Missing(SftpExtension.CopyData) is { } missing)
            return ValueTask.FromException(missing);
        ReadOnlySpan<byte> sourceBytes = source.Bytes;
        ReadOnlySpan<byte> targetBytes = target.Bytes;
        StatusRequest request = _statusRequests.Rent(SftpExtension.CopyData.Name);
        request.Packet.BeginExtended(SftpExtension.CopyData);
        request.WriteHandle(source);
        request.Packet.WriteUInt64((ulong)sourceOffset);
        request.Packet.WriteUInt64((ulong)length);
        request.WriteHandle(target);
        request.Packet.WriteUInt64((ulong)targetOffset);
        return Submit(request, cancellationToken);
    }

    /// <summary>Closes a handle whose caller does not wait for it.</summary>
    /// <param name="handle">What nobody knows any more.</param>
    /// <param name="follows">Whether requests about it may wait to be sent.</param>
    private void CloseOrphan(ReadOnlySpan<byte> handle, bool follows)
    {
        CloseRequest request = EncodeClose(handle, follows);
        request.Start(detached: true, default);
        _connection.Submit(request);
    }

    private CloseRequest EncodeClose(ReadOnlySpan<byte> handle, bool follows)
    {
        CloseRequest request = _closeRequests.Rent("close");
        request.SetFollows(follows);
        request.Packet.Begin(PacketType.Close);
        request.Packet.WriteString(handle);
        return request;
    }

    private WriteRequest EncodeWrite(SftpHandle handle, long offset, ReadOnlyMemory<byte> data, bool awaitsAcceptance)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, PacketBounds.MaxData, nameof(data));
        ReadOnlySpan<byte> handleBytes = handle.Bytes;
        WriteRequest request = _writeRequests.Rent("write");
        request.AwaitsAcceptance = awaitsAcceptance;
        request.SetPayload(data);
        request.Packet.Begin(PacketType.Write);
        request.WriteHandle(handle);
        request.Packet.WriteUInt64((ulong)offset);
        request.Packet.WriteUInt32((uint)data.Length);
        return request;
    }
}
