using System.Text;

namespace SyncHop.Sftp;

/// <content>check-file: the server hashes what it has.</content>
public sealed partial class SftpClient
{
    /// <summary>Shortest block that may be asked for (draft-ietf-secsh-filexfer-extensions-00 section 3).</summary>
    public const int ShortestHashedBlock = 256;

    /// <summary>Most blocks of one request: their longest hashes, of 64 bytes, fit into the longest reply that is taken.</summary>
    public const int MostHashedBlocks = 16_000;

    private const string HandleName = "check-file-handle";
    private const string PathName = "check-file-name";

    /// <summary>The functions asked for, as a list on the wire.</summary>
    private static readonly byte[] SoundNames = Encoding.ASCII.GetBytes(string.Join(',', SftpHashAlgorithm.Sound.Select(static one => one.Name)));

    /// <summary>
    /// The server announced check-file, or that it speaks later versions of the protocol ("versions"): ProFTPD has check-file in
    /// version 3 too but announces it to them only. <see cref="HashesFilesAsync"/> asks.
    /// </summary>
    public bool MayHashFiles =>
        AnnouncesHashes || Extensions.Any(static extension => extension.Key is "versions" or "supported" or "supported2");

    private bool AnnouncesHashes => Extensions.Any(static extension => extension.Key is "check-file" or HandleName or PathName);

    /// <summary>Whether the server has check-file: asked with a directory, which it cannot hash, unless it says so itself.</summary>
    /// <exception cref="SftpConnectionException">The connection failed.</exception>
    public async ValueTask<bool> HashesFilesAsync(CancellationToken cancellationToken = default)
    {
        if (!MayHashFiles || AnnouncesHashes)
            return MayHashFiles;
        CheckFileRequest request = _checkFileRequests.Rent(PathName);
        request.Expect(SftpHashAlgorithm.Sound, 1);
        request.Packet.BeginExtended(Encoding.ASCII.GetBytes(PathName));
        request.Packet.WritePath("."u8);
        WriteRange(request.Packet, 0, 0, 0);
        try
        {
            await Submit(request, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SftpException refused)
        {
            return refused.StatusCode != SftpStatusCode.Unsupported;
        }
    }

    /// <summary>Has the server hash blocks of an open file, with the first of <see cref="SftpHashAlgorithm.Sound"/> that it has.</summary>
    /// <param name="handle">The file, open for reading.</param>
    /// <param name="offset">Where the first block begins, in bytes.</param>
    /// <param name="length">
    /// Bytes to hash, which the file must have, at most <see cref="MostHashedBlocks"/> blocks; the last block is what remains.
    /// </param>
    /// <param name="blockLength">Bytes of a block, at least <see cref="ShortestHashedBlock"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<SftpBlockHashes> HashAsync(
        SftpHandle handle, long offset, long length, int blockLength, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockLength, ShortestHashedBlock);
        // A length of 0 means the rest of the file, and the reply would be of any size.
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, (long)MostHashedBlocks * blockLength);
        ReadOnlySpan<byte> handleBytes = handle.Bytes;
        CheckFileRequest request = _checkFileRequests.Rent(HandleName);
        request.Expect(SftpHashAlgorithm.Sound, (length + blockLength - 1) / blockLength);
        request.Packet.BeginExtended(Encoding.ASCII.GetBytes(HandleName));
        request.WriteHandle(handle);
        WriteRange(request.Packet, offset, length, blockLength);
        return Submit(request, cancellationToken);
    }

    private static void WriteRange(PacketBuilder packet, long offset, long length, int blockLength)
    {
        packet.WriteString(SoundNames);
        packet.WriteUInt64((ulong)offset);
        packet.WriteUInt64((ulong)length);
        packet.WriteUInt32((uint)blockLength);
    }
}
