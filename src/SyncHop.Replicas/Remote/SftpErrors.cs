using SyncHop.Engine.Contract;
using SyncHop.Sftp;

namespace SyncHop.Replicas.Remote;

/// <summary>Turns SFTP's failures into the engine's, in the words of strerror(3) where the status has an errno's meaning.</summary>
internal static class SftpErrors
{
    /// <summary>Awaits a request and translates its failure.</summary>
    public static async ValueTask<T> Translated<T>(this ValueTask<T> request, string operation)
    {
        try
        {
            return await request.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SftpException or SftpConnectionException)
        {
            throw Translate(failure, operation);
        }
    }

    /// <inheritdoc cref="Translated{T}"/>
    public static async ValueTask Translated(this ValueTask request, string operation)
    {
        try
        {
            await request.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SftpException or SftpConnectionException)
        {
            throw Translate(failure, operation);
        }
    }

    /// <summary>The engine's form of an SFTP failure.</summary>
    public static Exception Translate(Exception failure, string operation) => failure switch
    {
        SftpException refused => Translate(refused, operation),
        // What broke the channel names the hop; the client's own words do not.
        SftpConnectionLostException { InnerException: IOException cause } => new ReplicaLostException(cause.Message, inner: failure),
        _ => new ReplicaLostException(failure.Message, inner: failure),
    };

    /// <summary>The engine's form of a refusal.</summary>
    public static ReplicaException Translate(SftpException refused, string operation) => refused.StatusCode switch
    {
        SftpStatusCode.NoSuchFile => new ReplicaException(ReplicaError.NotFound, operation, "No such file or directory (2)"),
        SftpStatusCode.PermissionDenied => new ReplicaException(ReplicaError.PermissionDenied, operation, "Permission denied (13)"),
        SftpStatusCode.Unsupported => new ReplicaException(ReplicaError.NotSupported, operation, "the SFTP server does not support it"),
        _ => new ReplicaException(ReplicaError.Other, operation, refused.ServerMessage.Length > 0
            ? $"the SFTP server says: {refused.ServerMessage}"
            : $"SFTP status {(uint)refused.StatusCode}"),
    };
}
