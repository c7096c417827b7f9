using System.Runtime.CompilerServices;

namespace SyncHop.Sftp;

/// <summary>
/// A write whose data have been taken over and whose acknowledgement is outstanding. Await it exactly once;
/// one that is dropped is not reported, also if it failed.
/// </summary>
public readonly struct SftpPendingWrite
{
    private readonly ValueTask _acknowledged;

    internal SftpPendingWrite(ValueTask acknowledged) => _acknowledged = acknowledged;

    /// <summary>Completes when the server has acknowledged the data.</summary>
    /// <exception cref="SftpException">The server could not write them.</exception>
    /// <exception cref="SftpConnectionException">The connection failed first.</exception>
    /// <exception cref="OperationCanceledException">The token given with the write was cancelled.</exception>
    public ValueTask Acknowledged => _acknowledged;

    /// <summary>Awaits <see cref="Acknowledged"/>.</summary>
    public ValueTaskAwaiter GetAwaiter() => _acknowledged.GetAwaiter();
}
