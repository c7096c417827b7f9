namespace SyncHop.Sftp;

/// <summary>What statvfs(3) tells about a file system (OpenSSH's PROTOCOL section 4.4).</summary>
/// <param name="BlockSize">Preferred block size in bytes (<c>f_bsize</c>).</param>
/// <param name="FragmentSize">The unit of the block counts, in bytes (<c>f_frsize</c>).</param>
/// <param name="Blocks">Size of the file system in <paramref name="FragmentSize"/>.</param>
/// <param name="FreeBlocks">Free blocks.</param>
/// <param name="AvailableBlocks">Free blocks for unprivileged users.</param>
/// <param name="Files">Number of inodes.</param>
/// <param name="FreeFiles">Free inodes.</param>
/// <param name="AvailableFiles">Free inodes for unprivileged users.</param>
/// <param name="FileSystemId">Identity of the file system.</param>
/// <param name="Flags">1: read-only, 2: set-user-id bits have no effect.</param>
/// <param name="MaxNameLength">Longest file name in bytes.</param>
public sealed record SftpFileSystemInfo(
    ulong BlockSize,
    ulong FragmentSize,
    ulong Blocks,
    ulong FreeBlocks,
    ulong AvailableBlocks,
    ulong Files,
    ulong FreeFiles,
    ulong AvailableFiles,
    ulong FileSystemId,
    ulong Flags,
    ulong MaxNameLength)
{
    private const ulong ReadOnlyFlag = 1;

    /// <summary>The file system is mounted read-only.</summary>
    public bool IsReadOnly => (Flags & ReadOnlyFlag) != 0;
}
