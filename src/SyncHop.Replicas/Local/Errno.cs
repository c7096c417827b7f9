using System.Runtime.InteropServices;
using SyncHop.Engine.Contract;

namespace SyncHop.Replicas.Local;

/// <summary>errno(3) values that are told apart here (the same on x64 and arm64), and their meaning for the contract.</summary>
internal static class Errno
{
    public const int None = 0;
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EACCES = 13;
    public const int EEXIST = 17;
    public const int EXDEV = 18;
    public const int ENOTDIR = 20;
    public const int EISDIR = 21;
    public const int EINVAL = 22;
    public const int ENOSPC = 28;
    public const int ERANGE = 34;
    public const int ENAMETOOLONG = 36;
    public const int ENOSYS = 38;
    public const int ENOTEMPTY = 39;
    public const int ELOOP = 40;
    public const int ENODATA = 61;
    public const int EOPNOTSUPP = 95;

    /// <summary>No errno: a symlink of somebody else is on the way of a path that is not to follow it.</summary>
    public const int ForeignLink = -ELOOP;

    /// <summary>No errno: a symlink that came while the run went on is on the way of a path that is not to follow it.</summary>
    public const int LateLink = ForeignLink - 1;

    /// <summary>What the last call of this thread failed with.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>After a failed call: returns when a signal interrupted it and it is to be made again.</summary>
    /// <exception cref="ReplicaException">It failed for any other reason.</exception>
    public static void RetryOrThrow(string operation)
    {
        int errno = Last;
        if (errno != EINTR) throw Failure(errno, operation);
    }

    /// <summary>The failure of <paramref name="operation"/> in the contract's terms.</summary>
    public static ReplicaException Failure(int errno, string operation) => new(Meaning(errno), operation, errno switch
    {
        ForeignLink => "a symlink on the way belongs to another user, and --insecure-links is not given (40)",
        LateLink => "a symlink on the way came only after the run had begun, and --insecure-links is not given (40)",
        _ => $"{Marshal.GetPInvokeErrorMessage(errno)} ({errno})",
    });

    private static ReplicaError Meaning(int errno) => errno switch
    {
        ENOENT => ReplicaError.NotFound,
        EACCES or EPERM => ReplicaError.PermissionDenied,
        EEXIST => ReplicaError.Exists,
        ENOTEMPTY => ReplicaError.NotEmpty,
        ENOTDIR => ReplicaError.NotDirectory,
        EISDIR => ReplicaError.IsDirectory,
        EXDEV => ReplicaError.OtherFileSystem,
        EOPNOTSUPP or ENOSYS => ReplicaError.NotSupported,
        _ => ReplicaError.Other,
    };
}
