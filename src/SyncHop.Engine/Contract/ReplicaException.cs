namespace SyncHop.Engine.Contract;

/// <summary>The causes of failure the engine treats differently; everything else is <see cref="Other"/>.</summary>
public enum ReplicaError
{
    /// <summary>The two names are on different file systems.</summary>
    OtherFileSystem,
    /// <summary>Any failure not named below.</summary>
    Other,
    /// <summary>ENOENT: the entry, or a directory on the way to it, does not exist.</summary>
    NotFound,
    /// <summary>EACCES or EPERM.</summary>
    PermissionDenied,
    /// <summary>EEXIST.</summary>
    Exists,
    /// <summary>ENOTEMPTY.</summary>
    NotEmpty,
    /// <summary>ENOTDIR, or ELOOP where a symlink stands in the place of a directory.</summary>
    NotDirectory,
    /// <summary>EISDIR.</summary>
    IsDirectory,
    /// <summary>The side has no such operation (ENOTSUP, SSH_FX_OP_UNSUPPORTED).</summary>
    NotSupported,
}

/// <summary>
/// An operation on one entry failed; the run goes on with the others. A lost connection is not this but a
/// <see cref="ReplicaLostException"/>.
/// </summary>
/// <param name="error">The cause.</param>
/// <param name="operation">The system call or request that failed: <c>opendir</c>, <c>mkdir</c>, <c>chown</c> …</param>
/// <param name="reason">The cause in words as strerror(3) or the server gives it, with the errno in parentheses where
/// there is one: <c>Permission denied (13)</c>.</param>
public sealed class ReplicaException(ReplicaError error, string operation, string reason) : IOException($"{operation}: {reason}")
{
    /// <summary>The cause.</summary>
    public ReplicaError Error { get; } = error;

    /// <summary>The system call or request that failed.</summary>
    public string Operation { get; } = operation;

    /// <summary>The cause in words, with the errno in parentheses where there is one.</summary>
    public string Reason { get; } = reason;
}

/// <summary>The replica as a whole is gone (connection lost, protocol broken): nothing more can be done with it.</summary>
/// <param name="message">One line that names the hop.</param>
/// <param name="timedOut">Whether it was silence that ended it.</param>
/// <param name="inner">The transport's own exception.</param>
public sealed class ReplicaLostException(string message, bool timedOut = false, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>Whether the replica was given up because nothing came back in time.</summary>
    public bool TimedOut { get; } = timedOut;
}
