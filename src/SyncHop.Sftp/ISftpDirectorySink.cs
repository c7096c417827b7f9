namespace SyncHop.Sftp;

/// <summary>
/// Takes the entries of a directory, in the server's order. Called on the client's receive loop, one entry after the
/// other: keep it short, never block, and copy what is to be kept, the name's bytes are only lent. An exception
/// ends the listing with that exception. After a listing was cancelled, it is not called any more.
/// </summary>
public interface ISftpDirectorySink
{
    /// <summary>
    /// An entry with a proper name: not empty, no slash, no NUL, neither "." nor "..". Bytes are the server's.
    /// </summary>
    void OnEntry(ReadOnlySpan<byte> name, in SftpAttributes attributes);

    /// <summary>
    /// A name that no honest file system has: empty, or with a slash or NUL in it. It must not be used as a name.
    /// </summary>
    void OnRefusedName(ReadOnlySpan<byte> name);
}
