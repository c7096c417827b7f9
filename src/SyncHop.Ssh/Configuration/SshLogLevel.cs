namespace SyncHop.Ssh.Configuration;

/// <summary>ssh_config(5), LogLevel: how much is said about a hop, least first.</summary>
internal enum SshLogLevel
{
    /// <summary>Nothing, not even warnings.</summary>
    Quiet,

    /// <summary>What ends the run.</summary>
    Fatal,

    /// <summary>Errors.</summary>
    Error,

    /// <summary>Warnings and the server's banner: the default.</summary>
    Info,

    /// <summary>More of them.</summary>
    Verbose,

    /// <summary><c>DEBUG</c>, <c>DEBUG1</c>.</summary>
    Debug1,

    /// <summary><c>DEBUG2</c>.</summary>
    Debug2,

    /// <summary><c>DEBUG3</c>.</summary>
    Debug3,
}
