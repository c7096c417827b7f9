namespace SyncHop.Engine;

/// <summary>rsync's exit codes (rsync(1), EXIT VALUES), and two more.</summary>
public enum ExitCode
{
    /// <summary>Success.</summary>
    Ok = 0,
    /// <summary>Syntax or usage error.</summary>
    Usage = 1,
    /// <summary>Protocol incompatibility: the server's SFTP cannot be understood.</summary>
    Protocol = 2,
    /// <summary>Errors selecting input/output files, dirs.</summary>
    FileSelection = 3,
    /// <summary>Requested action not supported.</summary>
    Unsupported = 4,
    /// <summary>Error starting client-server protocol: a hop could not be connected to or refused the login.</summary>
    StartClient = 5,
    /// <summary>Error in socket I/O.</summary>
    SocketIo = 10,
    /// <summary>Error in file I/O.</summary>
    FileIo = 11,
    /// <summary>Error in the data stream: the connection was lost.</summary>
    StreamIo = 12,
    /// <summary>Received SIGINT, SIGTERM or SIGHUP.</summary>
    Signal = 20,
    /// <summary>Partial transfer due to error.</summary>
    Partial = 23,
    /// <summary>Partial transfer due to vanished source files.</summary>
    Vanished = 24,
    /// <summary>The <c>--max-delete</c> limit stopped deletions.</summary>
    DeleteLimit = 25,
    /// <summary>Timeout in data send/receive.</summary>
    Timeout = 30,
    /// <summary>Timeout waiting for a connection.</summary>
    ConnectTimeout = 35,
    /// <summary>A job's own command failed; not rsync's, but EX_UNAVAILABLE of sysexits(3).</summary>
    JobCommand = 69,
    /// <summary>Another run holds the lock; not rsync's, but EX_TEMPFAIL of sysexits(3): try again later.</summary>
    Locked = 75,
}
