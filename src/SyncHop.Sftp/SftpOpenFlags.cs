namespace SyncHop.Sftp;

/// <summary>How OPEN opens a file (draft-ietf-secsh-filexfer-02 section 6.3).</summary>
[Flags]
public enum SftpOpenFlags : uint
{
    /// <summary>Nothing asked for; servers refuse it.</summary>
    None = 0,

    /// <summary>Open for reading.</summary>
    Read = 1,

    /// <summary>Open for writing.</summary>
    Write = 2,

    /// <summary>Every write goes to the end of the file.</summary>
    Append = 4,

    /// <summary>Create the file if it is not there.</summary>
    Create = 8,

    /// <summary>Cut an existing file to length 0; needs <see cref="Create"/>.</summary>
    Truncate = 16,

    /// <summary>Fail if the file is there (also if it is a symlink); needs <see cref="Create"/>.</summary>
    Exclusive = 32,
}
