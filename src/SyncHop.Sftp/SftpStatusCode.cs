namespace SyncHop.Sftp;

/// <summary>Codes of a STATUS reply (draft-ietf-secsh-filexfer-02 section 7). Other values of a server are kept as they are.</summary>
public enum SftpStatusCode : uint
{
    /// <summary>The request succeeded.</summary>
    Ok = 0,

    /// <summary>End of file or of directory.</summary>
    Eof = 1,

    /// <summary>No such file or directory.</summary>
    NoSuchFile = 2,

    /// <summary>The user may not do this.</summary>
    PermissionDenied = 3,

    /// <summary>Any other failure.</summary>
    Failure = 4,

    /// <summary>A badly formatted packet or an unusable value in it.</summary>
    BadMessage = 5,

    /// <summary>A client has no connection.</summary>
    NoConnection = 6,

    /// <summary>The connection was lost.</summary>
    ConnectionLost = 7,

    /// <summary>The server does not have this operation.</summary>
    Unsupported = 8,
}
